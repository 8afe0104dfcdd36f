//! Approve: the page that a data protection officer signs.

use std::rc::Rc;

use cordon_protocol::{Approval, Code, Counts};
use yew::prelude::*;

use super::collect::options;
use super::dom;
use super::doubt::open_words;
use super::format;
use super::icons::{Draw, Icon};
use super::kept::Kept;
use super::passphrase::typed;
use super::state::{Ctx, Do, Place};
use super::summary::Summary;
use super::term::What;
use super::verdict::Badge;
use super::words::{self, Term, did};

/// The place.
#[component]
pub(crate) fn Approve() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let s = use_memo((ctx.snap.revision, Rc::as_ptr(&ctx.snap)), |_| {
        ctx.engine.with(Summary::of)
    });
    let open = open_words(&ctx.snap.words);
    let for_words = s.decisions.get(&Code::UncertainWords).map_or(0, |n| n[2]);
    let print = Callback::from(|_: MouseEvent| dom::print());
    html! {
        <article class="sheet" data-test="approve-sheet">
            <header>
                <div class="grow">
                    <h1>{words::APPROVE_TITLE}</h1>
                    <p class="muted">{destination(&ctx)}</p>
                </div>
                <button type="button" class="button no-print" onclick={print} data-test="print"><Draw icon={Icon::Print} />{words::PRINT}</button>
            </header>
            {figures(&s, words::TO_BE_SENT)}
            <section>
                <h2>{words::UNDER_RULES}</h2>
                <div class="card">{rules(&ctx)}</div>
            </section>
            <section>
                <h2>{words::DECIDED}</h2>
                <div class="card">
                    {decisions(&s)}
                    if open > 0 {
                        <p class="says held" data-test="approve-words"><Draw icon={Icon::Held} /><span>{words::doubt::at_approve(open, for_words)}</span></p>
                    }
                </div>
            </section>
            {table(&ctx)}
            <section>
                <h2>{words::STAYS}</h2>
                <div class="card">{stays(&s)}</div>
            </section>
            <section>
                <h2><What term={Term::Action} text={words::CHANGED} /></h2>
                <div class="card">{changes(&s.counts)}</div>
                <Kept />
            </section>
            <Sign ready={s.pending == 0 && s.images > 0} pending={s.pending} />
        </article>
    }
}

fn destination(ctx: &Ctx) -> String {
    match ctx.project() {
        Some(p) => format!(
            "To {}, project {}, at {}",
            p.operator,
            p.title,
            ctx.server_name()
        ),
        None => String::new(),
    }
}

/// The clinical table that goes along.
fn table(ctx: &Ctx) -> Html {
    let Some(along) = ctx.engine.table_along() else {
        return html! {};
    };
    let r = &along.record;
    let held = r.verdict != cordon_protocol::Verdict::Clean;
    html! {
        <section data-test="approve-table">
            <h2>{words::table::DESK}</h2>
            <div class="card">
                <p><Badge verdict={Some(r.verdict)} />{" "}<strong>{words::table::along(r.rows, r.columns, r.people)}</strong>{"; "}{words::table::along_crowd(r.risk.as_ref())}{"."}</p>
                if held {
                    <p>{words::table::HELD_ALONG}</p>
                    <ul>
                        { for r.findings.iter().filter(|f| f.severity() != cordon_protocol::Severity::Note).map(|f| html! { <li>{capital(&f.sentence())}</li> }) }
                    </ul>
                }
                if !along.sent {
                    <p class="muted">{words::table::IN_MEMORY}</p>
                }
            </div>
        </section>
    }
}

/// Patients, studies, images, bytes.
pub(crate) fn figures(s: &Summary, bytes: &'static str) -> Html {
    let cell = |value: String, what: &'static str| {
        html! { <div><dt>{what}</dt><dd>{value}</dd></div> }
    };
    let word = |n: u64, one: &'static str, many: &'static str| if n == 1 { one } else { many };
    html! {
        <dl class="figures">
            {cell(format::count(s.patients), word(s.patients, "patient", "patients"))}
            {cell(format::count(s.studies), word(s.studies, "study", "studies"))}
            {cell(format::count(s.images), word(s.images, "image", "images"))}
            {cell(format::bytes(s.bytes), bytes)}
        </dl>
    }
}

