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
use crate::model::AttributeValue;
use std::sync::Arc;

/// An `UpdateExpression`: its actions by clause, each clause in the order of the text. No two paths overlap or conflict (rule 30).
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Update {
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
#[derive(Clone, PartialEq, Debug)]
pub struct SetAction {
    /// What is set.
    pub path: DocumentPath,
    /// To what, computed from the item as it was before the update (rule 37).
    pub value: SetValue,
}

/// The right side of a `SET` action.
#[derive(Clone, PartialEq, Debug)]
pub enum SetValue {
    /// An operand as it is.
    Operand(Operand),
    /// `one + two`
    Sum(Operand, Operand),
    /// `one - two`
    Difference(Operand, Operand),
}

/// One action of `ADD` or `DELETE`.
#[derive(Clone, PartialEq, Debug)]
pub struct ValueAction {
    /// What is changed.
    pub path: DocumentPath,
    /// By what.
    pub value: Arc<AttributeValue>,
}

impl Update {
    /// The paths the update changes: sets, removals, additions, deletions.
    pub fn targets(&self) -> impl Iterator<Item = &DocumentPath> {
        let set = self.set.iter().map(|action| &action.path);
        let by_value = self.add.iter().chain(&self.delete).map(|action| &action.path);
        set.chain(&self.remove).chain(by_value)
    }

    /// The first of these attributes that the update changes, or changes something in: keys cannot be updated (rule 45).
    pub fn first_attribute_of<'k>(&self, attributes: &[&'k str]) -> Option<&'k str> {
        self.targets()
            .find_map(|path| attributes.iter().copied().find(|attribute| *attribute == path.attribute))
    }
}
