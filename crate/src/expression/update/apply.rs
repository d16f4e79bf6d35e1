//! What an update does to an item: first every new value is computed from the item as it was (rule 37), then all of them are put in
//! place in one walk, in which every list index means the list as it was (rules 38, 39).

use super::{Clauses, SetValue, Update};
use crate::expression::condition::Operand;
use crate::expression::evaluate::Scope;
use crate::expression::path::DocumentPath;
use crate::expression::path_tree::{Branch, Members, path_tree};
use crate::expression::projection::Projection;
use crate::model::{AttributeValue, Item, NumberError};
use std::borrow::Cow;
use std::fmt;

/// An item after an update.
#[derive(Clone, PartialEq, Debug)]
pub struct Updated {
    /// The whole item.
    pub item: Item,
    /// What `UPDATED_NEW` returns: the values put in place, without appended list elements (rule 44).
    pub new_values: Item,
}

/// An update that does not fit the item. The texts never carry `1 validation error detected: `.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum UpdateError {
    /// What stands in the item is of a type the operator does not take.
    OperandType,
    /// An operand that is not in the item.
    MissingOperand,
    /// A path whose parent is not there, or is no map or list (rule 40).
    InvalidPath,
    /// Arithmetic out of range, or past 38 digits (rule 47).
    Number(NumberError),
}

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OperandType => f.write_str("An operand in the update expression has an incorrect data type"),
            Self::MissingOperand => f.write_str("The provided expression refers to an attribute that does not exist in the item"),
            Self::InvalidPath => f.write_str("The document path provided in the update expression is invalid for update"),
            Self::Number(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for UpdateError {}

/// What happens at the end of a path.
enum Change {
    Put(AttributeValue),
    Remove,
}

impl Update {
    /// The item after the update. An item that does not exist is one with its key attributes only (rule 41).
    pub fn apply(&self, item: &Item) -> Result<Updated, UpdateError> {
        let tree = path_tree(self.changes(item)?);
        let mut updated = Updated {
            item: item.clone(),
            new_values: Item::new(),
        };
        change_members(&mut updated.item, tree, &mut updated.new_values)?;
        Ok(updated)
    }

    /// What `UPDATED_OLD` returns: what stood where the update changes something (rule 44).
    pub fn old_values(&self, item: &Item) -> Item {
        Projection::new(self.targets().cloned()).apply(item)
    }

    fn changes(&self, item: &Item) -> Result<Vec<(DocumentPath, Change)>, UpdateError> {
        let mut changes = Vec::with_capacity(self.targets().count());
        let scope = Scope {
            item,
            values: &self.values,
        };
        let Clauses {
            set,
            remove,
            add: additions,
            delete,
        } = &*self.clauses;
        for action in set {
            changes.push((action.path.clone(), Change::Put(action.value.compute(scope)?)));
        }
        changes.extend(remove.iter().map(|path| (path.clone(), Change::Remove)));
        for action in additions {
            let value = &**self.values.get(action.value);
            let sum = match action.path.resolve(item) {
                None => value.clone(),
                Some(present) => add(present, value)?,
            };
            changes.push((action.path.clone(), Change::Put(sum)));
        }
        for action in delete {
            let rest = match action.path.resolve(item) {
                None => None,
                Some(present) => without(present, self.values.get(action.value))?,
            };
            // A set that lost its last member goes, too (rule 42).
            changes.push((action.path.clone(), rest.map_or(Change::Remove, Change::Put)));
        }
        Ok(changes)
    }
}

impl SetValue {
    fn compute(&self, scope: Scope<'_>) -> Result<AttributeValue, UpdateError> {
        let (left, right, minus) = match self {
            Self::Operand(operand) => return compute(operand, scope).map(Cow::into_owned),
            Self::Sum(left, right) => (left, right, false),
            Self::Difference(left, right) => (left, right, true),
        };
        match (&*compute(left, scope)?, &*compute(right, scope)?) {
            (AttributeValue::N(left), AttributeValue::N(right)) => {
                let result = if minus {
                    left.checked_sub(*right)
                } else {
                    left.checked_add(*right)
                };
                result.map(AttributeValue::N).map_err(UpdateError::Number)
            }
            _ => Err(UpdateError::OperandType),
        }
    }
}

/// Recurses at most as deep as an update has functions: 300 (rule 25).
fn compute<'v>(operand: &Operand, scope: Scope<'v>) -> Result<Cow<'v, AttributeValue>, UpdateError> {
    match operand {
        Operand::IfNotExists(call) => match call.0.resolve(scope.item) {
            Some(present) => Ok(Cow::Borrowed(present)),
            None => compute(&call.1, scope),
        },
        Operand::ListAppend(call) => {
            let (one, two) = (compute(&call.0, scope)?.into_owned(), compute(&call.1, scope)?.into_owned());
            match (one, two) {
                (AttributeValue::L(mut one), AttributeValue::L(two)) => {
                    one.extend(two);
                    Ok(Cow::Owned(AttributeValue::L(one)))
                }
                _ => Err(UpdateError::OperandType),
            }
        }
        Operand::Path(_) | Operand::Value(_) | Operand::Size(_) => operand.value_in(scope).ok_or(UpdateError::MissingOperand),
    }
}

