//! Receipt: what arrived, signed by the server, verified here.

use std::collections::{BTreeMap, BTreeSet};

use cordon_protocol::Receipt;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::approve::{capital, changes, figures};
use super::collect::options;
use super::dom;
use super::format;
use super::icons::{Draw, Icon};
use super::passphrase::Passphrase;
use super::state::Ctx;
use super::summary::Summary;
use super::term::What;
use super::words::{self, Term};
use crate::engine::ReceiptView;

/// The place.
#[component]
pub(crate) fn ReceiptPlace() -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let Some(view) = ctx.engine.receipt() else {
        return html! { <div class="sheet"><p class="muted">{words::NO_RECEIPT}</p></div> };
    };
    let receipt = &view.receipt.receipt;
    let save = {
        let (json, name) = (view.json.clone(), file_name(receipt));
        Callback::from(move |_: MouseEvent| {
            dom::save_file(&name, "application/json", json.as_bytes());
        })
    };
    let another = {
        let ctx = ctx.clone();
        Callback::from(move |_: MouseEvent| ctx.engine.new_contribution())
    };
    let patients = ctx.engine.with(Summary::of).patients;
    html! {
        <article class="sheet" data-test="receipt-sheet">
            <header>
                <div class="grow">
                    <h1>{words::RECEIPT_TITLE}</h1>
                    <p class="muted">{format!("{}, project {}", format::moment(&receipt.received_at), receipt.project)}</p>
                </div>
                <div class="actions no-print">
                    <button type="button" class="button primary" data-test="save-receipt" onclick={save}><Draw icon={Icon::Save} />{words::SAVE_RECEIPT}</button>
                    <button type="button" class="button" data-test="print" onclick={|_| dom::print()}><Draw icon={Icon::Print} />{words::PRINT}</button>
                </div>
            </header>
            {seal(&view)}
            {figures(&arrived(receipt, patients), words::TAKEN_IN)}
            <section>{facts(receipt)}</section>
            <section>
                <h2>{words::ARRIVED_STUDIES}</h2>
                <div class="card">{studies(receipt)}</div>
            </section>
            <section>
                <h2>{words::CHANGED}</h2>
                <div class="card">{changes(&receipt.counts)}</div>
            </section>
            if !receipt.tables.is_empty() {
                <section data-test="receipt-tables">
                    <h2>{words::table::ARRIVED}</h2>
                    <div class="card"><table class="list"><tbody>
                        { for receipt.tables.iter().map(|t| html! {
                            <tr key={t.sha256.clone()}><td>{words::table::shape(t.rows, t.columns)}</td><td class="mono wrap">{format!("SHA-256 {}", t.sha256)}</td><td class="num">{format::bytes(t.bytes)}</td></tr>
                        }) }
                    </tbody></table></div>
                </section>
            }
            if !receipt.stayed.is_empty() {
                <section>
                    <h2>{words::STAYED}</h2>
                    <div class="card"><table class="list"><tbody>
                        { for receipt.stayed.iter().map(|(code, n)| html! {
                            <tr key={code.clone()}><td>{capital(words::stays(code))}</td><td class="num">{format::count(*n)}</td></tr>
                        }) }
                    </tbody></table></div>
                </section>
            }
            <Mapping />
            <section class="no-print">
                <details data-test="withdraw">
                    <summary>{words::WITHDRAW}</summary>
                    <ol class="inside steps-list">{ for words::WITHDRAW_STEPS.iter().map(|s| html! { <li>{*s}</li> }) }</ol>
                </details>
            </section>
            <div class="actions no-print">
                <button type="button" class="button" data-test="another" onclick={another}>{words::ANOTHER}<Draw icon={Icon::Arrow} /></button>
            </div>
        </article>
    }
}

/// The name of the file to save: the contribution's random number, nothing of a patient.
fn file_name(receipt: &Receipt) -> String {
    let number: String = receipt
        .contribution
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(8)
        .collect();
    format!("{}-{number}.json", words::RECEIPT_FILE)
}

