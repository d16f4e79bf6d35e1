//! Which parts of an item are returned (rules 48-50).

use super::path::{DocumentPath, PathElement};
use crate::model::{AttributeValue, Item};

/// The meaning of a `ProjectionExpression` or `AttributesToGet`: its paths, grouped by what they share.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Projection {
    /// By attribute name, sorted.
    attributes: Vec<(String, Part)>,
}

/// What is wanted of one value.
#[derive(Clone, PartialEq, Debug)]
enum Part {
    /// All of it.
    Whole,
    /// Of a map, members by name, sorted; of a list, elements by index, sorted. The paths do not conflict, so only one of them is used.
    Inside {
        members: Vec<(String, Part)>,
        elements: Vec<(u32, Part)>,
    },
}

impl Projection {
    /// Returns what stands at these paths, none of which overlap.
    pub fn new(paths: Vec<DocumentPath>) -> Self {
        let mut projection = Self::default();
        for path in paths {
            add(&mut projection.attributes, path.attribute, &mut path.elements.into_iter());
        }
        projection
    }

    /// The attributes it wants something of, sorted: what an index must have to answer alone.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }

    /// The wanted parts of `item`. List elements move together, in the order of their indexes (rule 49); what is not there is left out.
    pub fn apply(&self, item: &Item) -> Item {
        members_of(item, &self.attributes)
    }
}

fn add<K: Ord>(parts: &mut Vec<(K, Part)>, key: K, rest: &mut std::vec::IntoIter<PathElement>) {
    let at = match parts.binary_search_by(|(other, _)| other.cmp(&key)) {
        Ok(at) => at,
        Err(at) => {
            parts.insert(
                at,
                (
                    key,
                    Part::Inside {
                        members: Vec::new(),
                        elements: Vec::new(),
                    },
                ),
            );
            at
        }
    };
    let part = &mut parts[at].1;
    match (rest.next(), &mut *part) {
        (None, _) => *part = Part::Whole,
        (Some(PathElement::Name(name)), Part::Inside { members, .. }) => add(members, name, rest),
        (Some(PathElement::Index(index)), Part::Inside { elements, .. }) => add(elements, index, rest),
        (Some(_), Part::Whole) => {}
    }
}

fn members_of(item: &Item, wanted: &[(String, Part)]) -> Item {
    let member = |(name, part): &(String, Part)| Some((name.clone(), part_of(item.get(name)?, part)?));
    wanted.iter().filter_map(member).collect()
}

/// Recurses at most as deep as a path: 32 elements.
fn part_of(value: &AttributeValue, part: &Part) -> Option<AttributeValue> {
    match (value, part) {
        (value, Part::Whole) => Some(value.clone()),
        (AttributeValue::M(map), Part::Inside { members, .. }) => Some(members_of(map, members))
            .filter(|found| !found.is_empty())
            .map(AttributeValue::M),
        (AttributeValue::L(list), Part::Inside { elements, .. }) => {
            let element = |(index, part): &(u32, Part)| part_of(list.get(*index as usize)?, part);
            let found: Vec<_> = elements.iter().filter_map(element).collect();
            Some(found).filter(|found| !found.is_empty()).map(AttributeValue::L)
        }
        _ => None,
    }
}
