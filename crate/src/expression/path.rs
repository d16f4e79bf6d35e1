//! Document paths: where in an item a value stands, and how two paths stand to each other (rule 30).

use crate::model::{AttributeValue, Item};
use std::fmt;

/// A document path: an attribute of the item, then elements of its maps and lists. Prints as the service prints it: `[a, [0], b]`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DocumentPath {
    /// The item's attribute.
    pub attribute: String,
    /// The way on from there; empty for the attribute itself.
    pub elements: Vec<PathElement>,
}

/// One step of a document path after the first.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PathElement {
    /// A map's member.
    Name(String),
    /// A list's element, counted from 0.
    Index(u32),
}

/// How two paths that cannot stand in the same expression collide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Collision {
    /// One contains the other, or they are the same.
    Overlap,
    /// They take the same element for a map and for a list.
    Conflict,
}

impl DocumentPath {
    /// The path of a whole attribute.
    pub fn of_attribute(attribute: impl Into<String>) -> Self {
        Self {
            attribute: attribute.into(),
            elements: Vec::new(),
        }
    }

    /// Whether it goes inside an attribute.
    pub fn is_nested(&self) -> bool {
        !self.elements.is_empty()
    }

    /// The value that stands there, if any.
    pub fn resolve<'i>(&self, item: &'i Item) -> Option<&'i AttributeValue> {
        let mut value = item.get(&self.attribute)?;
        for element in &self.elements {
            value = match (element, value) {
                (PathElement::Name(name), AttributeValue::M(map)) => map.get(name)?,
                (PathElement::Index(index), AttributeValue::L(list)) => list.get(*index as usize)?,
                _ => return None,
            };
        }
        Some(value)
    }

    pub(super) fn collision(&self, other: &Self) -> Option<Collision> {
        if self.attribute != other.attribute {
            return None;
        }
        match self.elements.iter().zip(&other.elements).find(|(one, two)| one != two) {
            None => Some(Collision::Overlap),
            Some((PathElement::Name(_), PathElement::Name(_)) | (PathElement::Index(_), PathElement::Index(_))) => None,
            Some(_) => Some(Collision::Conflict),
        }
    }
}

impl fmt::Display for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.attribute)?;
        for element in &self.elements {
            match element {
                PathElement::Name(name) => write!(f, ", {name}")?,
                PathElement::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}
