//! Random conditions, filters and projections over items like a given one.

use std::cmp::Ordering;

use super::values;
use crate::condition::{COMPARATORS, Comparator, Condition, LegacyCondition, LegacyTest, Operand};
use crate::decimal::Decimal;
use crate::path::{Path, Step};
use crate::random::Random;
use crate::value::{Item, Value};

const TYPES: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"];

/// What expressions are made of: an item they look at, and the attributes they may name.
pub struct About<'a> {
    /// An item like those they will meet.
    pub like: &'a Item,
    /// Attributes that may not be named.
    pub barred: Vec<&'a str>,
}

impl About<'_> {
    /// The name of an attribute that may be named.
    pub fn attribute(&self, random: &mut Random) -> String {
        let there: Vec<&String> = self.like.keys().collect();
        let name = if random.percent(80) && !there.is_empty() {
            random.pick(&there).clone()
        } else {
            values::attribute(random)
        };
        if self.barred.contains(&name.as_str()) {
            (random.pick(&values::OTHERS)).to_owned()
        } else {
            name
        }
    }

    /// A path that may lead somewhere.
    pub fn path(&self, random: &mut Random) -> Path {
        let holds_others = |name: &&&str| matches!(self.like.get(**name), Some(Value::L(_) | Value::M(_))) && !self.barred.contains(*name);
        let mut path = match ["lst", "doc"].iter().find(holds_others) {
            Some(name) if random.percent(35) => Path::of(name),
            _ => Path::of(&self.attribute(random)),
        };
        let mut at = self.like.get(&path.attribute);
        while random.percent(60) {
            let step = match at {
                Some(Value::L(elements)) if !elements.is_empty() => Step::Index(random.below(elements.len() + 1)),
                Some(Value::L(_)) => Step::Index(random.below(3)),
                Some(Value::M(members)) if !members.is_empty() && random.percent(85) => {
                    let names: Vec<&String> = members.keys().collect();
                    Step::Field(random.pick(&names).clone())
                }
                Some(Value::M(_)) => Step::Field(values::field(random)),
                _ if random.percent(97) => break,
                _ if random.percent(50) => Step::Index(random.below(2)),
                _ => Step::Field(values::field(random)),
            };
            path.steps.push(step);
            at = path.get(self.like);
        }
        path
    }

    /// A path to go with these: often a neighbour of the last one, in the same map or list.
    pub fn another(&self, random: &mut Random, paths: &[Path]) -> Path {
        let neighbour = paths.last().and_then(|path| {
            let (mut parent, _) = path.parent()?;
            let step = match parent.get(self.like)? {
                Value::L(elements) => Step::Index(random.below(elements.len() + 3)),
                Value::M(_) => Step::Field(values::field(random)),
                _ => return None,
            };
            parent.steps.push(step);
            Some(parent)
        });
        neighbour.filter(|_| random.percent(60)).unwrap_or_else(|| self.path(random))
    }

    /// Paths that go together.
    pub fn paths(&self, random: &mut Random, most: usize) -> Vec<Path> {
        let mut paths: Vec<Path> = vec![self.path(random)];
        for _ in 1..random.within(1..most + 1) {
            let path = self.another(random, &paths);
            if !paths.iter().any(|other| other.clashes(&path)) {
                paths.push(path);
            }
        }
        paths
    }

    /// What stands there, or something else.
    fn value(&self, random: &mut Random, path: &Path) -> Value {
        let there = path.get(self.like).filter(|_| random.percent(60));
        there.cloned().unwrap_or_else(|| values::value(random, 1))
    }

    /// A string, number or binary: what stands there if that is one, or something else.
    fn scalar(&self, random: &mut Random, path: &Path) -> Value {
        let there = path.get(self.like).filter(|value| matches!(value.type_name(), "S" | "N" | "B"));
        match there.map(Value::type_name) {
            Some(kind) if random.percent(50) => values::key_value(random, kind),
            Some(_) if random.percent(70) => there.cloned().unwrap_or(Value::Null),
            _ => values::scalar(random),
        }
    }

    /// Two of one type, in order.
    fn bounds(&self, random: &mut Random, path: &Path) -> (Value, Value) {
        let one = self.scalar(random, path);
        let two = values::key_value(random, one.type_name());
        if one.order(&two) == Some(Ordering::Greater) {
            (two, one)
        } else {
            (one, two)
        }
    }

    fn leaf(&self, random: &mut Random) -> Condition {
        let path = self.path(random);
        let other = self.path(random);
        let tested = Operand::Path(path.clone());
        let small = |random: &mut Random| Operand::Value(Value::N(Decimal::integer(random.below(5).cast_signed())));
        match random.below(13) {
            0 => Condition::Compare(Operand::Size(path), random.pick(&COMPARATORS), small(random)),
            1 => Condition::Between(Operand::Size(path), Operand::Value(Value::N(Decimal::zero())), small(random)),
            2 if path != other => Condition::Compare(tested, random.pick(&COMPARATORS), Operand::Path(other)),
            3 => Condition::Compare(Operand::Value(self.scalar(random, &path)), random.pick(&COMPARATORS), tested),
            4 => {
                let (lower, upper) = self.bounds(random, &path);
                Condition::Between(tested, Operand::Value(lower), Operand::Value(upper))
            }
            5 => {
                let list = (0..random.within(1..5)).map(|_| Operand::Value(self.value(random, &path)));
                Condition::In(tested, list.collect())
            }
            6 => Condition::Exists(path),
            7 => Condition::NotExists(path),
            8 => Condition::IsType(path, random.pick(&TYPES)),
            9 => match self.scalar(random, &path) {
                Value::N(_) if path != other => Condition::BeginsWith(tested, Operand::Path(other)),
                Value::N(_) => Condition::Exists(path),
                Value::S(text) if random.percent(50) => {
                    Condition::BeginsWith(tested, Operand::Value(Value::S(text.chars().take(1).collect())))
                }
                prefix => Condition::BeginsWith(tested, Operand::Value(prefix)),
            },
            10 => Condition::Contains(tested, Operand::Value(self.part(random, &path))),
            11 => Condition::Compare(tested, random.pick(&COMPARATORS[..2]), Operand::Value(self.value(random, &path))),
            _ => Condition::Compare(tested, random.pick(&COMPARATORS), Operand::Value(self.scalar(random, &path))),
        }
    }

    /// Part of what stands there, or something else.
    fn part(&self, random: &mut Random, path: &Path) -> Value {
        let there = match path.get(self.like) {
            Some(Value::S(text)) => Some(Value::S(text.chars().skip(1).collect())),
            Some(Value::B(bytes)) => Some(Value::B(bytes.iter().skip(1).copied().collect())),
            Some(Value::Ss(members)) => members.first().cloned().map(Value::S),
            Some(Value::Ns(members)) => members.last().cloned().map(Value::N),
            Some(Value::Bs(members)) => members.first().cloned().map(Value::B),
            Some(Value::L(elements)) => elements.last().cloned(),
            _ => None,
        };
        there.filter(|_| random.percent(60)).unwrap_or_else(|| values::value(random, 2))
    }

    /// A condition.
    pub fn condition(&self, random: &mut Random, depth: usize) -> Condition {
        let below = |random: &mut Random| Box::new(self.condition(random, depth + 1));
        match random.below(10) {
            0 | 1 if depth < 3 => Condition::And(below(random), below(random)),
            2 | 3 if depth < 3 => Condition::Or(below(random), below(random)),
            4 if depth < 4 => Condition::Not(below(random)),
            _ => self.leaf(random),
        }
    }

    fn operator(&self, random: &mut Random, path: &Path) -> LegacyTest {
        let named = |name, values| LegacyTest::Operator(name, values);
        match random.below(12) {
            0 => named("NULL", Vec::new()),
            1 => named("NOT_NULL", Vec::new()),
            kind @ (2 | 3) => {
                let part = self.part(random, path);
                let part = if matches!(part.type_name(), "S" | "N" | "B") {
                    part
                } else {
                    values::scalar(random)
                };
                named(if kind == 2 { "CONTAINS" } else { "NOT_CONTAINS" }, vec![part])
            }
            4 => {
                let prefix = match self.scalar(random, path) {
                    Value::N(_) => Value::S("a".into()),
                    prefix => prefix,
                };
                named("BEGINS_WITH", vec![prefix])
            }
            5 => named("IN", (0..random.within(1..4)).map(|_| self.scalar(random, path)).collect()),
            6 => {
                let (lower, upper) = self.bounds(random, path);
                named("BETWEEN", vec![lower, upper])
            }
            7 | 8 => named(random.pick(&COMPARATORS[..2]).legacy_name(), vec![self.value(random, path)]),
            _ => named(random.pick(&COMPARATORS).legacy_name(), vec![self.scalar(random, path)]),
        }
    }

    /// A condition as the legacy parameters write it; `expected` has forms of its own.
    pub fn legacy(&self, random: &mut Random, expected: bool) -> LegacyCondition {
        let mut tests: Vec<(String, LegacyTest)> = Vec::new();
        for _ in 0..random.within(1..4) {
            let name = self.attribute(random);
            let path = Path::of(&name);
            let test = match random.below(4) {
                0 if expected => LegacyTest::Missing,
                1 if expected => LegacyTest::Value(self.value(random, &path)),
                _ => self.operator(random, &path),
            };
            tests.retain(|(other, _)| *other != name);
            tests.push((name, test));
        }
        let any = random.percent(50) && tests.len() > 1;
        LegacyCondition { tests, any }
    }
}

/// A comparator that a key condition may have, beside `=`.
pub fn range_comparator(random: &mut Random) -> Comparator {
    random.pick(&COMPARATORS[2..])
}
