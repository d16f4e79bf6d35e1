//! Document paths, and what of an item stands where they lead (behaviour rules 30, 49).

use std::collections::BTreeMap;

use crate::value::{Item, Value};

/// One step into a map or a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// `.name`
    Field(String),
    /// `[index]`
    Index(usize),
}

/// An attribute and the steps into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// The attribute.
    pub attribute: String,
    /// The steps.
    pub steps: Vec<Step>,
}

fn step_into<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match (value, step) {
        (Value::M(members), Step::Field(name)) => members.get(name),
        (Value::L(elements), Step::Index(index)) => elements.get(*index),
        _ => None,
    }
}

impl Path {
    /// The path of a whole attribute.
    pub fn of(attribute: &str) -> Self {
        Self {
            attribute: attribute.to_owned(),
            steps: Vec::new(),
        }
    }

    /// The value there.
    pub fn get<'i>(&self, item: &'i Item) -> Option<&'i Value> {
        self.steps
            .iter()
            .try_fold(item.get(&self.attribute)?, |value, step| step_into(value, step))
    }

    /// The value there, to be changed.
    pub fn get_mut<'i>(&self, item: &'i mut Item) -> Option<&'i mut Value> {
        self.steps
            .iter()
            .try_fold(item.get_mut(&self.attribute)?, |value, step| match (value, step) {
                (Value::M(members), Step::Field(name)) => members.get_mut(name),
                (Value::L(elements), Step::Index(index)) => elements.get_mut(*index),
                _ => None,
            })
    }

    /// The path without its last step, and that; nothing for a whole attribute.
    pub fn parent(&self) -> Option<(Self, &Step)> {
        let (last, steps) = self.steps.split_last()?;
        let attribute = self.attribute.clone();
        let steps = steps.to_vec();
        Some((Self { attribute, steps }, last))
    }

    /// Whether two paths may not stand in one update or projection: one leads through the other, or they go different ways into one value
    /// (rule 30).
    pub fn clashes(&self, other: &Self) -> bool {
        if self.attribute != other.attribute {
            return false;
        }
        let differing = self.steps.iter().zip(&other.steps).find(|(one, two)| one != two);
        !matches!(differing, Some((Step::Field(_), Step::Field(_)) | (Step::Index(_), Step::Index(_))))
    }
}

/// Parts put together again as an item that holds nothing else: list elements move up in their order (rule 49).
pub fn assemble(parts: Vec<(Path, Value)>) -> Item {
    let mut by_attribute: BTreeMap<String, Vec<(Vec<Step>, Value)>> = BTreeMap::new();
    for (path, value) in parts {
        by_attribute.entry(path.attribute).or_default().push((path.steps, value));
    }
    by_attribute.into_iter().map(|(name, parts)| (name, grow(parts))).collect()
}

fn grow(parts: Vec<(Vec<Step>, Value)>) -> Value {
    let mut branches: BTreeMap<Step, Vec<(Vec<Step>, Value)>> = BTreeMap::new();
    for (mut steps, value) in parts {
        if steps.is_empty() {
            return value;
        }
        let first = steps.remove(0);
        branches.entry(first).or_default().push((steps, value));
    }
    let (mut members, mut elements) = (Item::new(), Vec::new());
    for (step, parts) in branches {
        match step {
            Step::Field(name) => drop(members.insert(name, grow(parts))),
            Step::Index(_) => elements.push(grow(parts)),
        }
    }
    if elements.is_empty() {
        Value::M(members)
    } else {
        Value::L(elements)
    }
}

/// What a projection shows of an item (rules 48, 49).
pub fn project(paths: &[Path], item: &Item) -> Item {
    let found = paths.iter().filter_map(|path| Some((path.clone(), path.get(item)?.clone())));
    assemble(found.collect())
}
