//! Key conditions: which items of a table or index a query reads (rule 55, A1).
//!
//! | file | what it knows |
//! | --- | --- |
//! | this one | what a key condition says, and the errors that need no table |
//! | `plan` | how it fits the keys of a table or index |

mod plan;
#[cfg(test)]
mod tests;

pub use plan::{KeyConditionMismatch, KeyConditionPlan, QueryKeys};

use super::condition::{Comparator, Condition, Node, NodeId, Operand, Predicate, Tree};
use super::error::{ExpressionError, ExpressionKind, Problem};
use super::evaluate::begins_with;
use super::parser;
use super::path::DocumentPath;
use super::placeholders::Placeholders;
use super::values::{ValueId, Values};
use crate::model::{AttributeValue, KeyCondition};
use std::sync::Arc;

/// A `KeyConditionExpression` or the legacy `KeyConditions`: one clause per attribute, in the order of the text.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyClauses(Vec<KeyClause>);

/// What is asked of one attribute.
#[derive(Clone, PartialEq, Debug)]
pub struct KeyClause {
    /// The attribute.
    pub attribute: String,
    /// The test it must pass.
    pub test: KeyTest,
}

/// A test of a key attribute.
#[derive(Clone, PartialEq, Debug)]
pub enum KeyTest {
    /// `=`, `<`, `<=`, `>`, `>=`; never `<>`.
    Compare(Comparator, Arc<AttributeValue>),
    /// `BETWEEN`, both bounds included.
    Between(Arc<AttributeValue>, Arc<AttributeValue>),
    /// `begins_with`
    BeginsWith(Arc<AttributeValue>),
}

impl KeyTest {
    /// The values it tests against: one, or two bounds.
    fn values(&self) -> impl Iterator<Item = &AttributeValue> {
        let (one, two) = match self {
            Self::Compare(_, value) | Self::BeginsWith(value) => (value, None),
            Self::Between(lower, upper) => (lower, Some(upper)),
        };
        std::iter::once(one).chain(two).map(|value| &**value)
    }

    /// Whether a key attribute with this value passes.
    pub fn holds(&self, value: &AttributeValue) -> bool {
        match self {
            Self::Compare(comparator, operand) => comparator.holds(value, operand),
            Self::Between(lower, upper) => Comparator::GreaterOrEqual.holds(value, lower) && Comparator::LessOrEqual.holds(value, upper),
            Self::BeginsWith(prefix) => begins_with(value, prefix),
        }
    }

    /// The same as the key encoding understands it.
    fn as_key_condition(&self) -> KeyCondition<'_> {
        match self {
            // There is no `<>` in a key condition; the parser refuses it.
            Self::Compare(Comparator::Equal | Comparator::NotEqual, value) => KeyCondition::Equal(value),
            Self::Compare(Comparator::Less, value) => KeyCondition::Less(value),
            Self::Compare(Comparator::LessOrEqual, value) => KeyCondition::LessOrEqual(value),
            Self::Compare(Comparator::Greater, value) => KeyCondition::Greater(value),
            Self::Compare(Comparator::GreaterOrEqual, value) => KeyCondition::GreaterOrEqual(value),
            Self::Between(lower, upper) => KeyCondition::Between(lower, upper),
            Self::BeginsWith(prefix) => KeyCondition::BeginsWith(prefix),
        }
    }
}

/// Parses a `KeyConditionExpression`. Its errors are those that precede the table lookup; [`KeyClauses::plan`] has the others.
pub fn parse_key_condition(text: &str, placeholders: &Placeholders) -> Result<KeyClauses, ExpressionError> {
    let (condition, _) = parser::parse_condition(ExpressionKind::KeyCondition, text, placeholders)?;
    KeyClauses::of_condition(&condition)
}

impl KeyClauses {
    /// Clauses in the order in which they are checked; for the legacy parameters.
    pub fn new(clauses: Vec<KeyClause>) -> Self {
        Self(clauses)
    }

    /// The clauses of a parsed `KeyConditionExpression`.
    pub(super) fn of_condition(condition: &Condition) -> Result<Self, ExpressionError> {
        let kind = ExpressionKind::KeyCondition;
        Self::of_tree(&condition.tree, &condition.values).map_err(|problem| ExpressionError { kind, problem })
    }

