//! What an update counts against the item size limit, beside the finished item (rule 16).

use super::{Clauses, SetValue, Update};
use crate::expression::condition::Operand;
use crate::expression::path::{DocumentPath, PathElement};
use crate::expression::values::Values;

impl Update {
    /// The update's own size in bytes. Together with the finished item's size, the larger of the two counts, it may not exceed 409,600.
    pub fn cost(&self) -> usize {
        let Clauses { set, remove, add, delete } = &*self.clauses;
        let values = &self.values;
        let set = set
            .iter()
            .map(|action| 19 + path_cost(&action.path) + value_cost(&action.value, values));
        let add = add
            .iter()
            .map(|action| 19 + path_cost(&action.path) + values.get(action.value).size());
        let delete = delete.iter().map(|action| 1 + path_cost(&action.path));
        let remove = remove.iter().map(|path| 1 + path_cost(path));
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

fn value_cost(value: &SetValue, values: &Values) -> usize {
    match value {
        SetValue::Operand(operand) => operand_cost(operand, values),
        SetValue::Sum(left, right) => 34 + operand_cost(left, values) + operand_cost(right, values),
        SetValue::Difference(left, right) => 37 + operand_cost(left, values) + operand_cost(right, values),
    }
}

fn operand_cost(operand: &Operand, values: &Values) -> usize {
    match operand {
        Operand::Path(path) => 15 + path_cost(path),
        Operand::Value(id) => values.get(*id).size(),
        Operand::Size(operand) => operand_cost(operand, values),
        Operand::IfNotExists(call) => 39 + 15 + path_cost(&call.0) + operand_cost(&call.1, values),
        Operand::ListAppend(call) => 37 + operand_cost(&call.0, values) + operand_cost(&call.1, values),
    }
}
