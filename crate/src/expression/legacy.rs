//! The parameters from before there were expressions: `Expected`, `QueryFilter`, `ScanFilter` and `KeyConditions`, translated into what
//! expressions are parsed into. Each is a map from attributes to what is asked of them; `ConditionalOperator` joins the answers.
//!
//! The JSON kinds, the required members and the enumerations have been checked; what has another kind all the same counts as absent.

use super::condition::{Comparator, Condition, Node, NodeId, Operand, Predicate, Tree};
use super::evaluate::order;
use super::key_condition::{KeyClause, KeyClauses, KeyTest};
use super::path::DocumentPath;
use super::values::Values;
use crate::model::json::Value;
use crate::model::{AttributeValue, Layer, ValueError, sorting::sort};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A `ComparisonOperator`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Operator {
    Compare(Comparator),
    Between,
    In,
    Null,
    NotNull,
    Contains,
    NotContains,
    BeginsWith,
}

/// Which types the values of an operator may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Types {
    Any,
    StringNumberBinary,
    StringBinary,
}

const OPERATORS: [(&str, Operator, Types); 13] = [
    ("EQ", Operator::Compare(Comparator::Equal), Types::Any),
    ("NE", Operator::Compare(Comparator::NotEqual), Types::Any),
    ("LE", Operator::Compare(Comparator::LessOrEqual), Types::StringNumberBinary),
    ("LT", Operator::Compare(Comparator::Less), Types::StringNumberBinary),
    ("GE", Operator::Compare(Comparator::GreaterOrEqual), Types::StringNumberBinary),
    ("GT", Operator::Compare(Comparator::Greater), Types::StringNumberBinary),
    ("BETWEEN", Operator::Between, Types::StringNumberBinary),
    ("IN", Operator::In, Types::StringNumberBinary),
    ("NULL", Operator::Null, Types::Any),
    ("NOT_NULL", Operator::NotNull, Types::Any),
    ("CONTAINS", Operator::Contains, Types::StringNumberBinary),
    ("NOT_CONTAINS", Operator::NotContains, Types::StringNumberBinary),
    ("BEGINS_WITH", Operator::BeginsWith, Types::StringBinary),
];

/// The row of an operator.
fn row(name: &str) -> Result<&'static (&'static str, Operator, Types), LegacyError> {
    OPERATORS.iter().find(|row| row.0 == name).ok_or(LegacyError::UnknownOperator)
}

/// What is wrong with a legacy parameter. `Display` gives the message without `1 validation error detected: `.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum LegacyError {
    /// A value that is none.
    Value(ValueError),
    /// An operator with too few or too many values.
    ArgumentCount {
        /// The operator.
        operator: &'static str,
    },
    /// A value of a type the operator does not take.
    ArgumentType {
        /// The operator.
        operator: &'static str,
        /// The value's type, by its name on the wire.
        value_type: &'static str,
    },
    /// `BETWEEN` with bounds of two types.
    MixedTypes,
    /// `BETWEEN` with the upper bound first.
    BetweenReversed,
    /// An operator that no key can be searched by.
    NotIndexable,
    /// A `ComparisonOperator` there is not.
    UnknownOperator,
    /// A `ConditionalOperator` there is not.
    UnknownConditionalOperator,
    /// `ConditionalOperator` and nothing it could join.
    NothingToJoin,
    /// `ConditionalOperator` and one condition only.
    OneToJoin,
    /// Members of an `Expected` element that do not go together.
    Expected {
        /// What is wrong with them.
        problem: ExpectedProblem,
        /// The attribute.
        attribute: String,
    },
}

/// What is wrong with the members of an element of `Expected`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ExpectedProblem {
    /// `Value` beside `AttributeValueList`.
    ValueAndList,
    /// `Exists` beside `ComparisonOperator`.
    ExistsAndOperator,
    /// `AttributeValueList` without `ComparisonOperator`.
    ListWithoutOperator,
    /// `ComparisonOperator` without a value.
    OperatorWithoutValue(&'static str),
    /// `Exists` false with a `Value`.
    ValueWithoutExisting,
    /// No value, though `Exists` is true (or, `None`, absent).
    NoValue(Option<bool>),
}

