//! Updates, as expressions and as `AttributeUpdates` (behaviour rules 37 to 44, 47).

use crate::decimal::NoNumber;
use crate::json::Json;
use crate::path::{Path, Step, assemble};
use crate::text::Placeholders;
use crate::value::{Item, Side, Value};

/// What a SET computes with.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // the names are those of the language
pub enum Operand {
    Path(Path),
    Value(Value),
    IfNotExists(Path, Box<Self>),
    ListAppend(Box<Self>, Box<Self>),
}

/// The right side of a SET.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Source {
    Operand(Operand),
    Plus(Operand, Operand),
    Minus(Operand, Operand),
}

/// An update.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Update {
    pub set: Vec<(Path, Source)>,
    pub remove: Vec<Path>,
    pub add: Vec<(Path, Value)>,
    pub delete: Vec<(Path, Value)>,
}

const WRONG_TYPE: &str = "An operand in the update expression has an incorrect data type";
const NOT_THERE: &str = "The provided expression refers to an attribute that does not exist in the item";
const INVALID_PATH: &str = "The document path provided in the update expression is invalid for update";

/// Why an update fails, in the service's words.
type Fault = &'static str;

impl Operand {
    fn value(&self, item: &Item) -> Result<Value, Fault> {
        match self {
            Self::Path(path) => path.get(item).cloned().ok_or(NOT_THERE),
            Self::Value(value) => Ok(value.clone()),
            Self::IfNotExists(path, otherwise) => path.get(item).cloned().map_or_else(|| otherwise.value(item), Ok),
            Self::ListAppend(one, two) => match (one.value(item)?, two.value(item)?) {
                (Value::L(one), Value::L(two)) => Ok(Value::L([one, two].concat())),
                _ => Err(WRONG_TYPE),
            },
        }
    }

    fn text(&self, given: &mut Placeholders) -> String {
        match self {
            Self::Path(path) => given.path(path),
            Self::Value(value) => given.value(value),
            Self::IfNotExists(path, otherwise) => {
                let path = given.path(path);
                format!("if_not_exists({path}, {})", otherwise.text(given))
            }
            Self::ListAppend(one, two) => {
                let one = one.text(given);
                format!("list_append({one}, {})", two.text(given))
            }
        }
    }
}

impl Source {
    fn value(&self, item: &Item) -> Result<Value, Fault> {
        let (one, two, minus) = match self {
            Self::Operand(operand) => return operand.value(item),
            Self::Plus(one, two) => (one, two, false),
            Self::Minus(one, two) => (one, two, true),
        };
        match (one.value(item)?, two.value(item)?) {
            (Value::N(one), Value::N(two)) => {
                let result = if minus { one.minus(&two) } else { one.plus(&two) };
                result.map(Value::N).map_err(NoNumber::message)
            }
            _ => Err(WRONG_TYPE),
        }
    }

    fn text(&self, given: &mut Placeholders) -> String {
        let (one, sign, two) = match self {
            Self::Operand(operand) => return operand.text(given),
            Self::Plus(one, two) => (one, '+', two),
            Self::Minus(one, two) => (one, '-', two),
        };
        let one = one.text(given);
        format!("{one} {sign} {}", two.text(given))
    }
}

/// What ADD makes of a value (rule 43).
fn added(old: Option<&Value>, value: &Value) -> Result<Value, Fault> {
    match (old, value) {
        (None, value) => Ok(value.clone()),
        (Some(Value::N(old)), Value::N(value)) => old.plus(value).map(Value::N).map_err(NoNumber::message),
        (Some(Value::Ss(old)), Value::Ss(value)) => Ok(Value::Ss(old | value)),
        (Some(Value::Ns(old)), Value::Ns(value)) => Ok(Value::Ns(old | value)),
        (Some(Value::Bs(old)), Value::Bs(value)) => Ok(Value::Bs(old | value)),
        _ => Err(WRONG_TYPE),
    }
}

/// What DELETE leaves of a set; nothing if that is empty (rule 42).
fn without(old: &Value, value: &Value) -> Result<Option<Value>, Fault> {
    let left = match (old, value) {
        (Value::Ss(old), Value::Ss(value)) => Value::Ss(old - value),
        (Value::Ns(old), Value::Ns(value)) => Value::Ns(old - value),
        (Value::Bs(old), Value::Bs(value)) => Value::Bs(old - value),
        _ => return Err(WRONG_TYPE),
    };
    Ok((left.count() != Some(0)).then_some(left))
}

/// What happens at the end of a path.
enum Change {
    Put(Value),
    Remove,
}

impl Update {
    /// Everything it touches.
    pub fn targets(&self) -> impl Iterator<Item = &Path> {
        let set = self.set.iter().map(|(path, _)| path);
        let values = self.add.iter().chain(&self.delete).map(|(path, _)| path);
        set.chain(&self.remove).chain(values)
    }