fn seal(view: &ReceiptView) -> Html {
    let (class, icon, title, sub) = if view.verified {
        ("good", Icon::Seal, words::VERIFIED, words::VERIFIED_SUB)
    } else {
        ("bad", Icon::Refused, words::FORGED, words::FORGED_SUB)
    };
    html! {
        <div class={classes!("card", "seal", class)} data-test="receipt-verified" data-verified={view.verified.to_string()}>
            <Draw {icon} />
            <h2>{title}</h2>
            <p>{sub}</p>
            <p class="muted"><What term={Term::Fingerprint} text={words::FINGERPRINT} />{" "}<span class="mono fingerprint">{view.fingerprint.clone()}</span></p>
        </div>
    }
}

/// The numbers of what arrived, from the receipt itself. Patients are not in it: the page knows them.
fn arrived(receipt: &Receipt, patients: u64) -> Summary {
    let studies: BTreeSet<&str> = receipt.instances.iter().map(|i| i.study.as_str()).collect();
    Summary {
        patients,
        studies: studies.len() as u64,
        images: receipt.instances.len() as u64,
        bytes: receipt.instances.iter().map(|i| i.bytes).sum(),
        ..Summary::default()
    }
}

fn facts(receipt: &Receipt) -> Html {
    html! {
        <dl class="facts card">
            <dt><What term={Term::Contribution} /></dt><dd class="mono wrap">{receipt.contribution.clone()}</dd>
            <dt>{words::TAKEN_BY}</dt><dd>{format!("{}, {}", receipt.server, receipt.received_by)}</dd>
            <dt>{words::APPROVED}</dt><dd>{format!("{}, {}", super::approve::signer(&receipt.approval), format::moment(&receipt.approval.at))}</dd>
            <dt><What term={Term::Protocol} /></dt><dd>{receipt.protocol.clone()}</dd>
            <dt><What term={Term::Profile} text={words::RULES} /></dt><dd>{format!("{}, DICOM PS3.15 {}", options(&receipt.options), receipt.edition)}</dd>
            <dt>{words::CLEANED_BY}</dt><dd>{receipt.cleaned_by.clone()}</dd>
        </dl>
    }
}

fn studies(receipt: &Receipt) -> Html {
    let mut by: BTreeMap<&str, (BTreeSet<&str>, u64, u64)> = BTreeMap::new();
    for i in &receipt.instances {
        let entry = by.entry(&i.study).or_default();
        entry.0.insert(&i.series);
        entry.1 += 1;
        entry.2 += i.bytes;
    }
    html! {
        <table class="list">
            <thead><tr><th>{words::NEW_STUDY_UID}</th><th class="num">{words::SERIES}</th><th class="num">{words::IMAGES}</th><th class="num">{words::SIZE}</th></tr></thead>
            <tbody>
                { for by.iter().map(|(uid, (series, images, bytes))| html! {
                    <tr key={(*uid).to_owned()}><td class="mono wrap">{(*uid).to_owned()}</td><td class="num">{format::count(series.len() as u64)}</td>
                        <td class="num">{format::count(*images)}</td><td class="num">{format::bytes(*bytes)}</td></tr>
                }) }
            </tbody>
        </table>
    }
}

/// The encrypted list of who is who.
#[component]
fn Mapping() -> Html {
    let ctx = use_context::<Ctx>();
    let state = use_state(|| None::<Result<(), String>>);
    let busy = use_state(|| false);
    let done = {
        let (state, busy) = (state.setter(), busy.setter());
        Callback::from(move |passphrase: String| {
            let (Some(ctx), state, busy) = (ctx.clone(), state.clone(), busy.clone()) else {
                return;
            };
            busy.set(true);
            spawn_local(async move {
                let result = ctx.engine.export_mapping(passphrase).await;
                busy.set(false);
                state.set(Some(result.map(|bytes| {
                    dom::save_file(words::MAPPING_FILE, "application/octet-stream", &bytes);
                })));
            });
        })
    };
    html! {
        <section class="no-print">
            <h2>{words::MAPPING}</h2>
            <div class="card sign">
                <p>{words::MAPPING_SUB}</p>
                <Passphrase button={words::SAVE_MAPPING} busy={*busy} test="save-mapping" {done} />
                { match &*state {
                    None => html! {},
                    Some(Ok(())) => html! { <p class="says clean" role="status"><Draw icon={Icon::Clean} /><span>{words::MAPPING_SAVED}</span></p> },
                    Some(Err(why)) => html! { <p class="says refused" role="alert"><Draw icon={Icon::Refused} /><span>{why.clone()}</span></p> },
                } }
            </div>
        </section>
    }
}