fn rules(ctx: &Ctx) -> Html {
    let Some(info) = ctx.project() else {
        return html! { <p class="muted">{words::CONNECTING}</p> };
    };
    let protocol = &info.protocol;
    let digest = info.protocol_sha256.get(..16).unwrap_or_default();
    html! {
        <dl class="facts">
            <dt><What term={Term::Protocol} /></dt>
            <dd>{format!("{}, version {} ", protocol.title, protocol.version)}<span class="muted mono">{format!("SHA-256 {digest}…")}</span></dd>
            <dt><What term={Term::Profile} text={words::RULES} /></dt><dd>{options(&protocol.deid.options)}</dd>
            <dt><What term={Term::Edition} /></dt><dd>{format!("DICOM PS3.15 {}", protocol.edition)}</dd>
            <dt>{words::CLEANED_BY}</dt><dd>{ctx.status.version}</dd>
        </dl>
    }
}

/// How what leaves came to leave.
fn sentence(s: &Summary) -> String {
    let images = |n: u64| format::counted(n, "image", "images");
    let accepted = s.images - s.clean;
    let mut text = match (s.clean, accepted) {
        (0, 0) => "Nothing leaves.".to_owned(),
        (n, 0) => format!("{} leave because every check passed.", images(n)),
        (0, n) => format!(
            "{} leave because a person looked and accepted them.",
            images(n)
        ),
        (c, a) => format!(
            "{} leave because every check passed, {} because a person looked and accepted them.",
            images(c),
            format::count(a)
        ),
    };
    if s.clean_excluded > 0 {
        text.push_str(&format!(
            " A person left out {} that were clean.",
            images(s.clean_excluded)
        ));
    }
    text
}