    /// Takes a condition apart at its `AND`s. The first problem in the order of the text is reported.
    fn of_tree(tree: &Tree, values: &Values) -> Result<Self, Problem> {
        let mut clauses: Vec<KeyClause> = Vec::new();
        let mut waiting = vec![tree.root];
        while let Some(NodeId(at)) = waiting.pop() {
            let Some(node) = tree.nodes.get(at as usize) else { continue };
            let clause = match node {
                Node::And(left, right) => {
                    waiting.extend([*right, *left]);
                    continue;
                }
                Node::Or(..) => return Err(Problem::KeyOperator("OR")),
                Node::Not(_) => return Err(Problem::KeyOperator("NOT")),
                Node::In(..) => return Err(Problem::KeyOperator("IN")),
                Node::Compare(Comparator::NotEqual, ..) => return Err(Problem::KeyOperator("<>")),
                Node::Compare(comparator, left, right) => comparison(*comparator, left, right, values)?,
                Node::Between(tested, lower, upper) => {
                    let (attribute, values) = key_first("BETWEEN", &[tested, lower, upper], values)?;
                    let [lower, upper] = values.try_into().map_err(|_| Problem::KeyOverManyAttributes)?;
                    KeyClause {
                        attribute,
                        test: KeyTest::Between(lower, upper),
                    }
                }
                Node::Call(Predicate::BeginsWith, operands) => {
                    let (attribute, values) = key_first("begins_with", &operands.iter().collect::<Vec<_>>(), values)?;
                    let [prefix] = values.try_into().map_err(|_| Problem::KeyOverManyAttributes)?;
                    KeyClause {
                        attribute,
                        test: KeyTest::BeginsWith(prefix),
                    }
                }
                Node::Call(predicate, _) => return Err(Problem::KeyOperator(predicate.name())),
            };
            if clauses.iter().any(|other| other.attribute == clause.attribute) {
                return Err(Problem::KeyRepeated);
            }
            clauses.push(clause);
        }
        Ok(Self(clauses))
    }
}

/// A comparison; its operands may stand either way round.
fn comparison(comparator: Comparator, left: &Operand, right: &Operand, values: &Values) -> Result<KeyClause, Problem> {
    match (key_operand(left)?, key_operand(right)?) {
        (KeyOperand::Attribute(path), KeyOperand::Value(value)) => clause_of(path, comparator, values.get(value)),
        (KeyOperand::Value(value), KeyOperand::Attribute(path)) => clause_of(path, comparator.reversed(), values.get(value)),
        (KeyOperand::Attribute(_), KeyOperand::Attribute(_)) => Err(Problem::KeyOverManyAttributes),
        (KeyOperand::Value(_), KeyOperand::Value(_)) => Err(Problem::KeyWithoutAttribute),
    }
}

fn clause_of(path: &DocumentPath, comparator: Comparator, value: &Arc<AttributeValue>) -> Result<KeyClause, Problem> {
    Ok(KeyClause {
        attribute: whole_attribute(path)?,
        test: KeyTest::Compare(comparator, Arc::clone(value)),
    })
}

/// The operands of an operator whose first one must be the attribute and the others values.
fn key_first(operator: &'static str, operands: &[&Operand], values: &Values) -> Result<(String, Vec<Arc<AttributeValue>>), Problem> {
    let (mut attribute, mut others, mut first_is_value) = (None, Vec::new(), false);
    for (at, operand) in operands.iter().enumerate() {
        match key_operand(operand)? {
            KeyOperand::Attribute(_) if attribute.is_some() => return Err(Problem::KeyOverManyAttributes),
            KeyOperand::Attribute(path) => attribute = Some(path),
            KeyOperand::Value(value) => {
                first_is_value |= at == 0;
                others.push(Arc::clone(values.get(value)));
            }
        }
    }
    match attribute {
        None => Err(Problem::KeyWithoutAttribute),
        Some(_) if first_is_value => Err(Problem::KeyAttributeNotFirst { operator }),
        Some(path) => Ok((whole_attribute(path)?, others)),
    }
}

enum KeyOperand<'o> {
    Attribute(&'o DocumentPath),
    Value(ValueId),
}

fn key_operand(operand: &Operand) -> Result<KeyOperand<'_>, Problem> {
    match operand {
        Operand::Path(path) => Ok(KeyOperand::Attribute(path)),
        Operand::Value(id) => Ok(KeyOperand::Value(*id)),
        Operand::Size(_) | Operand::IfNotExists(_) | Operand::ListAppend(_) => Err(Problem::KeyNested),
    }
}

fn whole_attribute(path: &DocumentPath) -> Result<String, Problem> {
    if path.is_nested() {
        Err(Problem::KeyNestedAttribute)
    } else {
        Ok(path.attribute.clone())
    }
}
