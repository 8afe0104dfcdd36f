//! The mapping held against a table: what happens to which column.

use std::collections::HashSet;

use cordon_protocol::Code;

use crate::dates::Spelling;
use crate::findings::Findings;
use crate::fold::fold;
use crate::mapping::{Action, ColumnRule, Identity, Mapping};
use crate::needles::Needles;
use crate::table::{Table, looks_like_data};
use crate::values;

/// What happens to one column of the table.
#[derive(Debug)]
pub(crate) struct Plan<'m> {
    /// The column in the input, counted from 0.
    pub(crate) column: usize,
    pub(crate) action: &'m Action,
    pub(crate) identity: Option<Identity>,
    pub(crate) spelling: Spelling,
    /// The folded values that are allowed.
    allow: HashSet<String>,
    rule: Option<&'m ColumnRule>,
}

impl Plan<'_> {
    pub(crate) fn leaves(&self) -> bool {
        *self.action != Action::Drop
    }
    /// Whether cells leave as they came and have to be searched.
    pub(crate) fn is_searched(&self) -> bool {
        matches!(
            self.action,
            Action::Keep | Action::Category { .. } | Action::FreeText
        )
    }
    pub(crate) fn is_quasi(&self) -> bool {
        self.rule.is_some_and(|r| r.quasi)
    }
    pub(crate) fn is_sensitive(&self) -> bool {
        self.rule.is_some_and(|r| r.sensitive)
    }
    pub(crate) fn allows(&self, cell: &str) -> bool {
        self.allow.contains(&fold(cell.trim()))
    }
    /// What its cells say about a person: the identifier does without being asked.
    pub(crate) fn tells(&self) -> Option<Identity> {
        match self.action {
            Action::Identifier { .. } | Action::Uid => Some(Identity::Number),
            _ => self.identity,
        }
    }
}

/// A plan for every column of the table, and findings where table and mapping do not meet.
pub(crate) fn plans<'m>(
    table: &Table,
    mapping: &'m Mapping,
    findings: &mut Findings,
) -> Vec<Plan<'m>> {
    let mut out: Vec<Plan<'m>> = Vec::with_capacity(table.columns.len());
    let mut used = 0;
    for (column, head) in table.columns.iter().enumerate() {
        let before = table.columns.iter().take(column);
        let nth = before.filter(|c| c.name == head.name).count();
        let rule = mapping.rule(&head.name, nth);
        used += usize::from(rule.is_some());
        let mut action = rule.map_or(&Action::Drop, |r| &r.action);
        if rule.is_none() {
            findings.column(Code::TableNotMapped, column);
        }
        if head.hidden {
            action = &Action::Drop;
        }
        let order = match action {
            Action::Date { order } => *order,
            _ => None,
        };
        let spelling = match action {
            Action::Date { .. } | Action::Year { .. } => Spelling::of(table.cells(column), order),
            _ if rule.is_some_and(|r| r.identity == Some(Identity::Birth)) => {
                Spelling::of(table.cells(column), None)
            }
            _ => Spelling::default(),
        };
        let allow = match action {
            Action::Category { allow } => allow.iter().map(|v| fold(v.trim())).collect(),
            _ => HashSet::new(),
        };
        if matches!(action, Action::Identifier { .. })
            && table.numeric.get(column).copied().unwrap_or_default()
        {
            findings.column(Code::TableNumericId, column);
        }
        out.push(Plan {
            column,
            action,
            identity: rule.and_then(|r| r.identity),
            spelling,
            allow,
            rule,
        });
    }
    findings.many(
        Code::TableColumnMissing,
        (mapping.columns.len().saturating_sub(used)) as u64,
    );
    if !out
        .iter()
        .any(|p| matches!(p.action, Action::Identifier { .. }))
    {
        findings.table(Code::TableNoSubject);
    }
    out
}

/// The names of the columns that leave. A name that is itself a value does not.
pub(crate) fn names(
    table: &Table,
    plans: &[Plan<'_>],
    needles: &Needles,
    findings: &mut Findings,
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for plan in plans.iter().filter(|p| p.leaves()) {
        let given = plan.rule.and_then(|r| r.rename.clone());
        let own = table
            .columns
            .get(plan.column)
            .map(|c| c.name.clone())
            .unwrap_or_default();
        let named = needles.find(given.as_deref().unwrap_or(&own)).is_some();
        if named {
            findings.column(Code::TableFound, plan.column);
        }
        let wild = named || values::runs(&own) || (given.is_none() && looks_like_data(&own));
        let name = match given {
            Some(name) if !named && !values::runs(&name) => name,
            None if !wild => own,
            _ => format!("column_{}", plan.column + 1),
        };
        let mut unique = name.clone();
        let mut n = 2;
        while out.contains(&unique) {
            unique = format!("{name}_{n}");
            n += 1;
        }
        out.push(unique);
    }
    out
}
