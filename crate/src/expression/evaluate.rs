//! Whether a condition holds for an item (rules 34, 35). Types that do not fit make a comparison false, never an error.

use super::condition::{Comparator, Condition, Node, NodeId, Operand, Predicate, Tree};
use super::values::Values;
use crate::model::{AttributeValue, Item, Number};
use std::borrow::Cow;
use std::cmp::Ordering;

impl Condition {
    /// Whether the condition holds for `item`; an item that does not exist is one without attributes.
    pub fn holds(&self, item: &Item) -> bool {
        let scope = Scope {
            item,
            values: &self.values,
        };
        self.tree.holds_at(self.tree.root, scope)
    }
}

/// What operands stand for something in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'v> {
    pub item: &'v Item,
    pub values: &'v Values,
}

impl Tree {
    /// Recurses at most as deep as the condition has operators: 300 (rule 25).
    fn holds_at(&self, node: NodeId, scope: Scope<'_>) -> bool {
        let Some(node) = self.nodes.get(node.0 as usize) else {
            return false;
        };
        match node {
            Node::And(left, right) => self.holds_at(*left, scope) && self.holds_at(*right, scope),
            Node::Or(left, right) => self.holds_at(*left, scope) || self.holds_at(*right, scope),
            Node::Not(operand) => !self.holds_at(*operand, scope),
            Node::Compare(comparator, left, right) => compare(*comparator, left.value_in(scope), right.value_in(scope)),
            Node::Between(tested, lower, upper) => {
                let tested = tested.value_in(scope);
                compare(Comparator::GreaterOrEqual, tested.clone(), lower.value_in(scope))
                    && compare(Comparator::LessOrEqual, tested, upper.value_in(scope))
            }
            Node::In(tested, list) => {
                let tested = tested.value_in(scope);
                tested.is_some() && list.iter().any(|operand| operand.value_in(scope) == tested)
            }
            Node::Call(predicate, operands) => call(*predicate, operands, scope),
        }
    }
}

impl Operand {
    /// The operand's value, if it has one. (What only updates have is computed by them.)
    pub(super) fn value_in<'v>(&self, scope: Scope<'v>) -> Option<Cow<'v, AttributeValue>> {
        match self {
            Self::Path(path) => path.resolve(scope.item).map(Cow::Borrowed),
            Self::Value(id) => Some(Cow::Borrowed(scope.values.get(*id))),
            Self::Size(operand) => {
                let size = element_count(&*operand.value_in(scope)?)?;
                Some(Cow::Owned(AttributeValue::N(Number::from_u64(size as u64))))
            }
            Self::IfNotExists(_) | Self::ListAppend(_) => None,
        }
    }
}

/// What `size` says: UTF-16 units of a string (rule 13), bytes of a binary, members and elements. Nothing for the other types.
fn element_count(value: &AttributeValue) -> Option<usize> {
    Some(match value {
        AttributeValue::S(text) => text.encode_utf16().count(),
        AttributeValue::B(bytes) => bytes.len(),
        AttributeValue::Ss(members) => members.len(),
        AttributeValue::Ns(members) => members.len(),
        AttributeValue::Bs(members) => members.len(),
        AttributeValue::L(elements) => elements.len(),
        AttributeValue::M(members) => members.len(),
        AttributeValue::N(_) | AttributeValue::Bool(_) | AttributeValue::Null => return None,
    })
}

/// The order of two strings, numbers or binaries; none across types or between others.
pub(super) fn order(left: &AttributeValue, right: &AttributeValue) -> Option<Ordering> {
    match (left, right) {
        (AttributeValue::S(left), AttributeValue::S(right)) => Some(left.cmp(right)),
        (AttributeValue::N(left), AttributeValue::N(right)) => Some(left.cmp(right)),
        (AttributeValue::B(left), AttributeValue::B(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// A missing operand equals nothing, so only `<>` holds for it (rule 35).
fn compare(comparator: Comparator, left: Option<Cow<'_, AttributeValue>>, right: Option<Cow<'_, AttributeValue>>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return comparator == Comparator::NotEqual;
    };
    comparator.holds(&left, &right)
}

impl Comparator {
    /// Whether the comparator holds between two values.
    pub(super) fn holds(self, left: &AttributeValue, right: &AttributeValue) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => order(left, right).is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order(left, right).is_some_and(Ordering::is_le),
            Self::Greater => order(left, right).is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual => order(left, right).is_some_and(Ordering::is_ge),
        }
    }
}

fn call(predicate: Predicate, operands: &[Operand], scope: Scope<'_>) -> bool {
    let operand = |at: usize| operands.get(at).and_then(|operand| operand.value_in(scope));
    match predicate {
        Predicate::AttributeExists => operand(0).is_some(),
        Predicate::AttributeNotExists => operand(0).is_none(),
        Predicate::AttributeType => match (operand(0).as_deref(), operand(1).as_deref()) {
            (Some(value), Some(AttributeValue::S(name))) => value.type_name() == name,
            _ => false,
        },
        Predicate::BeginsWith => match (operand(0), operand(1)) {
            (Some(value), Some(prefix)) => begins_with(&value, &prefix),
            _ => false,
        },
        Predicate::Contains => match (operand(0), operand(1)) {
            (Some(container), Some(content)) => contains(&container, &content),
            _ => false,
        },
    }
}

/// Only strings and binaries begin with something (rule 34).
pub(super) fn begins_with(value: &AttributeValue, prefix: &AttributeValue) -> bool {
    match (value, prefix) {
        (AttributeValue::S(value), AttributeValue::S(prefix)) => value.starts_with(prefix.as_str()),
        (AttributeValue::B(value), AttributeValue::B(prefix)) => value.starts_with(prefix),
        _ => false,
    }
}

/// Part of a string or binary, member of a set, element of a list (rule 34).
fn contains(container: &AttributeValue, content: &AttributeValue) -> bool {
    match (container, content) {
        (AttributeValue::S(text), AttributeValue::S(part)) => text.contains(part.as_str()),
        (AttributeValue::B(bytes), AttributeValue::B(part)) => part.is_empty() || bytes.windows(part.len()).any(|window| window == part),
        (AttributeValue::Ss(members), AttributeValue::S(member)) => members.contains(member),
        (AttributeValue::Ns(members), AttributeValue::N(member)) => members.contains(member),
        (AttributeValue::Bs(members), AttributeValue::B(member)) => members.contains(member),
        (AttributeValue::L(elements), element) => elements.contains(element),
        _ => false,
    }
}
