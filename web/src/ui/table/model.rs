//! The table on the desk: its mapping, what a person accepted, and what comes of it.
//!
//! The cells themselves stay in the worker. Every change of the mapping cleans the table
//! again there, one run at a time and the last wish last.

use std::cell::{Ref, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use cordon_clinical::{Action, Change, ColumnRule, Mapping, RiskRule};
use cordon_protocol::Protocol;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::desk::{RowPair, TableInfo, TableView};
use crate::engine::{Engine, TableSource};

/// How far it has come.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Stage {
    #[default]
    Empty,
    Reading,
    Broken(String),
    Open(Rc<TableInfo>),
}

/// What the desk shows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) stage: Stage,
    pub(crate) mapping: Option<Mapping>,
    /// Cells that a person accepted: row and column.
    pub(crate) accepted: BTreeSet<(u64, u32)>,
    /// Cells that a person looked at and left taken out.
    pub(crate) rejected: BTreeSet<(u64, u32)>,
    pub(crate) view: Option<Rc<TableView>>,
    /// Why the mapping cannot be carried out, or something could not be saved.
    pub(crate) wrong: Option<String>,
    pub(crate) working: bool,
    pub(crate) rows: Rc<Vec<RowPair>>,
    pub(crate) first: usize,
    pub(crate) tick: u32,
    source: Option<TableSource>,
    /// Grows with every wish.
    wish: u32,
    done: u32,
    /// Grows with every table.
    epoch: u32,
}

/// The model of the desk.
pub(crate) struct Model {
    engine: Engine,
    state: RefCell<State>,
    told: RefCell<Option<Callback<()>>>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Model(…)")
    }
}

impl Model {
    pub(crate) fn new(engine: Engine) -> Rc<Self> {
        Rc::new(Self {
            engine,
            state: RefCell::default(),
            told: RefCell::default(),
        })
    }

    pub(crate) fn state(&self) -> Ref<'_, State> {
        self.state.borrow()
    }

    pub(crate) fn listen(&self, told: Option<Callback<()>>) {
        self.told.replace(told);
    }

    fn tell(&self) {
        {
            let mut state = self.state.borrow_mut();
            state.tick = state.tick.wrapping_add(1);
        }
        let told = self.told.borrow().clone();
        if let Some(told) = told {
            told.emit(());
        }
    }

    fn fresh(&self, stage: Stage) -> u32 {
        let mut state = self.state.borrow_mut();
        let (tick, epoch) = (state.tick, state.epoch.wrapping_add(1));
        *state = State {
            stage,
            tick,
            epoch,
            ..State::default()
        };
        epoch
    }

    /// Reads a table, and cleans it by what was guessed.
    pub(crate) fn open(
        self: &Rc<Self>,
        source: TableSource,
        sheet: Option<String>,
        protocol: Protocol,
    ) {
        let epoch = self.fresh(Stage::Reading);
        self.tell();
        let this = self.clone();
        spawn_local(async move {
            let result = this.engine.read_table(&source, sheet).await;
            {
                let mut state = this.state.borrow_mut();
                if state.epoch != epoch {
                    return;
                }
                state.source = Some(source);
                match result {
                    Ok(info) => {
                        state.mapping = Some(info.mapping.clone());
                        state.stage = Stage::Open(Rc::new(info));
                    }
                    Err(why) => state.stage = Stage::Broken(why),
                }
            }
            this.again(protocol);
        });
    }

    /// Another sheet of the same workbook.
    pub(crate) fn sheet(self: &Rc<Self>, name: String, protocol: Protocol) {
        let source = self.state.borrow().source.clone();
        if let Some(source) = source {
            self.open(source, Some(name), protocol);
        }
    }

    /// Forgets the table.
    pub(crate) fn put_away(self: &Rc<Self>) {
        self.fresh(Stage::Empty);
        let this = self.clone();
        spawn_local(async move { this.engine.close_table().await });
        self.tell();
    }

    /// Changes the mapping.
    pub(crate) fn change(self: &Rc<Self>, protocol: &Protocol, f: impl FnOnce(&mut Mapping)) {
        {
            let mut state = self.state.borrow_mut();
            let Some(mapping) = state.mapping.as_mut() else {
                return;
            };
            f(mapping);
        }
        self.again(protocol.clone());
    }

    /// Changes one column.
    pub(crate) fn column(
        self: &Rc<Self>,
        protocol: &Protocol,
        at: usize,
        f: impl FnOnce(&mut ColumnRule),
    ) {
        self.change(protocol, |mapping| {
            if let Some(rule) = mapping.columns.get_mut(at) {
                f(rule);
            }
        });
    }

    /// Decides on cells: accepted, taken out, or not decided.
    pub(crate) fn decide(
        self: &Rc<Self>,
        protocol: &Protocol,
        cells: &[(u64, u32)],
        accept: Option<bool>,
    ) {
        {
            let mut state = self.state.borrow_mut();
            for cell in cells {
                state.accepted.remove(cell);
                state.rejected.remove(cell);
                match accept {
                    Some(true) => state.accepted.insert(*cell),
                    Some(false) => state.rejected.insert(*cell),
                    None => false,
                };
            }
        }
        self.again(protocol.clone());
    }

    /// Does what the report suggests. Says whether it can.
    pub(crate) fn suggest(self: &Rc<Self>, protocol: &Protocol, column: usize, change: Change) {
        self.column(protocol, column, |rule| {
            if let Some(action) = coarser(&rule.action, change) {
                rule.action = action;
            }
        });
    }

    /// Takes a mapping that was saved before.
    pub(crate) fn open_mapping(self: &Rc<Self>, file: web_sys::File, protocol: Protocol) {
        let this = self.clone();
        spawn_local(async move {
            match this.engine.read_mapping(&file).await {
                Ok(mapping) => {
                    {
                        let mut state = this.state.borrow_mut();
                        let fitted = state.mapping.as_ref().map(|old| fitted(old, mapping));
                        state.mapping = fitted;
                    }
                    this.again(protocol);
                }
                Err(why) => this.say(why),
            }
        });
    }

    /// Something beside the table changed.
    pub(crate) fn refresh(&self) {
        self.tell();
    }

    pub(crate) fn say(&self, why: String) {
        self.state.borrow_mut().wrong = Some(why);
        self.tell();
    }

    /// Another page of rows.
    pub(crate) fn page(self: &Rc<Self>, first: usize) {
        self.state.borrow_mut().first = first;
        let this = self.clone();
        spawn_local(async move {
            this.load_rows().await;
            this.tell();
        });
    }

    async fn load_rows(&self) {
        let first = self.state.borrow().first;
        let rows = self.engine.table_rows(first).await;
        let mut state = self.state.borrow_mut();
        if state.first == first {
            state.rows = Rc::new(rows);
        }
    }

    fn again(self: &Rc<Self>, protocol: Protocol) {
        {
            let mut state = self.state.borrow_mut();
            state.wish = state.wish.wrapping_add(1);
            if state.working {
                drop(state);
                self.tell();
                return;
            }
            state.working = true;
        }
        let this = self.clone();
        this.tell();
        spawn_local(async move {
            loop {
                let (wish, epoch, mapping, accepted) = {
                    let state = this.state.borrow();
                    let Some(mapping) = state.mapping.clone().filter(|_| state.done != state.wish)
                    else {
                        break;
                    };
                    let accepted: Vec<_> = state.accepted.iter().copied().collect();
                    (state.wish, state.epoch, mapping, accepted)
                };
                let result = this
                    .engine
                    .clean_table(&mapping, &protocol, &accepted)
                    .await;
                {
                    let mut state = this.state.borrow_mut();
                    if state.epoch != epoch {
                        return;
                    }
                    state.done = wish;
                    match result {
                        Ok(view) => {
                            state.view = Some(Rc::new(view));
                            state.wrong = None;
                        }
                        Err(why) => {
                            // Nothing may be saved that is not what the mapping says.
                            state.view = None;
                            state.wrong = Some(why);
                        }
                    }
                }
                this.load_rows().await;
                this.tell();
            }
            this.state.borrow_mut().working = false;
            this.tell();
        });
    }
}