impl fmt::Display for LegacyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const INVALID: &str = "One or more parameter values were invalid:";
        match self {
            Self::Value(error) => error.fmt(f),
            Self::ArgumentCount { operator } => {
                write!(f, "{INVALID} Invalid number of argument(s) for the {operator} ComparisonOperator")
            }
            Self::ArgumentType { operator, value_type } => {
                write!(
                    f,
                    "{INVALID} ComparisonOperator {operator} is not valid for {value_type} AttributeValue type"
                )
            }
            Self::MixedTypes => write!(f, "{INVALID} AttributeValues inside AttributeValueList must be of same type"),
            Self::BetweenReversed => {
                f.write_str("The BETWEEN condition was provided a range where the lower bound is greater than the upper bound")
            }
            Self::NotIndexable => f.write_str("Attempted conditional constraint is not an indexable operation"),
            Self::UnknownOperator => write!(f, "{INVALID} Invalid comparison operator"),
            // The service's own list, misprint included.
            Self::UnknownConditionalOperator => f.write_str("Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]"),
            Self::NothingToJoin => f.write_str("ConditionalOperator cannot be used without Filter or Expected"),
            Self::OneToJoin => f.write_str("ConditionalOperator can only be used when Filter or Expected has two or more elements"),
            Self::Expected { problem, attribute } => write!(f, "{INVALID} {problem} for Attribute: {attribute}"),
        }
    }
}

impl std::error::Error for LegacyError {}

impl fmt::Display for ExpectedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ValueAndList => f.write_str("Value and AttributeValueList cannot be used together"),
            Self::ExistsAndOperator => f.write_str("Exists and ComparisonOperator cannot be used together"),
            Self::ListWithoutOperator => f.write_str("AttributeValueList can only be used with a ComparisonOperator"),
            Self::OperatorWithoutValue(operator) => {
                write!(f, "Value or AttributeValueList must be used with ComparisonOperator: {operator}")
            }
            Self::ValueWithoutExisting => f.write_str("Value cannot be used when Exists is false"),
            Self::NoValue(exists) => {
                let exists = if exists.is_some() { "true" } else { "null" };
                write!(f, "Value must be provided when Exists is {exists}")
            }
        }
    }
}

/// An operator with its values.
enum Test {
    Compare(Comparator, Arc<AttributeValue>),
    Between(Arc<AttributeValue>, Arc<AttributeValue>),
    In(Vec<Arc<AttributeValue>>),
    Exists(bool),
    Contains(bool, Arc<AttributeValue>),
    BeginsWith(Arc<AttributeValue>),
}

impl Test {
    /// `None` where the operator does not take that many values.
    fn new(operator: Operator, values: &[Arc<AttributeValue>]) -> Option<Self> {
        Some(match (operator, values) {
            (Operator::Compare(comparator), [value]) => Self::Compare(comparator, value.clone()),
            (Operator::Between, [lower, upper]) => Self::Between(lower.clone(), upper.clone()),
            (Operator::In, [_, ..]) => Self::In(values.to_vec()),
            (Operator::Null, []) => Self::Exists(false),
            (Operator::NotNull, []) => Self::Exists(true),
            (Operator::Contains, [value]) => Self::Contains(true, value.clone()),
            (Operator::NotContains, [value]) => Self::Contains(false, value.clone()),
            (Operator::BeginsWith, [value]) => Self::BeginsWith(value.clone()),
            _ => return None,
        })
    }
}

/// One element of such a map: an attribute, and the test it must pass.
struct Element {
    attribute: String,
    test: Test,
}

// What the sort leaves behind where it takes an element away.
impl Default for Element {
    fn default() -> Self {
        Self {
            attribute: String::new(),
            test: Test::Exists(true),
        }
    }
}