    /// Every change there is to make; all right sides read the item as it was (rule 37).
    fn changes(&self, item: &Item) -> Result<Vec<(Path, Change)>, Vec<Fault>> {
        let (mut changes, mut faults) = (Vec::new(), Vec::new());
        let mut note = |path: &Path, change: Result<Option<Change>, Fault>| match change {
            Ok(change) => changes.extend(change.map(|change| (path.clone(), change))),
            Err(fault) => faults.push(fault),
        };
        for (path, source) in &self.set {
            note(path, source.value(item).map(|value| Some(Change::Put(value))));
        }
        for path in &self.remove {
            note(path, Ok(Some(Change::Remove)));
        }
        for (path, value) in &self.add {
            note(path, added(path.get(item), value).map(|value| Some(Change::Put(value))));
        }
        for (path, value) in &self.delete {
            let left = path.get(item).map(|old| without(old, value)).transpose();
            note(path, left.map(|left| left.map(|left| left.map_or(Change::Remove, Change::Put))));
        }
        for path in self.targets() {
            let fits = match path.parent() {
                None => true,
                Some((parent, step)) => matches!(
                    (parent.get(item), step),
                    (Some(Value::M(_)), Step::Field(_)) | (Some(Value::L(_)), Step::Index(_))
                ),
            };
            if !fits {
                faults.push(INVALID_PATH);
            }
        }
        if faults.is_empty() { Ok(changes) } else { Err(faults) }
    }

    /// The item afterwards, and what `UPDATED_NEW` shows of it (rule 44); or everything that is wrong.
    pub fn apply(&self, item: &Item) -> Result<(Item, Item), Vec<Fault>> {
        let (mut puts, mut appended, mut removed) = (Vec::new(), Vec::new(), Vec::new());
        for (path, change) in self.changes(item)? {
            match (change, path.steps.last()) {
                (Change::Put(value), Some(Step::Index(_))) if path.get(item).is_none() => appended.push((path, value)),
                (Change::Put(value), _) => puts.push((path, value)),
                (Change::Remove, _) => removed.extend(path.get(item).is_some().then_some(path)),
            }
        }
        // Paths mean the item as it was (rule 39): first what moves nothing, then what is added at the ends, and what goes from behind.
        let mut new = item.clone();
        for (path, value) in &puts {
            put(&mut new, path, value.clone());
        }
        appended.sort_by(|(one, _), (two, _)| one.cmp(two));
        for (path, value) in appended {
            let list = path.parent().and_then(|(parent, _)| parent.get_mut(&mut new));
            if let Some(Value::L(elements)) = list {
                elements.push(value); // rule 38
            }
        }
        removed.sort();
        for path in removed.iter().rev() {
            remove(&mut new, path);
        }
        Ok((new, assemble(puts)))
    }

    /// As an expression.
    pub fn text(&self, given: &mut Placeholders) -> String {
        let mut clauses = Vec::new();
        let mut clause = |keyword: &str, actions: Vec<String>| {
            if !actions.is_empty() {
                clauses.push(format!("{keyword} {}", actions.join(", ")));
            }
        };
        let set = self.set.iter().map(|(path, source)| {
            let path = given.path(path);
            format!("{path} = {}", source.text(given))
        });
        clause("SET", set.collect());
        let values = |actions: &[(Path, Value)], given: &mut Placeholders| {
            let actions = actions.iter().map(|(path, value)| {
                let path = given.path(path);
                format!("{path} {}", given.value(value))
            });
            actions.collect()
        };
        clause("delete", values(&self.delete, given));
        clause("REMOVE", self.remove.iter().map(|path| given.path(path)).collect());
        clause("ADD", values(&self.add, given));
        clauses.join(" ")
    }

    /// As `AttributeUpdates`, for an update of whole attributes to values.
    pub fn legacy_json(&self) -> Json {
        let mut updates = Json::object([]);
        let mut element = |path: &Path, action: Option<&str>, value: Option<&Value>| {
            let mut element = Json::object([]);
            if let Some(action) = action {
                element.set("Action", Json::text(action));
            }
            if let Some(value) = value {
                element.set("Value", value.json(Side::Request));
            }
            updates.set(&path.attribute, element);
        };
        for (path, source) in &self.set {
            if let Source::Operand(Operand::Value(value)) = source {
                element(path, (path.attribute.len() > 1).then_some("PUT"), Some(value));
            }
        }
        self.remove.iter().for_each(|path| element(path, Some("DELETE"), None));
        self.add.iter().for_each(|(path, value)| element(path, Some("ADD"), Some(value)));
        self.delete
            .iter()
            .for_each(|(path, value)| element(path, Some("DELETE"), Some(value)));
        updates
    }
}

fn put(item: &mut Item, path: &Path, value: Value) {
    match path.parent() {
        None => drop(item.insert(path.attribute.clone(), value)),
        Some((parent, step)) => match (parent.get_mut(item), step) {
            (Some(Value::M(members)), Step::Field(name)) => drop(members.insert(name.clone(), value)),
            (Some(Value::L(elements)), Step::Index(index)) => elements[*index] = value,
            _ => {}
        },
    }
}

fn remove(item: &mut Item, path: &Path) {
    match path.parent() {
        None => drop(item.remove(&path.attribute)),
        Some((parent, step)) => match (parent.get_mut(item), step) {
            (Some(Value::M(members)), Step::Field(name)) => drop(members.remove(name)),
            (Some(Value::L(elements)), Step::Index(index)) => drop(elements.remove(*index)),
            _ => {}
        },
    }
}
