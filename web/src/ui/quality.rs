//! Quality: what the screening noticed, and its measures against the protocol's limits.

use cordon_contribute::FileId;
use cordon_protocol::Severity;
use yew::prelude::*;

use super::dom;
use super::icons::{Draw, Icon};
use super::look_state::State;
use super::state::Ctx;
use super::verdict::{leads_to, severity_class};
use super::words::{self, look};
use crate::looks::Measure;

/// Properties of [`QualityView`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct QualityProps {
    /// A file of the series.
    pub(crate) file: FileId,
}

/// A number with three digits that say something, and its unit.
pub(crate) fn number(value: f64, unit: &str) -> String {
    let size = value.abs();
    let counted = unit.is_empty() && value.fract() == 0.0;
    let digits = if size >= 100.0 || counted {
        0
    } else if size >= 1.0 {
        1
    } else {
        3
    };
    format!("{value:.digits$} {unit}").trim_end().to_owned()
}

/// The view.
#[component]
pub(crate) fn QualityView(props: &QualityProps) -> Html {
    let Some(ctx) = use_context::<Ctx>() else {
        return html! {};
    };
    let look = ctx.engine.look(props.file);
    let state = look.as_ref().map(|l| l.state.clone());
    let Some(quality) = look.and_then(|l| l.quality.filter(|_| !l.state.is_open())) else {
        return html! { <State file={props.file} {state} /> };
    };
    let save = {
        let quality = quality.clone();
        Callback::from(move |_: MouseEvent| {
            let _ = dom::save_file(
                "cordon-quality.json",
                "application/json",
                quality.json.as_bytes(),
            );
        })
    };
    html! {
        <div class="quality-view" data-test="quality-view">
            <ul class="noticed">
                { for quality.noticed.iter().map(|n| {
                    let word = leads_to(n.weight).map_or(words::NOTE, |v| v.word());
                    html! {
                        <li data-code={n.code.as_str()}>
                            <span class={classes!("verdict", severity_class(n.weight))}><Draw icon={weight(n.weight)} />{word}</span>
                            <span>{super::approve::capital(&n.sentence)}</span>
                        </li>
                    }
                }) }
                if quality.noticed.is_empty() {
                    <li class="muted">{look::NOTHING_NOTICED}</li>
                }
            </ul>
            if !quality.metrics.is_empty() {
                <table class="measures">
                    <caption>{look::MEASURES}</caption>
                    <thead><tr><th>{look::METRIC}</th><th class="num">{look::VALUE}</th><th class="plot"></th><th>{look::LIMITS}</th></tr></thead>
                    <tbody>{ for quality.metrics.iter().map(line) }</tbody>
                </table>
            }
            if !quality.damage.is_empty() {
                <table class="measures">
                    <caption>{look::DAMAGE}</caption>
                    <tbody>
                    { for quality.damage.iter().map(|(kind, sure)| html! {
                        <tr><th>{kind.clone()}</th><td class="num">{format!("{:.0} % {}", sure * 100.0, look::SURE)}</td>
                            <td class="plot">{bar(*sure, None, None, 0.0, 1.0)}</td><td></td></tr>
                    }) }
                    </tbody>
                </table>
            }
            <p><button type="button" class="button quiet" data-test="quality-save" onclick={save}><Draw icon={Icon::Save} />{look::SAVE_QUALITY}</button></p>
        </div>
    }
}

const fn weight(severity: Severity) -> Icon {
    match severity {
        Severity::Note => Icon::Info,
        Severity::Held => Icon::Held,
        Severity::Refused => Icon::Refused,
    }
}

fn line(measure: &Measure) -> Html {
    let [least, most] = measure.limits;
    let bad = least.is_some_and(|l| measure.value < l) || most.is_some_and(|m| measure.value > m);
    let unit = &measure.unit;
    let limits = match (least, most) {
        (None, None) => look::NO_LIMIT.to_owned(),
        (Some(l), None) => format!("at least {}", number(l, unit)),
        (None, Some(m)) => format!("at most {}", number(m, unit)),
        (Some(l), Some(m)) => format!("{} to {}", number(l, ""), number(m, unit)),
    };
    let known = [Some(measure.value), least, most, Some(0.0)];
    let low = known
        .iter()
        .flatten()
        .copied()
        .fold(f64::INFINITY, f64::min);
    let high = known
        .iter()
        .flatten()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    html! {
        <tr data-metric={measure.name.clone()}>
            <th>{measure.name.clone()}</th>
            <td class={classes!("num", bad.then_some("bad"))}>{number(measure.value, unit)}</td>
            <td class="plot">{bar(measure.value, least, most, low, high)}</td>
            <td class={classes!("limits", bad.then_some("bad"))}>
                if bad { <Draw icon={Icon::Held} /> }
                {limits}
            </td>
        </tr>
    }
}

/// A value between two ends, with the limits as marks.
fn bar(value: f64, least: Option<f64>, most: Option<f64>, low: f64, high: f64) -> Html {
    let span = (high - low) * 1.1;
    let place = |v: f64| {
        if span > 0.0 {
            ((v - low) / span * 120.0).clamp(0.0, 120.0)
        } else {
            0.0
        }
    };
    let (zero, at) = (place(0.0_f64.clamp(low, high)), place(value));
    let (x, width) = (zero.min(at), (at - zero).abs().max(1.0));
    html! {
        <svg viewBox="0 0 120 12" width="120" height="12" aria-hidden="true">
            <path class="axis" d="M0 11.5h120" />
            <rect class="value" x={format!("{x:.1}")} y="3" width={format!("{width:.1}")} height="6" />
            { for [least, most].into_iter().flatten().map(|limit| html! {
                <path class="limit" d={format!("M{:.1} 0v12", place(limit))} />
            }) }
        </svg>
    }
}