/// `ADD` to what is there: a number to a number, a set to a set of its type.
fn add(present: &AttributeValue, value: &AttributeValue) -> Result<AttributeValue, UpdateError> {
    Ok(match (present, value) {
        (AttributeValue::N(one), AttributeValue::N(two)) => AttributeValue::N(one.checked_add(*two).map_err(UpdateError::Number)?),
        (AttributeValue::Ss(one), AttributeValue::Ss(two)) => AttributeValue::string_set([one.as_slice(), two].concat()),
        (AttributeValue::Ns(one), AttributeValue::Ns(two)) => AttributeValue::number_set([one.as_slice(), two].concat()),
        (AttributeValue::Bs(one), AttributeValue::Bs(two)) => AttributeValue::binary_set([one.as_slice(), two].concat()),
        _ => return Err(UpdateError::OperandType),
    })
}

/// What `DELETE` leaves of a set; `None` if nothing.
fn without(present: &AttributeValue, value: &AttributeValue) -> Result<Option<AttributeValue>, UpdateError> {
    fn rest<T: Clone + PartialEq>(one: &[T], two: &[T]) -> Option<Vec<T>> {
        let rest: Vec<T> = one.iter().filter(|member| !two.contains(member)).cloned().collect();
        Some(rest).filter(|rest| !rest.is_empty())
    }
    Ok(match (present, value) {
        (AttributeValue::Ss(one), AttributeValue::Ss(two)) => rest(one, two).map(AttributeValue::Ss),
        (AttributeValue::Ns(one), AttributeValue::Ns(two)) => rest(one, two).map(AttributeValue::Ns),
        (AttributeValue::Bs(one), AttributeValue::Bs(two)) => rest(one, two).map(AttributeValue::Bs),
        _ => return Err(UpdateError::OperandType),
    })
}

fn change_members(item: &mut Item, tree: Members<Change>, new_values: &mut Item) -> Result<(), UpdateError> {
    for (name, branch) in tree {
        match branch {
            Branch::End(Change::Put(value)) => {
                new_values.insert(name.clone(), value.clone());
                item.insert(name, value);
            }
            Branch::End(Change::Remove) => {
                item.remove(&name);
            }
            Branch::Inside { members, elements } => {
                let value = item.get_mut(&name).ok_or(UpdateError::InvalidPath)?;
                if let Some(new_value) = change_inside(value, members, elements)? {
                    new_values.insert(name, new_value);
                }
            }
        }
    }
    Ok(())
}

/// Changes what is inside a map or list; returns the new values there, if any. Recurses at most as deep as a path: 32 elements.
fn change_inside(
    value: &mut AttributeValue,
    members: Members<Change>,
    elements: Vec<(u32, Branch<Change>)>,
) -> Result<Option<AttributeValue>, UpdateError> {
    match value {
        AttributeValue::M(map) if elements.is_empty() => {
            let mut new_values = Item::new();
            change_members(map, members, &mut new_values)?;
            Ok(Some(new_values).filter(|found| !found.is_empty()).map(AttributeValue::M))
        }
        AttributeValue::L(list) if members.is_empty() => {
            let new_values = change_elements(list, elements)?;
            Ok(Some(new_values).filter(|found| !found.is_empty()).map(AttributeValue::L))
        }
        _ => Err(UpdateError::InvalidPath),
    }
}

/// `elements` is sorted, so what lies past the end is appended in the order of the indexes (rule 38).
fn change_elements(list: &mut Vec<AttributeValue>, elements: Vec<(u32, Branch<Change>)>) -> Result<Vec<AttributeValue>, UpdateError> {
    let length = list.len();
    let (mut removed, mut new_values) = (Vec::new(), Vec::new());
    for (index, branch) in elements {
        let at = index as usize;
        match branch {
            Branch::End(Change::Put(value)) if at < length => {
                new_values.push(value.clone());
                list[at] = value;
            }
            Branch::End(Change::Put(value)) => list.push(value),
            Branch::End(Change::Remove) => removed.extend((at < length).then_some(at)),
            Branch::Inside { members, elements } => {
                let value = list[..length].get_mut(at).ok_or(UpdateError::InvalidPath)?;
                new_values.extend(change_inside(value, members, elements)?);
            }
        }
    }
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        removed.binary_search(&(at - 1)).is_err()
    });
    Ok(new_values)
}
