//! What a condition, filter or key condition says, as a tree of nodes kept in one vector: nothing recurses on the way in, and dropping
//! it needs no recursion either.

use super::path::DocumentPath;
use super::values::{ValueId, Values};
use std::sync::Arc;

/// A condition on an item: the meaning of a `ConditionExpression` or `FilterExpression`, and of the legacy `Expected`, `ScanFilter` and
/// `QueryFilter`. Has at most 300 operators (rule 25).
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    pub(super) tree: Arc<Tree>,
    pub(super) values: Values,
}

/// A condition, whatever its values.
#[derive(PartialEq, Debug)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    pub root: NodeId,
}

/// Where a node stands in [`Tree`]'s vector; its operands stand before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NodeId(pub u32);

/// One operator of a condition.
#[derive(PartialEq, Debug)]
pub(super) enum Node {
    And(NodeId, NodeId),
    Or(NodeId, NodeId),
    Not(NodeId),
    Compare(Comparator, Operand, Operand),
    /// The operand, the lower and the upper bound.
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    /// A function that is true or false, and its operands.
    Call(Predicate, Vec<Operand>),
}

/// The functions that are true or false.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Predicate {
    AttributeExists,
    AttributeNotExists,
    AttributeType,
    BeginsWith,
    Contains,
}

/// The comparison operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// The comparator that says the same with its operands exchanged.
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }
}

/// Something that has a value, or none if the item lacks it.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Operand {
    /// What stands there in the item.
    Path(DocumentPath),
    /// What the request's placeholder stands for.
    Value(ValueId),
    /// `size(...)`: how many UTF-16 units, bytes, members or elements.
    Size(Box<Operand>),
    /// `if_not_exists(path, operand)`: only in updates.
    IfNotExists(Box<(DocumentPath, Operand)>),
    /// `list_append(operand, operand)`: only in updates.
    ListAppend(Box<(Operand, Operand)>),
}

impl Operand {
    /// The path it reads, of `size`, too.
    fn path(&self) -> Option<&DocumentPath> {
        match self {
            Self::Path(path) => Some(path),
            Self::Size(operand) => operand.path(),
            Self::Value(_) | Self::IfNotExists(_) | Self::ListAppend(_) => None,
        }
    }
}

impl Condition {
    /// Calls `visit` for every document path the condition reads.
    fn for_each_path<'c>(&'c self, mut visit: impl FnMut(&'c DocumentPath)) {
        let mut operand = |operand: &'c Operand| operand.path().into_iter().for_each(&mut visit);
        for node in &self.tree.nodes {
            match node {
                Node::And(..) | Node::Or(..) | Node::Not(_) => {}
                Node::Compare(_, left, right) => [left, right].into_iter().for_each(&mut operand),
                Node::Between(tested, lower, upper) => [tested, lower, upper].into_iter().for_each(&mut operand),
                Node::In(tested, list) => std::iter::once(tested).chain(list).for_each(&mut operand),
                Node::Call(_, operands) => operands.iter().for_each(&mut operand),
            }
        }
    }

    /// The first of these attributes that the condition reads: a query's filter may read none of the queried keys (rule 56).
    pub fn first_attribute_of<'k>(&self, attributes: &[&'k str]) -> Option<&'k str> {
        let mut found = None;
        self.for_each_path(|path| {
            found = found.or_else(|| attributes.iter().copied().find(|attribute| *attribute == path.attribute));
        });
        found
    }

    /// The attributes the condition reads, sorted, each once: what an index must have so that a filter can be applied to its entries.
    pub fn attributes(&self) -> Vec<&str> {
        let mut attributes = Vec::new();
        self.for_each_path(|path| {
            if let Err(at) = attributes.binary_search(&path.attribute.as_str()) {
                attributes.insert(at, path.attribute.as_str());
            }
        });
        attributes
    }
}