/// What a suggestion makes of an action, where it can be made.
pub(crate) fn coarser(action: &Action, change: Change) -> Option<Action> {
    let width = match change {
        Change::BandsOfFive => 5,
        Change::BandsOfTen => 10,
        Change::YearOnly => {
            return Some(Action::Year {
                step: 1,
                earliest: None,
            });
        }
        Change::DropColumn => return Some(Action::Drop),
        Change::DropRareValues => return None,
    };
    Some(match action {
        Action::Age { .. } => Action::Age { band: Some(width) },
        Action::Year { earliest, .. } => Action::Year {
            step: width,
            earliest: *earliest,
        },
        _ => Action::Band { width },
    })
}

/// A mapping for the columns that are there, in their order; what it does not speak of is dropped.
fn fitted(here: &Mapping, saved: Mapping) -> Mapping {
    let mut rest = saved.columns;
    let columns = here.columns.iter().map(|column| {
        match rest
            .iter()
            .position(|c| c.name.trim() == column.name.trim())
        {
            Some(at) => rest.remove(at),
            None => ColumnRule {
                action: Action::Drop,
                rename: None,
                quasi: false,
                sensitive: false,
                ..column.clone()
            },
        }
    });
    Mapping {
        columns: columns.collect(),
        ..saved
    }
}

/// What is asked of the crowd when somebody asks for the first time.
pub(crate) const FIRST_RISK: RiskRule = RiskRule {
    k: 5,
    l: 1,
    rare_rows: cordon_clinical::RareRows::Hold,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, action: Action) -> ColumnRule {
        ColumnRule {
            name: name.to_owned(),
            action,
            rename: None,
            identity: None,
            quasi: false,
            sensitive: false,
        }
    }

    #[test]
    fn a_saved_mapping_drops_what_it_does_not_speak_of() {
        let here = Mapping {
            format: 1,
            risk: None,
            columns: vec![rule("a", Action::Keep), rule("b", Action::Keep)],
        };
        let saved = Mapping {
            format: 1,
            risk: Some(FIRST_RISK),
            columns: vec![rule("b", Action::FreeText), rule("c", Action::Keep)],
        };
        let made = fitted(&here, saved);
        assert_eq!(
            made.columns,
            [rule("a", Action::Drop), rule("b", Action::FreeText)]
        );
        assert_eq!(made.risk, Some(FIRST_RISK));
    }

    #[test]
    fn suggestions_make_values_coarser() {
        let age = Action::Age { band: None };
        assert_eq!(
            coarser(&age, Change::BandsOfTen),
            Some(Action::Age { band: Some(10) })
        );
        assert_eq!(
            coarser(&Action::Keep, Change::BandsOfFive),
            Some(Action::Band { width: 5 })
        );
        assert_eq!(
            coarser(&Action::Keep, Change::DropColumn),
            Some(Action::Drop)
        );
        assert_eq!(coarser(&Action::Keep, Change::DropRareValues), None);
    }
}
