//! One row of the tree.

use std::cell::RefCell;
use std::collections::HashMap;

use cordon_contribute::{Contribution, FileId, PatientNode, SeriesNode, StudyNode, Sums};
use cordon_protocol::Verdict;
use yew::prelude::*;

use super::format;
use super::icons::{Draw, Icon};
use super::rows::Row;
use super::state::Ctx;
use super::tree::Thumb;
use super::verdict::{Badge, Marks, class};
use super::words;

/// Geometry of series in one line, kept while the series does not grow.
pub(crate) type Geometries = HashMap<String, (usize, String)>;

/// A row with everything it needs to be drawn.
pub(crate) struct RowView<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) row: Row,
    pub(crate) id: usize,
    pub(crate) current: bool,
    pub(crate) open: Option<bool>,
    pub(crate) geometries: &'a RefCell<Geometries>,
    pub(crate) pick: &'a Callback<Row>,
    pub(crate) twist: &'a Callback<Row>,
    pub(crate) enter: &'a Callback<Row>,
}

/// Draws a row.
pub(crate) fn draw(view: &RowView<'_>) -> Html {
    let tree = &view.ctx.snap.tree;
    let cells = match view.row {
        Row::Patient(p) => tree.patient(p).map(|n| patient(view, n)),
        Row::Study(p, s) => tree.study(p, s).map(|n| study(view, n)),
        Row::Series(p, s, e) => tree.series(p, s, e).map(|n| series(view, n)),
        Row::Others => Some(others(view)),
        Row::Other(id) => Some(other(view, id)),
    };
    let Some((kind, verdict, cells)) = cells else {
        return html! {};
    };
    let row = view.row;
    let onclick = view.pick.reform(move |_: MouseEvent| row);
    let ondblclick = view.enter.reform(move |_: MouseEvent| row);
    html! {
        <div key={view.id} id={format!("cordon-row-{}", view.id)} role="treeitem"
            class={classes!("row", kind, view.current.then_some("current"))}
            aria-level={row.level().to_string()}
            aria-selected={view.current.to_string()}
            aria-expanded={view.open.map(|o| o.to_string())}
            data-test={format!("row-{kind}")} data-verdict={class(verdict)}
            {onclick} {ondblclick}>
            {cells}
        </div>
    }
}

