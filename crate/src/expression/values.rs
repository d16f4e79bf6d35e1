//! The values an expression works with. What it says refers to them by their number, so that the same words serve with other values.

use crate::model::AttributeValue;
use std::sync::Arc;

/// The values of an expression, in the order of its text.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Values(Vec<Arc<AttributeValue>>);

/// One of an expression's values. A value that is named twice has two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ValueId(u32);

impl Values {
    /// Makes room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Appends a value.
    pub fn push(&mut self, value: Arc<AttributeValue>) -> ValueId {
        self.0.push(value);
        ValueId(self.0.len() as u32 - 1)
    }

    /// The value of that number, which these values gave.
    pub fn get(&self, ValueId(at): ValueId) -> &Arc<AttributeValue> {
        &self.0[at as usize]
    }
}
