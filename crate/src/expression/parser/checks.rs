//! What operands operators and functions take: everything that is known without an item is refused before one is read (rules 25, 31, 32).

use super::super::condition::{Comparator, Operand, Predicate};
use super::super::error::Problem;
use super::super::evaluate::order;
use super::super::function::{Function, FunctionResult};
use super::super::values::ValueId;
use super::Parser;
use crate::model::{AttributeValue, binary};
use std::cmp::Ordering;

/// Rule 25.
const MAX_IN_OPERANDS: usize = 100;

/// Types that have an order.
const ORDERED: &[&str] = &["S", "N", "B"];
/// Types `begins_with` looks into.
const PREFIXED: &[&str] = &["S", "B"];
/// Types `size` measures.
const SIZED: &[&str] = &["S", "B", "SS", "NS", "BS", "L", "M"];
/// Types `contains` looks into.
const CONTAINERS: &[&str] = &["S", "B", "SS", "NS", "BS", "L"];
/// The types of attributes, in the order of the service's text.
const ALL_TYPES: &str = "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}";

impl Parser<'_> {
    #[inline(never)]
    pub(super) fn check_compare(&mut self, comparator: Comparator, left: &Operand, right: &Operand) {
        let operator = comparator.symbol();
        self.check_distinct(operator, left, [right]);
        if !matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
            self.check_types(operator, [left, right], ORDERED);
        }
    }

    #[inline(never)]
    pub(super) fn check_in(&mut self, tested: &Operand, list: &[Operand]) {
        if list.len() > MAX_IN_OPERANDS {
            self.note(Problem::TooManyInOperands { count: list.len() });
        }
        self.check_distinct("IN", tested, list);
    }

    #[inline(never)]
    pub(super) fn check_between(&mut self, tested: &Operand, lower: &Operand, upper: &Operand) {
        self.check_distinct("BETWEEN", tested, [lower, upper]);
        self.check_types("BETWEEN", [tested, lower, upper], ORDERED);
        let (&Operand::Value(lower_id), &Operand::Value(upper_id)) = (lower, upper) else {
            return;
        };
        let (lower, upper) = (self.values.get(lower_id), self.values.get(upper_id));
        let print = |bound: &AttributeValue| format!("{{{}:{}}}", bound.type_name(), scalar_text(bound));
        if lower.type_name() != upper.type_name() {
            self.note(Problem::BetweenTypes {
                lower: print(lower),
                upper: print(upper),
            });
        } else if order(lower, upper) == Some(Ordering::Greater) {
            self.note(Problem::BetweenReversed {
                lower: print(lower),
                upper: print(upper),
            });
        } else {
            self.inputs.found_ascending(lower_id, upper_id);
        }
    }

    #[inline(never)]
    pub(super) fn check_arithmetic(&mut self, operator: &'static str, operands: [&Operand; 2]) {
        self.check_types(operator, operands, &["N"]);
    }

    #[inline(never)]
    pub(super) fn check_call(&mut self, function: &Function, operands: &[Operand]) {
        let operator = function.name;
        if operands.len() != function.operands {
            self.note(Problem::OperandCount {
                operator,
                count: operands.len(),
            });
            return;
        }
        let Some((first, rest)) = operands.split_first() else { return };
        if function.path_first && !matches!(first, Operand::Path(_)) {
            self.note(Problem::PathRequired { operator });
        }
        match function.result {
            FunctionResult::Truth(Predicate::AttributeExists | Predicate::AttributeNotExists) | FunctionResult::IfNotExists => {}
            FunctionResult::Truth(Predicate::AttributeType) => {
                self.check_distinct(operator, first, rest);
                for operand in rest {
                    self.check_type_name(operator, operand);
                }
            }
            FunctionResult::Truth(Predicate::BeginsWith) => {
                self.check_distinct(operator, first, rest);
                self.check_types(operator, operands, PREFIXED);
            }
            FunctionResult::Truth(Predicate::Contains) => {
                self.check_distinct(operator, first, rest);
                self.check_types(operator, [first], CONTAINERS);
            }
            FunctionResult::Size => self.check_types(operator, operands, SIZED),
            FunctionResult::ListAppend => self.check_types(operator, operands, &["L"]),
        }
    }

    /// Rule 31, for paths.
    fn check_distinct<'o>(&mut self, operator: &'static str, first: &Operand, rest: impl IntoIterator<Item = &'o Operand>) {
        if let Operand::Path(path) = first
            && rest
                .into_iter()
                .any(|operand| matches!(operand, Operand::Path(other) if other == path))
        {
            self.note(Problem::SameOperand {
                operator,
                operand: path.to_string(),
            });
        }
    }

    fn check_types<'o>(&mut self, operator: &'static str, operands: impl IntoIterator<Item = &'o Operand>, allowed: &[&str]) {
        for operand in operands {
            let operand_type = match operand {
                Operand::Value(id) => self.typed_value(*id).type_name(),
                Operand::Size(_) => "N",
                Operand::ListAppend(_) => "L",
                // Known only when there is an item.
                Operand::Path(_) | Operand::IfNotExists(_) => continue,
            };
            if !allowed.contains(&operand_type) {
                self.note(Problem::OperandType { operator, operand_type });
            }
        }
    }

    /// A value whose type a check looks at. What a check looks at beyond that it must note among the inputs, too.
    pub(super) fn typed_value(&mut self, id: ValueId) -> &AttributeValue {
        let value = self.values.get(id);
        self.inputs.looked_at_type(id, value);
        value
    }

    /// The second operand of `attribute_type`: a string that names a type.
    fn check_type_name(&mut self, operator: &'static str, operand: &Operand) {
        match operand {
            Operand::Value(id) => match &**self.values.get(*id) {
                AttributeValue::S(name) if is_type_name(name) => self.inputs.found_type_name(*id),
                AttributeValue::S(name) => self.note(Problem::UnknownAttributeType(name.clone())),
                other => self.note(Problem::OperandType {
                    operator,
                    operand_type: other.type_name(),
                }),
            },
            Operand::Size(_) => self.note(Problem::OperandType {
                operator,
                operand_type: "N",
            }),
            _ => self.note(Problem::OperandType {
                operator,
                operand_type: ALL_TYPES,
            }),
        }
    }
}

/// Whether it is the code of a type, as `attribute_type` takes it.
pub(in super::super) fn is_type_name(name: &str) -> bool {
    !name.is_empty() && ALL_TYPES[1..ALL_TYPES.len() - 1].split(',').any(|known| known == name)
}

/// A bound of `BETWEEN` in an error text.
fn scalar_text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) => text.clone(),
        AttributeValue::N(number) => number.to_text(),
        AttributeValue::B(bytes) => binary::encode(bytes),
        _ => String::new(),
    }
}
