//! The options of PS3.15 as switches. What contradicts is refused with its sentence.

use cordon_protocol::DeidOption;
use yew::prelude::*;

use super::EditProps;
use super::edit::{Edit, Spot};
use super::refusal;
use crate::ui::words::protocol as w;

/// Which options stand together, in the order in which a person asks.
const fn group(option: DeidOption) -> usize {
    match option {
        DeidOption::RetainFullDates | DeidOption::RetainModifiedDates => 0,
        DeidOption::Basic
        | DeidOption::RetainPatientCharacteristics
        | DeidOption::RetainDeviceIdentity
        | DeidOption::RetainUids
        | DeidOption::RetainSafePrivate
        | DeidOption::RetainInstitutionIdentity => 1,
        DeidOption::CleanPixelData
        | DeidOption::CleanRecognizableVisualFeatures
        | DeidOption::CleanGraphics
        | DeidOption::CleanStructuredContent
        | DeidOption::CleanDescriptors => 2,
    }
}

/// The section.
#[component]
pub(super) fn Options(props: &EditProps) -> Html {
    let groups = [w::DATES, w::STAYS, w::CLEANED];
    html! {
        <section class="desk-section" aria-label={w::STAYS}>
            <p class="muted">{w::BASIC}</p>
            { for groups.iter().enumerate().map(|(n, title)| html! {
                <>
                    <h2>{*title}</h2>
                    <ul class="switches">
                        { for DeidOption::ALL.into_iter().filter(|o| *o != DeidOption::Basic && group(*o) == n).map(|o| switch(props, o)) }
                    </ul>
                    { for DeidOption::ALL.into_iter().filter(|o| group(*o) == n).map(|o| refusal(&props.trial, Spot::Option(o))) }
                </>
            }) }
        </section>
    }
}

fn switch(props: &EditProps, option: DeidOption) -> Html {
    let on = props.protocol.deid.options.contains(&option);
    let can = option.is_supported();
    let (words, formal) = w::option(option);
    let onclick = {
        let trial = props.trial.clone();
        Callback::from(move |_: MouseEvent| trial.put(Edit::Option(option, !on)))
    };
    let code = option.code();
    let about = format!("{formal} ({code})");
    let test = format!("option-{code}");
    html! {
        <li class={classes!((!can).then_some("cannot"))}>
            <button type="button" role="switch" class="switch" aria-checked={on.to_string()} disabled={!can && !on}
                data-test={test} {onclick}>
                <span class="knob" aria-hidden="true"></span>
                <span class="grow"><span class="switch-word">{words}</span><span class="muted small">{about}</span></span>
                if !can {
                    <span class="tag-off" title={w::NOT_SUPPORTED}>{w::NOT_YET}</span>
                }
            </button>
        </li>
    }
}
