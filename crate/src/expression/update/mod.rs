//! Updates: what an `UpdateExpression` says, and what it does to an item (rules 37-47).
//!
//! | file | what it knows |
//! | --- | --- |
//! | this one | what an update says |
//! | `apply` | what it does to an item |
//! | `cost` | what it counts against the item size limit |

mod apply;
mod cost;
#[cfg(test)]
mod tests;

pub use apply::{UpdateError, Updated};

use super::condition::Operand;
use super::path::DocumentPath;
use super::values::{ValueId, Values};
use crate::model::AttributeValue;
use std::sync::Arc;

/// An `UpdateExpression`: its actions by clause, each clause in the order of the text. No two paths overlap or conflict (rule 30).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Update {
    pub(super) clauses: Arc<Clauses>,
    pub(super) values: Values,
}

/// An update, whatever its values.
#[derive(PartialEq, Debug, Default)]
pub(super) struct Clauses {
    /// `SET path = value`
    pub set: Vec<SetAction>,
    /// `REMOVE path`
    pub remove: Vec<DocumentPath>,
    /// `ADD path :value`, the value a number or a set.
    pub add: Vec<ValueAction>,
    /// `DELETE path :value`, the value a set.
    pub delete: Vec<ValueAction>,
}

/// One action of `SET`.
#[derive(PartialEq, Debug)]
pub(super) struct SetAction {
    /// What is set.
    pub path: DocumentPath,
    /// To what, computed from the item as it was before the update (rule 37).
    pub value: SetValue,
}

/// The right side of a `SET` action.
#[derive(PartialEq, Debug)]
pub(super) enum SetValue {
    /// An operand as it is.
    Operand(Operand),
    /// `one + two`
    Sum(Operand, Operand),
    /// `one - two`
    Difference(Operand, Operand),
}

/// One action of `ADD` or `DELETE`.
#[derive(PartialEq, Debug)]
pub(super) struct ValueAction {
    /// What is changed.
    pub path: DocumentPath,
    /// By what.
    pub value: ValueId,
}

impl Update {
    /// The paths the update changes: sets, removals, additions, deletions.
    pub fn targets(&self) -> impl Iterator<Item = &DocumentPath> {
        let Clauses { set, remove, add, delete } = &*self.clauses;
        let set = set.iter().map(|action| &action.path);
        let by_value = add.iter().chain(delete).map(|action| &action.path);
        set.chain(remove).chain(by_value)
    }

    /// The paths that are set to a value of the request as it is, with that value.
    pub fn set_values(&self) -> impl Iterator<Item = (&DocumentPath, &AttributeValue)> {
        self.clauses.set.iter().filter_map(|action| match action.value {
            SetValue::Operand(Operand::Value(id)) => Some((&action.path, &**self.values.get(id))),
            _ => None,
        })
    }

    /// Whether it does something, and nothing but take away.
    pub fn only_takes_away(&self) -> bool {
        let Clauses { set, remove, add, delete } = &*self.clauses;
        set.is_empty() && add.is_empty() && !(remove.is_empty() && delete.is_empty())
    }

    /// The first of these attributes that the update changes, or changes something in: keys cannot be updated (rule 45).
    pub fn first_attribute_of<'k>(&self, attributes: &[&'k str]) -> Option<&'k str> {
        self.targets()
            .find_map(|path| attributes.iter().copied().find(|attribute| *attribute == path.attribute))
    }
}