impl Element {
    /// The number of the values, then their types, then how they stand to each other.
    fn new(
        attribute: &str,
        operator: &'static (&'static str, Operator, Types),
        values: &[Arc<AttributeValue>],
    ) -> Result<Self, LegacyError> {
        let (operator, kind, types) = *operator;
        let test = Test::new(kind, values).ok_or(LegacyError::ArgumentCount { operator })?;
        for value in values {
            let fits = match **value {
                AttributeValue::S(_) | AttributeValue::B(_) => true,
                AttributeValue::N(_) => types != Types::StringBinary,
                _ => types == Types::Any,
            };
            if !fits {
                let value_type = value.type_name();
                return Err(LegacyError::ArgumentType { operator, value_type });
            }
        }
        if let Test::Between(lower, upper) = &test {
            match order(lower, upper) {
                None => return Err(LegacyError::MixedTypes),
                Some(Ordering::Greater) => return Err(LegacyError::BetweenReversed),
                Some(_) => {}
            }
        }
        let attribute = attribute.to_owned();
        Ok(Self { attribute, test })
    }

    /// An element of `KeyConditions`, `QueryFilter` or `ScanFilter`.
    fn of_condition(attribute: &str, element: Value<'_>) -> Result<Self, LegacyError> {
        let operator = text(element, "ComparisonOperator").unwrap_or_default();
        let values = element.get("AttributeValueList").map_or(Ok(Vec::new()), read_list)?;
        Self::new(attribute, row(&operator)?, &values)
    }

    /// An element of `Expected`: an operator with values, or a `Value` to be equal to, or `Exists` false.
    fn of_expected(attribute: &str, element: Value<'_>) -> Result<Self, LegacyError> {
        let given = |name: &str| element.get(name).filter(|value| !value.is_null());
        let exists = given("Exists").map(is_true);
        let operator = text(element, "ComparisonOperator").map(|name| row(&name)).transpose()?;
        let (value, list) = (given("Value"), given("AttributeValueList"));
        let problem = match (operator, value, list, exists) {
            (_, Some(_), Some(_), _) => Some(ExpectedProblem::ValueAndList),
            (Some(_), _, _, Some(_)) => Some(ExpectedProblem::ExistsAndOperator),
            (None, _, Some(_), _) => Some(ExpectedProblem::ListWithoutOperator),
            (Some((_, Operator::Null | Operator::NotNull, _)), None, None, None) => None,
            (Some((name, ..)), None, None, None) => Some(ExpectedProblem::OperatorWithoutValue(name)),
            (None, Some(_), None, Some(false)) => Some(ExpectedProblem::ValueWithoutExisting),
            (None, None, None, None | Some(true)) => Some(ExpectedProblem::NoValue(exists)),
            _ => None,
        };
        if let Some(problem) = problem {
            let attribute = attribute.to_owned();
            return Err(LegacyError::Expected { problem, attribute });
        }
        let mut values = list.map_or(Ok(Vec::new()), read_list)?;
        if let Some(value) = value {
            values.push(read_value(value)?);
        }
        let operator = match operator {
            Some(operator) => operator,
            None => row(if values.is_empty() { "NULL" } else { "EQ" })?,
        };
        Self::new(attribute, operator, &values)
    }

    /// Appends the condition's nodes and values; the nodes' root.
    fn push_to(self, nodes: &mut Vec<Node>, values: &mut Values) -> NodeId {
        let mut operand = |value| Operand::Value(values.push(value));
        let path = Operand::Path(DocumentPath::of_attribute(self.attribute));
        let node = match self.test {
            Test::Compare(comparator, value) => Node::Compare(comparator, path, operand(value)),
            Test::Between(lower, upper) => Node::Between(path, operand(lower), operand(upper)),
            Test::In(list) => Node::In(path, list.into_iter().map(operand).collect()),
            Test::Exists(true) => Node::Call(Predicate::AttributeExists, vec![path]),
            Test::Exists(false) => Node::Call(Predicate::AttributeNotExists, vec![path]),
            Test::BeginsWith(prefix) => Node::Call(Predicate::BeginsWith, vec![path, operand(prefix)]),
            Test::Contains(wanted, content) => {
                let contains = Node::Call(Predicate::Contains, vec![path, operand(content)]);
                if wanted { contains } else { Node::Not(push(nodes, contains)) }
            }
        };
        push(nodes, node)
    }

    /// The same as a key condition.
    fn into_clause(self) -> Result<KeyClause, LegacyError> {
        let test = match self.test {
            Test::Compare(comparator, value) if comparator != Comparator::NotEqual => KeyTest::Compare(comparator, value),
            Test::Between(lower, upper) => KeyTest::Between(lower, upper),
            Test::BeginsWith(prefix) => KeyTest::BeginsWith(prefix),
            _ => return Err(LegacyError::NotIndexable),
        };
        let attribute = self.attribute;
        Ok(KeyClause { attribute, test })
    }
}

