//! What happens to one column: the list of actions and what each needs beside it.

use std::rc::Rc;

use cordon_clinical::{Action, DateOrder};
use wasm_bindgen::JsCast as _;
use yew::prelude::*;

use super::Shared;
use crate::desk::ColumnInfo;
use crate::ui::words::table as w;
use cordon_protocol::Protocol;

/// What was chosen in a list.
pub(super) fn chosen(event: &Event) -> String {
    let target = event.target();
    let select = target.and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok());
    select.map(|s| s.value()).unwrap_or_default()
}

/// What stands in a field.
pub(super) fn filled(event: &Event) -> String {
    let target = event.target();
    let input = target.and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|i| i.value()).unwrap_or_default()
}

/// An action as it is first chosen.
pub(super) fn fresh(n: usize, column: &ColumnInfo) -> Action {
    match n {
        1 => Action::Identifier { digits: None },
        2 => Action::Uid,
        3 => Action::Date { order: None },
        4 => Action::Year {
            step: 1,
            earliest: None,
        },
        5 => Action::Age { band: None },
        6 => Action::Band { width: 5 },
        7 => Action::Keep,
        8 => Action::Category {
            // A value that a single cell has is no category before somebody says so.
            allow: column
                .values
                .iter()
                .filter(|(_, n)| *n > 1)
                .map(|(value, _)| value.clone())
                .collect(),
        },
        9 => Action::FreeText,
        _ => Action::Drop,
    }
}

/// Changes one column's action.
#[derive(Clone)]
pub(super) struct Put {
    pub(super) model: Shared,
    pub(super) protocol: Rc<Protocol>,
    pub(super) at: usize,
}

impl Put {
    fn action(&self, action: Action) {
        self.model
            .column(&self.protocol, self.at, |rule| rule.action = action);
    }
}

/// The list of actions.
pub(super) fn list(put: &Put, action: &Action, column: &ColumnInfo) -> Html {
    let now = w::number(action);
    let onchange = {
        let (put, column) = (put.clone(), column.clone());
        Callback::from(move |e: Event| {
            let n = chosen(&e).parse().unwrap_or(0);
            put.action(fresh(n, &column));
        })
    };
    html! {
        <select class="field" data-test="column-action" aria-label={format!("{}: {}", w::HEAD[1], column.name)} {onchange}>
            { for w::ACTIONS.iter().enumerate().map(|(n, word)| html! { <option value={n.to_string()} selected={n == now}>{*word}</option> }) }
        </select>
    }
}

/// What the action needs beside it.
pub(super) fn details(put: &Put, action: &Action, column: &ColumnInfo) -> Html {
    match action {
        Action::Date { order } => order_of(put, *order),
        Action::Age { band } => number(put, w::BAND, "", band.unwrap_or(0), |n| Action::Age {
            band: (n > 0).then_some(n),
        }),
        Action::Band { width } => number(put, w::WIDTH, "", *width, |n| Action::Band {
            width: n.max(1),
        }),
        Action::Year { step, earliest } => {
            let earliest = *earliest;
            number(put, w::STEP, "", *step, move |n| Action::Year {
                step: n.max(1),
                earliest,
            })
        }
        Action::Identifier { digits } => {
            let n = digits.map_or(0, u32::from);
            number(put, w::DIGITS, w::DIGITS_TITLE, n, |n| Action::Identifier {
                digits: u8::try_from(n).ok().filter(|n| *n > 0),
            })
        }
        Action::Category { allow } => allowed(put, allow, column),
        _ => html! {},
    }
}

fn number(
    put: &Put,
    label: &'static str,
    title: &'static str,
    value: u32,
    make: impl Fn(u32) -> Action + 'static,
) -> Html {
    let put = put.clone();
    let onchange =
        Callback::from(move |e: Event| put.action(make(filled(&e).trim().parse().unwrap_or(0))));
    let value = if value == 0 {
        String::new()
    } else {
        value.to_string()
    };
    html! {
        <label class="beside" title={title}><span class="muted small">{label}</span>
            <input class="field" type="number" min="0" max="1000000" data-test="column-number" {value} {onchange} /></label>
    }
}

fn order_of(put: &Put, order: Option<DateOrder>) -> Html {
    const ORDERS: [Option<DateOrder>; 4] = [
        None,
        Some(DateOrder::DayFirst),
        Some(DateOrder::MonthFirst),
        Some(DateOrder::Serial),
    ];
    let put = put.clone();
    let onchange = Callback::from(move |e: Event| {
        let n: usize = chosen(&e).parse().unwrap_or(0);
        let order = ORDERS.get(n).copied().flatten();
        put.action(Action::Date { order });
    });
    html! {
        <label class="beside"><span class="muted small">{w::ORDER}</span>
            <select class="field" {onchange}>
                { for ORDERS.iter().zip(w::ORDERS).enumerate().map(|(n, (one, word))| html! { <option value={n.to_string()} selected={*one == order}>{word}</option> }) }
            </select></label>
    }
}

/// The values of a column, each to be let through or not.
fn allowed(put: &Put, allow: &[String], column: &ColumnInfo) -> Html {
    let mut values: Vec<(String, usize)> = column.values.clone();
    for value in allow {
        if values.iter().all(|(v, _)| v != value) {
            values.push((value.clone(), 0));
        }
    }
    let summary = format!("{} {} / {}", w::ALLOWED, allow.len(), values.len());
    html! {
        <details class="allowed"><summary>{summary}</summary>
            <ul class="inside">
                { for values.into_iter().map(|(value, n)| {
                    let (put, list) = (put.clone(), allow.to_vec());
                    let on = list.contains(&value);
                    let text = value.clone();
                    let onchange = Callback::from(move |_: Event| {
                        let mut list = list.clone();
                        match list.iter().position(|v| *v == value) {
                            Some(at) => { list.remove(at); }
                            None => list.push(value.clone()),
                        }
                        put.action(Action::Category { allow: list });
                    });
                    html! { <li><label><input type="checkbox" checked={on} {onchange} /><span class="personal">{text}</span><span class="muted small">{n}</span></label></li> }
                }) }
            </ul>
        </details>
    }
}
