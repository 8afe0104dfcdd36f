//! What was noticed while the table was read, cleaned and checked; the heaviest first.

use cordon_protocol::Severity;
use yew::prelude::*;

use super::PageProps;
use crate::ui::approve::capital;
use crate::ui::icons::{Draw, Icon};
use crate::ui::words::table as w;

/// The page.
#[component]
pub(super) fn NoticedView(props: &PageProps) -> Html {
    let state = props.model.state();
    let mut findings = state
        .view
        .as_ref()
        .map(|v| v.findings.clone())
        .unwrap_or_default();
    drop(state);
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity()));
    html! {
        <section class="desk-section" aria-label={w::TABS[4]}>
            if findings.is_empty() {
                <p class="muted">{w::NO_FINDINGS}</p>
            }
            <ul class="said">
                { for findings.iter().map(|f| {
                    let at = f.column.and_then(|c| (c as usize).checked_sub(1));
                    let name = at.and_then(|at| props.info.columns.get(at)).map(|c| c.name.clone());
                    html! {
                        <li data-test="table-finding" data-code={f.code.as_str()}>
                            <Draw icon={icon(f.severity())} class={weight(f.severity())} />
                            <span>if let Some(name) = name { <strong>{name}{", "}</strong> }if f.column.is_some() { {f.sentence()} } else { {capital(&f.sentence())} }</span>
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

const fn icon(severity: Severity) -> Icon {
    match severity {
        Severity::Note => Icon::Info,
        Severity::Held => Icon::Held,
        Severity::Refused => Icon::Refused,
    }
}

const fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Held => "held",
        Severity::Refused => "refused",
    }
}
