//! Conditions and filters, as expressions and as the legacy parameters (behaviour rules 31, 32, 34, 35).

use std::cmp::Ordering;

use crate::decimal::Decimal;
use crate::json::Json;
use crate::path::Path;
use crate::text::Placeholders;
use crate::value::{Item, Side, Value};

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// What stands there.
    Path(Path),
    /// A value.
    Value(Value),
    /// The size of what stands there.
    Size(Path),
}

/// A comparator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// All of them.
pub const COMPARATORS: [Comparator; 6] = [
    Comparator::Equal,
    Comparator::NotEqual,
    Comparator::Less,
    Comparator::LessOrEqual,
    Comparator::Greater,
    Comparator::GreaterOrEqual,
];

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

    /// Its name in the legacy parameters.
    pub fn legacy_name(self) -> &'static str {
        match self {
            Self::Equal => "EQ",
            Self::NotEqual => "NE",
            Self::Less => "LT",
            Self::LessOrEqual => "LE",
            Self::Greater => "GT",
            Self::GreaterOrEqual => "GE",
        }
    }

    /// Whether it holds between two values, of which each may be missing (rule 35).
    pub fn holds(self, left: Option<&Value>, right: Option<&Value>) -> bool {
        let order = || left.zip(right).and_then(|(left, right)| left.order(right));
        match self {
            Self::Equal => left.is_some() && left == right,
            Self::NotEqual => left.is_none() || left != right,
            Self::Less => order() == Some(Ordering::Less),
            Self::LessOrEqual => order().is_some_and(|order| order != Ordering::Greater),
            Self::Greater => order() == Some(Ordering::Greater),
            Self::GreaterOrEqual => order().is_some_and(|order| order != Ordering::Less),
        }
    }
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // the names are those of the language
pub enum Condition {
    Compare(Operand, Comparator, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    NotExists(Path),
    IsType(Path, &'static str),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

impl Operand {
    fn value(&self, item: &Item) -> Option<Value> {
        match self {
            Self::Path(path) => path.get(item).cloned(),
            Self::Value(value) => Some(value.clone()),
            Self::Size(path) => {
                let count = path.get(item)?.count()?;
                Some(Value::N(Decimal::integer(count.cast_signed())))
            }
        }
    }

    fn text(&self, given: &mut Placeholders) -> String {
        match self {
            Self::Path(path) => given.path(path),
            Self::Value(value) => given.value(value),
            Self::Size(path) => format!("size({})", given.path(path)),
        }
    }
}

impl Condition {
    /// Whether it holds for an item; no item is one without attributes.
    pub fn holds(&self, item: &Item) -> bool {
        let compare = |left: &Operand, comparator: Comparator, right: &Operand| {
            comparator.holds(left.value(item).as_ref(), right.value(item).as_ref())
        };
        let both = |one: &Operand, two: &Operand, test: fn(&Value, &Value) -> bool| match (one.value(item), two.value(item)) {
            (Some(one), Some(two)) => test(&one, &two),
            _ => false,
        };
        match self {
            Self::Compare(left, comparator, right) => compare(left, *comparator, right),
            Self::Between(tested, lower, upper) => {
                compare(tested, Comparator::GreaterOrEqual, lower) && compare(tested, Comparator::LessOrEqual, upper)
            }
            Self::In(tested, list) => list.iter().any(|operand| compare(tested, Comparator::Equal, operand)),
            Self::Exists(path) => path.get(item).is_some(),
            Self::NotExists(path) => path.get(item).is_none(),
            Self::IsType(path, name) => path.get(item).is_some_and(|value| value.type_name() == *name),
            Self::BeginsWith(text, prefix) => both(text, prefix, Value::begins_with),
            Self::Contains(whole, part) => both(whole, part, Value::contains),
            Self::And(one, two) => one.holds(item) && two.holds(item),
            Self::Or(one, two) => one.holds(item) || two.holds(item),
            Self::Not(condition) => !condition.holds(item),
        }
    }

    /// As an expression.
    pub fn text(&self, given: &mut Placeholders) -> String {
        match self {
            Self::Compare(left, comparator, right) => {
                let left = left.text(given);
                format!("{left} {} {}", comparator.symbol(), right.text(given))
            }
            Self::Between(tested, lower, upper) => {
                let (tested, lower) = (tested.text(given), lower.text(given));
                format!("{tested} BETWEEN {lower} AND {}", upper.text(given))
            }
            Self::In(tested, list) => {
                let tested = tested.text(given);
                let list: Vec<String> = list.iter().map(|operand| operand.text(given)).collect();
                format!("{tested} IN ({})", list.join(","))
            }
            Self::Exists(path) => format!("attribute_exists({})", given.path(path)),
            Self::NotExists(path) => format!("attribute_not_exists( {} )", given.path(path)),
            Self::IsType(path, name) => {
                let path = given.path(path);
                format!("attribute_type({path}, {})", given.value(&Value::S((*name).to_owned())))
            }
            Self::BeginsWith(text, prefix) => {
                let text = text.text(given);
                format!("begins_with({text}, {})", prefix.text(given))
            }
            Self::Contains(whole, part) => {
                let whole = whole.text(given);
                format!("contains({whole}, {})", part.text(given))
            }
            Self::And(one, two) => {
                let one = one.bound(given, 2);
                format!("{one} AND {}", two.bound(given, 2))
            }
            Self::Or(one, two) => {
                let one = one.bound(given, 1);
                format!("{one} or {}", two.bound(given, 1))
            }
            Self::Not(condition) => format!("NOT {}", condition.bound(given, 3)),
        }
    }

    /// In parentheses where it binds less than so.
    fn bound(&self, given: &mut Placeholders, least: u8) -> String {
        let binds = match self {
            Self::Or(..) => 1,
            Self::And(..) => 2,
            Self::Not(_) => 3,
            _ => 4,
        };
        let text = self.text(given);
        if binds < least { format!("({text})") } else { text }
    }
}

/// A test of one attribute as the legacy parameters write it.
#[derive(Clone, Debug, PartialEq)]
pub enum LegacyTest {
    /// A comparison operator's name, and its values.
    Operator(&'static str, Vec<Value>),
    /// `Expected` with a value only.
    Value(Value),
    /// `Expected` with `Exists` false.
    Missing,
}

/// Such tests, joined.
#[derive(Clone, Debug, PartialEq)]
pub struct LegacyCondition {
    /// The attributes and their tests.
    pub tests: Vec<(String, LegacyTest)>,
    /// Whether one of them is enough.
    pub any: bool,
}

impl LegacyTest {
    fn holds(&self, value: Option<&Value>) -> bool {
        match self {
            Self::Value(expected) => value == Some(expected),
            Self::Missing => value.is_none(),
            Self::Operator(name, values) => {
                let [first, second] = [values.first(), values.get(1)];
                let both = |test: fn(&Value, &Value) -> bool| value.zip(first).is_some_and(|(value, first)| test(value, first));
                match (*name, COMPARATORS.iter().find(|comparator| comparator.legacy_name() == *name)) {
                    (_, Some(comparator)) => comparator.holds(value, first),
                    ("NULL", _) => value.is_none(),
                    ("NOT_NULL", _) => value.is_some(),
                    ("CONTAINS", _) => both(Value::contains),
                    ("NOT_CONTAINS", _) => !both(Value::contains),
                    ("BEGINS_WITH", _) => both(Value::begins_with),
                    ("IN", _) => value.is_some_and(|value| values.contains(value)),
                    ("BETWEEN", _) => Comparator::GreaterOrEqual.holds(value, first) && Comparator::LessOrEqual.holds(value, second),
                    _ => false,
                }
            }
        }
    }

    fn json(&self) -> Json {
        match self {
            Self::Value(value) => Json::object([("Value", value.json(Side::Request))]),
            Self::Missing => Json::object([("Exists", Json::Bool(false))]),
            Self::Operator(name, values) => {
                let mut element = Json::object([("ComparisonOperator", Json::text(*name))]);
                if !values.is_empty() {
                    let values = values.iter().map(|value| value.json(Side::Request));
                    element.set("AttributeValueList", Json::Array(values.collect()));
                }
                element
            }
        }
    }
}

impl LegacyCondition {
    /// Whether it holds for an item.
    pub fn holds(&self, item: &Item) -> bool {
        let mut outcomes = self.tests.iter().map(|(name, test)| test.holds(item.get(name)));
        if self.any {
            outcomes.any(|holds| holds)
        } else {
            outcomes.all(|holds| holds)
        }
    }

    /// Gives a request the condition.
    pub fn write_to(&self, request: &mut Json, member: &str) {
        let tests = self.tests.iter().map(|(name, test)| (name.clone(), test.json()));
        request.set(member, Json::Object(tests.collect()));
        if self.tests.len() > 1 && (self.any || self.tests.len().is_multiple_of(2)) {
            request.set("ConditionalOperator", Json::text(if self.any { "OR" } else { "AND" }));
        }
    }
}

/// A condition or filter in either form.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// As an expression.
    Expression(Condition),
    /// As a legacy parameter.
    Legacy(LegacyCondition),
}

impl Test {
    /// Whether it holds for an item.
    pub fn holds(&self, item: &Item) -> bool {
        match self {
            Self::Expression(condition) => condition.holds(item),
            Self::Legacy(condition) => condition.holds(item),
        }
    }
}
