//! What an update counts against the item size limit, beside the finished item (rule 16).

use super::{SetValue, Update};
use crate::expression::condition::Operand;
use crate::expression::path::{DocumentPath, PathElement};

impl Update {
    /// The update's own size in bytes. Together with the finished item's size, the larger of the two counts, it may not exceed 409,600.
    pub fn cost(&self) -> usize {
        let set = self
            .set
            .iter()
            .map(|action| 19 + path_cost(&action.path) + value_cost(&action.value));
        let add = self.add.iter().map(|action| 19 + path_cost(&action.path) + action.value.size());
        let delete = self.delete.iter().map(|action| 1 + path_cost(&action.path));
        let remove = self.remove.iter().map(|path| 1 + path_cost(path));
        3 + set.chain(add).chain(delete).chain(remove).sum::<usize>()
    }
}

/// The attribute's name, and for each element after it 4 bytes and the name or the digits of the index.
fn path_cost(path: &DocumentPath) -> usize {
    let element = |element: &PathElement| match element {
        PathElement::Name(name) => 4 + name.len(),
        PathElement::Index(index) => 5 + index.checked_ilog10().unwrap_or(0) as usize,
    };
    path.attribute.len() + path.elements.iter().map(element).sum::<usize>()
}

fn value_cost(value: &SetValue) -> usize {
    match value {
        SetValue::Operand(operand) => operand_cost(operand),
        SetValue::Sum(left, right) => 34 + operand_cost(left) + operand_cost(right),
        SetValue::Difference(left, right) => 37 + operand_cost(left) + operand_cost(right),
    }
}

fn operand_cost(operand: &Operand) -> usize {
    match operand {
        Operand::Path(path) => 15 + path_cost(path),
        Operand::Value(value) => value.size(),
        Operand::Size(operand) => operand_cost(operand),
        Operand::IfNotExists(call) => 39 + 15 + path_cost(&call.0) + operand_cost(&call.1),
        Operand::ListAppend(call) => 37 + operand_cost(&call.0) + operand_cost(&call.1),
    }
}