type Cells = (&'static str, Option<Verdict>, Html);

fn twist(view: &RowView<'_>) -> Html {
    let Some(open) = view.open else {
        return html! {};
    };
    let row = view.row;
    let onclick = {
        let twist = view.twist.clone();
        Callback::from(move |e: MouseEvent| {
            e.stop_propagation();
            twist.emit(row);
        })
    };
    // The tree's own keys fold and unfold; this is for the pointer only.
    html! {
        <button type="button" class="twist" tabindex="-1" aria-hidden="true" data-open={open.to_string()}
            title={if open { words::FOLD } else { words::UNFOLD }} {onclick}>
            <Draw icon={Icon::Twist} />
        </button>
    }
}

fn sums_cells(sums: &Sums) -> Html {
    html! {
        <>
            <span class="col-modality"></span>
            <span class="col-part"></span>
            <span class="cell num">{format::count(sums.files)}</span>
            <span class="col-geometry"></span>
            <span class="cell num col-bytes">{format::bytes(sums.bytes)}</span>
            <span class="col-marks"></span>
            <span class="state">{state(sums)}</span>
        </>
    }
}

/// Verdict, or what is still to be done, or what was decided.
fn state(sums: &Sums) -> Html {
    let rest = if sums.pending > 0 {
        return html! {
            <>
                <Badge verdict={None} />
                <span class="sub">{format::count(sums.pending)}</span>
            </>
        };
    } else if sums.undecided > 0 {
        Some(format!(
            "{} {}",
            format::count(sums.undecided),
            words::TO_DECIDE
        ))
    } else if sums.verdict == Some(Verdict::Held) {
        Some(
            if sums.leaving == 0 {
                words::EXCLUDED
            } else {
                words::ACCEPTED
            }
            .to_owned(),
        )
    } else if sums.verdict == Some(Verdict::Clean) && sums.leaving == 0 {
        Some(words::EXCLUDED.to_owned())
    } else {
        None
    };
    let decided = sums.undecided == 0;
    html! {
        <>
            <Badge verdict={sums.verdict} />
            if let Some(rest) = rest {
                <span class={classes!("sub", decided.then_some("decided"))}>{rest}</span>
            }
        </>
    }
}

fn patient(view: &RowView<'_>, node: &PatientNode) -> Cells {
    let sums = node.sums();
    let name = format::person(&node.name);
    let known = !(name.is_empty() && node.id.is_empty());
    let label = match (known, name.is_empty()) {
        (true, false) => name,
        (true, true) => node.id.clone(),
        _ => node.pseudonym.clone(),
    };
    let about = [
        node.id.clone(),
        format::dicom_date(&node.birth_date),
        node.sex.clone(),
    ]
    .into_iter()
    .filter(|s| !s.is_empty())
    .collect::<Vec<_>>()
    .join(" · ");
    let cells = html! {
        <>
            <span class="first">
                {twist(view)}
                <span class={classes!("label", "cut", known.then_some("personal"))}>
                    {if label.is_empty() { words::NO_NAME.to_owned() } else { label }}
                </span>
                <span class="sub cut personal">{about}</span>
                if node.names_differ {
                    <span class="verdict held"><Draw icon={Icon::Person} />{words::NAMES_DIFFER}</span>
                }
            </span>
            {sums_cells(&sums)}
        </>
    };
    ("patient", sums.verdict, cells)
}

fn study(view: &RowView<'_>, node: &StudyNode) -> Cells {
    let sums = node.sums();
    let date = format::dicom_date(&node.date);
    let label = match (date.is_empty(), node.description.is_empty()) {
        (false, false) => format!("{date}  {}", node.description),
        (false, true) => date,
        (true, false) => node.description.clone(),
        (true, true) => words::NO_DESCRIPTION.to_owned(),
    };
    let cells = html! {
        <>
            <span class="first indent-1">
                {twist(view)}
                <span class="label cut personal">{label}</span>
                <span class="sub cut personal">{node.accession_number.clone()}</span>
            </span>
            {sums_cells(&sums)}
        </>
    };
    ("study", sums.verdict, cells)
}

fn series(view: &RowView<'_>, node: &SeriesNode) -> Cells {
    let sums = Sums {
        files: node.files.len() as u64,
        bytes: node.bytes,
        verdict: node.verdict,
        undecided: node.undecided,
        leaving: node.leaving,
        sent: node.sent,
        failed: node.failed,
        pending: node.pending,
    };
    let number = node.number.map(|n| format!("{n}  ")).unwrap_or_default();
    let description = if node.description.is_empty() {
        words::NO_DESCRIPTION
    } else {
        &node.description
    };
    // The middle of a stack says most, but only a finished series has a middle.
    let ready = node.pending == 0;
    let face = if ready {
        node.files.get(node.files.len() / 2)
    } else {
        node.files.first()
    };
    let geometry = geometry(view, node);
    let cells = html! {
        <>
            <span class="first indent-2">
                if let Some(file) = face.copied().filter(|_| node.frames > 0) {
                    <Thumb {file} {ready} />
                } else {
                    <span class="thumb"><Draw icon={Icon::Document} /></span>
                }
                <span class="label cut" title={description.to_owned()}>{number}{description}</span>
            </span>
            <span class="cell col-modality">{node.modality.clone()}</span>
            <span class="cell col-part">{node.body_part.clone()}</span>
            <span class="cell num">{format::count(sums.files)}</span>
            <span class="cell col-geometry" title={geometry.clone()}>{geometry}</span>
            <span class="cell num col-bytes">{format::bytes(node.bytes)}</span>
            <span class="col-marks"><Marks codes={node.findings.iter().copied().collect::<Vec<_>>()} /></span>
            <span class="state">{state(&sums)}</span>
        </>
    };
    ("series", node.verdict, cells)
}

fn geometry(view: &RowView<'_>, node: &SeriesNode) -> String {
    if let Some((n, line)) = view.geometries.borrow().get(&node.uid)
        && *n == node.files.len()
    {
        return line.clone();
    }
    let line = view.ctx.engine.with(|c| describe(c, &node.files));
    let kept = (node.files.len(), line.clone());
    view.geometries.borrow_mut().insert(node.uid.clone(), kept);
    line
}

/// `512 × 512 × 174, 0.7 × 0.7 × 1.0 mm` of the largest stack, and how many more there are.
fn describe(contribution: &Contribution, files: &[FileId]) -> String {
    let entries: Vec<_> = files
        .iter()
        .filter_map(|id| contribution.file(*id)?.entry.as_deref())
        .collect();
    let slices: Vec<_> = entries.iter().filter_map(|e| e.geometry.clone()).collect();
    if slices.len() == entries.len() && entries.iter().all(|e| e.frames == 1) {
        let mut stacks = cordon_volumes::group(&slices);
        stacks.sort_by_key(|s| std::cmp::Reverse(s.slices.len()));
        let more = stacks.len().saturating_sub(1);
        return match stacks.first() {
            Some(stack) if stack.rows > 0 && more > 0 => {
                format!(
                    "{} +\u{A0}{}",
                    stack.describe(),
                    format::counted(more as u64, "stack", "stacks")
                )
            }
            Some(stack) if stack.rows > 0 => stack.describe(),
            _ => String::new(),
        };
    }
    match entries.iter().max_by_key(|e| e.frames) {
        Some(e) if e.rows > 0 && e.frames > 1 => {
            format!(
                "{} × {} × {}",
                e.columns,
                e.rows,
                format::counted(u64::from(e.frames), "frame", "frames")
            )
        }
        Some(e) if e.rows > 0 => format!("{} × {}", e.columns, e.rows),
        _ => String::new(),
    }
}

fn others(view: &RowView<'_>) -> Cells {
    let files = &view.ctx.snap.tree.others;
    let bytes = view.ctx.engine.with(|c| {
        files
            .iter()
            .filter_map(|id| c.file(*id))
            .map(|f| f.size)
            .sum::<u64>()
    });
    let cells = html! {
        <>
            <span class="first">
                {twist(view)}
                <span class="label cut">{words::OTHERS}</span>
            </span>
            <span class="col-modality"></span>
            <span class="col-part"></span>
            <span class="cell num">{format::count(files.len() as u64)}</span>
            <span class="col-geometry"></span>
            <span class="cell num col-bytes">{format::bytes(bytes)}</span>
            <span class="col-marks"></span>
            <span class="state sub">{words::STAYS_WORD}</span>
        </>
    };
    ("others", Some(Verdict::Refused), cells)
}

fn other(view: &RowView<'_>, id: FileId) -> Cells {
    let file = view.ctx.engine.with(|c| {
        c.file(id).map(|f| {
            let code = f.findings.first().map(|finding| finding.code);
            (f.name.clone(), f.size, code)
        })
    });
    let (name, size, code) = file.unwrap_or_default();
    let why = code
        .map(cordon_protocol::Code::sentence)
        .unwrap_or_default();
    let cells = html! {
        <>
            <span class="first indent-1">
                <span class="thumb"><Draw icon={Icon::File} /></span>
                <span class="label cut personal" title={name.clone()}>{name}</span>
                <span class="sub cut" title={why}>{why}</span>
            </span>
            <span class="col-modality"></span>
            <span class="col-part"></span>
            <span></span>
            <span class="col-geometry"></span>
            <span class="cell num col-bytes">{format::bytes(size)}</span>
            <span class="col-marks"><Marks codes={code.into_iter().collect::<Vec<_>>()} /></span>
            <span class="state sub">{words::STAYS_WORD}</span>
        </>
    };
    ("other", Some(Verdict::Refused), cells)
}