fn push(nodes: &mut Vec<Node>, node: Node) -> NodeId {
    nodes.push(node);
    NodeId(nodes.len() as u32 - 1)
}

fn text<'d>(element: Value<'d>, name: &str) -> Option<std::borrow::Cow<'d, str>> {
    element.get(name).and_then(Value::as_str)
}

/// A boolean, which may also be the word (messages-items section 9).
fn is_true(value: Value<'_>) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str().as_deref() == Some("true"))
}

fn read_value(value: Value<'_>) -> Result<Arc<AttributeValue>, LegacyError> {
    AttributeValue::from_json(value, Layer::Current)
        .map(Arc::new)
        .map_err(LegacyError::Value)
}

fn read_list(list: Value<'_>) -> Result<Vec<Arc<AttributeValue>>, LegacyError> {
    list.elements().map(read_value).collect()
}

/// The elements of such a map, sorted by attribute; of two for one attribute the last counts.
fn elements(map: Value<'_>, read: fn(&str, Value<'_>) -> Result<Element, LegacyError>) -> Result<Vec<Element>, LegacyError> {
    let members = map.members().filter(|(_, element)| !element.is_null());
    let mut elements: Vec<Element> = members.map(|(name, element)| read(&name, element)).collect::<Result<_, _>>()?;
    sort(&mut elements, |one, two| one.attribute.cmp(&two.attribute));
    // `dedup_by` keeps the first of equals, so the later one takes its place.
    elements.dedup_by(|later, kept| {
        let same = later.attribute == kept.attribute;
        if same {
            std::mem::swap(later, kept);
        }
        same
    });
    Ok(elements)
}

/// Joins conditions by a `ConditionalOperator` (AND where there is none), two and two, so that the tree is never deep.
fn join(elements: Option<Vec<Element>>, conditional_operator: Option<&str>) -> Result<Option<Condition>, LegacyError> {
    match (conditional_operator, elements.as_ref().map(Vec::len)) {
        (Some(_), None) => return Err(LegacyError::NothingToJoin),
        (Some(_), Some(0 | 1)) => return Err(LegacyError::OneToJoin),
        (None | Some("AND" | "OR"), _) => {}
        (Some(_), _) => return Err(LegacyError::UnknownConditionalOperator),
    }
    let (mut nodes, mut values) = (Vec::new(), Values::default());
    let elements = elements.into_iter().flatten();
    let mut roots: Vec<NodeId> = elements.map(|element| element.push_to(&mut nodes, &mut values)).collect();
    while roots.len() > 1 {
        let pairs = roots.chunks(2).map(|pair| match *pair {
            [one, two] if conditional_operator == Some("OR") => push(&mut nodes, Node::Or(one, two)),
            [one, two] => push(&mut nodes, Node::And(one, two)),
            _ => pair[0], // the odd one out; a chunk has one or two
        });
        roots = pairs.collect();
    }
    Ok(roots.pop().map(|root| Condition {
        tree: Arc::new(Tree { nodes, root }),
        values,
    }))
}

/// The condition of an `Expected`, if it has any element.
pub fn parse_expected(map: Option<Value<'_>>, conditional_operator: Option<&str>) -> Result<Option<Condition>, LegacyError> {
    let elements = map.map(|map| elements(map, Element::of_expected)).transpose()?;
    join(elements, conditional_operator)
}

/// The condition of a `QueryFilter` or `ScanFilter`, if it has any element.
pub fn parse_legacy_filter(map: Option<Value<'_>>, conditional_operator: Option<&str>) -> Result<Option<Condition>, LegacyError> {
    let elements = map.map(|map| elements(map, Element::of_condition)).transpose()?;
    join(elements, conditional_operator)
}

/// The clauses of `KeyConditions`.
pub fn parse_key_conditions(map: Value<'_>) -> Result<KeyClauses, LegacyError> {
    let elements = elements(map, Element::of_condition)?;
    elements
        .into_iter()
        .map(Element::into_clause)
        .collect::<Result<_, _>>()
        .map(KeyClauses::new)
}