fn decisions(s: &Summary) -> Html {
    if s.decisions.is_empty() && s.clean_excluded == 0 {
        return html! { <p>{words::NOTHING_DECIDED}</p> };
    }
    html! {
        <>
            <p>{sentence(s)}</p>
            if !s.decisions.is_empty() {
                <table class="list">
                    <thead><tr><th>{words::HELD_FOR}</th><th class="num">{words::ACCEPTED}</th><th class="num">{words::EXCLUDED}</th><th class="num">{words::UNDECIDED}</th></tr></thead>
                    <tbody>
                        { for s.decisions.iter().map(|(code, [yes, no, open])| html! {
                            <tr key={code.as_str()}>
                                <td>{capital(code.sentence())}</td>
                                <td class="num">{format::count(*yes)}</td><td class="num">{format::count(*no)}</td><td class="num">{format::count(*open)}</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            }
        </>
    }
}

/// What stays, by reason.
pub(crate) fn stays(s: &Summary) -> Html {
    if s.stays.is_empty() {
        return html! { <p>{words::NOTHING_STAYS}</p> };
    }
    let mut rows: Vec<(&str, u64)> = s.stays.iter().map(|(c, n)| (*c, *n)).collect();
    rows.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    html! {
        <table class="list">
            <thead><tr><th>{words::REASON}</th><th class="num">{words::FILES}</th></tr></thead>
            <tbody>
                { for rows.iter().map(|(code, n)| html! {
                    <tr key={*code}><td>{capital(words::stays(code))}</td><td class="num">{format::count(*n)}</td></tr>
                }) }
            </tbody>
        </table>
    }
}

/// Actions, counted, in words.
pub(crate) fn changes(counts: &Counts) -> Html {
    html! {
        <table class="list">
            <tbody>
                { for counts.0.iter().map(|(action, n)| {
                    let (_, word, meaning) = did(*action);
                    html! { <tr key={word}><td>{word}</td><td class="muted">{capital(meaning)}</td><td class="num">{format::count(*n)}</td></tr> }
                }) }
            </tbody>
        </table>
    }
}

/// A sentence that begins like one.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Who approved, with the role where the protocol names some.
pub(crate) fn signer(approval: &Approval) -> String {
    match &approval.role {
        Some(role) => format!("{} ({role})", approval.by),
        None => approval.by.clone(),
    }
}

/// Properties of [`Sign`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct SignProps {
    ready: bool,
    pending: u64,
}

/// Name or role, and the button.
#[component]
fn Sign(props: &SignProps) -> Html {
    let name = use_state(String::new);
    let role = use_state(String::new);
    let failed = use_state(|| None::<String>);
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let approval = ctx.engine.with(|c| c.approval().cloned());
    if let Some(approval) = approval {
        let reopen = {
            let (ctx, failed) = (ctx.clone(), failed.setter());
            Callback::from(move |_: MouseEvent| {
                if let Err(why) = ctx.engine.reopen() {
                    failed.set(Some(capital(&why)));
                }
            })
        };
        return html! {
            <section class="card sign" data-test="approved">
                <p class="says clean"><Draw icon={Icon::Clean} />
                    <span>{format!("Approved by {}, {}", signer(&approval), format::moment(&approval.at))}</span></p>
                if ctx.snap.progress.sent == 0 {
                    <div class="actions no-print"><button type="button" class="button" onclick={reopen} data-test="reopen">{words::REOPEN}</button></div>
                }
                if let Some(why) = &*failed { <p class="says held" role="alert"><Draw icon={Icon::Info} /><span>{why.clone()}</span></p> }
            </section>
        };
    }
    let oninput = {
        let name = name.setter();
        Callback::from(move |e: InputEvent| name.set(typed(&e)))
    };
    let roles = ctx
        .project()
        .map(|p| p.protocol.approval.roles.clone())
        .unwrap_or_default();
    let chosen = (!role.is_empty()).then(|| (*role).clone());
    let unfit = ctx.engine.role_fits(chosen.as_deref()).err();
    let onrole = {
        let role = role.setter();
        Callback::from(move |e: Event| {
            if let Some(select) = e.target_dyn_into::<web_sys::HtmlSelectElement>() {
                role.set(select.value());
            }
        })
    };
    let onsubmit = {
        let (ctx, name, failed) = (ctx.clone(), name.clone(), failed.setter());
        Callback::from(move |e: SubmitEvent| {
            e.prevent_default();
            match ctx.engine.approve(name.trim().to_owned(), chosen.clone()) {
                Ok(()) => ctx.act(Do::Go(Place::Send)),
                Err(why) => failed.set(Some(capital(&why))),
            }
        })
    };
    let waits = match (props.ready, props.pending) {
        (true, _) => None,
        (false, 0) => Some(words::NOTHING_LEAVES.to_owned()),
        (false, n) => Some(format!(
            "{} have no verdict yet.",
            format::counted(n, "file", "files")
        )),
    };
    html! {
        <form class="card sign" {onsubmit}>
            <div class="sign-row">
                <label class="labelled"><span>{words::APPROVED_BY}</span>
                    <input class="field" type="text" maxlength="120" autocomplete="name" data-test="approve-name"
                        value={(*name).clone()} {oninput} />
                </label>
                if !roles.is_empty() {
                    <label class="labelled"><span>{words::ROLE}</span>
                        <select class="field" data-test="approve-role" onchange={onrole}>
                            <option value="" selected={role.is_empty()}>{words::NO_ROLE}</option>
                            { for roles.iter().map(|r| html! { <option value={r.clone()} selected={*role == *r}>{r.clone()}</option> }) }
                        </select>
                    </label>
                }
                <button type="submit" class="button primary no-print" data-test="approve-button"
                    disabled={!props.ready || unfit.is_some() || name.trim().is_empty()}>{words::APPROVE_BUTTON}<Draw icon={Icon::Arrow} /></button>
            </div>
            <p class="muted small">{words::APPROVED_HINT}</p>
            if let Some(waits) = waits { <p class="says held"><Draw icon={Icon::Held} /><span>{waits}</span></p> }
            if let Some(why) = unfit.filter(|_| props.ready) { <p class="says held" data-test="approve-unfit"><Draw icon={Icon::Held} /><span>{capital(&why)}{"."}</span></p> }
            if let Some(why) = &*failed { <p class="says refused" role="alert"><Draw icon={Icon::Refused} /><span>{why.clone()}</span></p> }
            <p class="paper-only signature-line">{words::ON_PAPER}</p>
        </form>
    }
}
