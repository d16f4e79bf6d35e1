//! Which parts of an item are returned (rules 48-50).

use super::path::DocumentPath;
use super::path_tree::{Branch, Members, path_tree};
use crate::model::{AttributeValue, Item};
use std::sync::Arc;

/// The meaning of a `ProjectionExpression` or `AttributesToGet`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Projection(Arc<Members<()>>);

impl Projection {
    /// Returns what stands at these paths, none of which overlap.
    pub fn new(paths: impl IntoIterator<Item = DocumentPath>) -> Self {
        Self(Arc::new(path_tree(paths.into_iter().map(|path| (path, ())))))
    }

    /// The attributes it wants something of, sorted: what an index must have to answer alone.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The wanted parts of `item`. List elements move together, in the order of their indexes (rule 49); what is not there is left out.
    pub fn apply(&self, item: &Item) -> Item {
        members_of(item, &self.0)
    }
}

fn members_of(item: &Item, wanted: &Members<()>) -> Item {
    let member = |(name, branch): &(String, Branch<()>)| Some((name.clone(), part_of(item.get(name)?, branch)?));
    wanted.iter().filter_map(member).collect()
}

/// Recurses at most as deep as a path: 32 elements.
fn part_of(value: &AttributeValue, branch: &Branch<()>) -> Option<AttributeValue> {
    match (value, branch) {
        (value, Branch::End(())) => Some(value.clone()),
        (AttributeValue::M(map), Branch::Inside { members, .. }) => Some(members_of(map, members))
            .filter(|found| !found.is_empty())
            .map(AttributeValue::M),
        (AttributeValue::L(list), Branch::Inside { elements, .. }) => {
            let element = |(index, branch): &(u32, Branch<()>)| part_of(list.get(*index as usize)?, branch);
            let found: Vec<_> = elements.iter().filter_map(element).collect();
            Some(found).filter(|found| !found.is_empty()).map(AttributeValue::L)
        }
        _ => None,
    }
}
