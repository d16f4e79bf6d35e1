//! A table's definition, and what its indexes hold of an item (behaviour rules 22, 53, 61, A1).

use std::collections::BTreeMap;

use crate::json::Json;
use crate::value::{Item, Value};

/// What an index holds beside keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Projection {
    /// Everything.
    All,
    /// Nothing.
    KeysOnly,
    /// These attributes.
    Include(Vec<String>),
}

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it is a local one.
    pub local: bool,
    /// Its HASH attributes.
    pub hash: Vec<String>,
    /// Its RANGE attributes.
    pub range: Vec<String>,
    /// What it projects.
    pub projection: Projection,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The types of all key attributes: `S`, `N` or `B`.
    pub types: BTreeMap<String, &'static str>,
    /// Its partition key.
    pub hash: String,
    /// Its sort key.
    pub range: Option<String>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// Whether it has a stream, of new and old images.
    pub stream: bool,
}

/// The table itself, or the index at that place.
pub type Target = Option<usize>;

impl Table {
    /// The table's key attributes.
    pub fn keys(&self) -> Vec<&str> {
        [&self.hash].into_iter().chain(&self.range).map(String::as_str).collect()
    }

    /// The HASH attributes and the RANGE attributes of the table or an index.
    pub fn schema(&self, target: Target) -> (Vec<&str>, Vec<&str>) {
        match target.map(|index| &self.indexes[index]) {
            None => (vec![self.hash.as_str()], self.range.iter().map(String::as_str).collect()),
            Some(index) => (
                index.hash.iter().map(String::as_str).collect(),
                index.range.iter().map(String::as_str).collect(),
            ),
        }
    }

    /// The attributes of a `LastEvaluatedKey` (rule 53).
    pub fn start_key(&self, target: Target) -> Vec<&str> {
        let (hash, range) = self.schema(target);
        let mut names = self.keys();
        names.extend(hash.into_iter().chain(range));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether an index is a local one.
    pub fn is_local(&self, target: Target) -> bool {
        target.is_some_and(|index| self.indexes[index].local)
    }

    /// Whether entries of the table or an index hold an attribute.
    pub fn projects(&self, target: Target, attribute: &str) -> bool {
        match target.map(|index| &self.indexes[index].projection) {
            None | Some(Projection::All) => true,
            Some(Projection::Include(names)) if names.iter().any(|name| name == attribute) => true,
            _ => self.start_key(target).contains(&attribute),
        }
    }

    /// What the table or an index holds of an item; nothing if the item lacks a key attribute of the index.
    pub fn entry(&self, target: Target, item: &Item) -> Option<Item> {
        let (hash, range) = self.schema(target);
        if !hash.iter().chain(&range).all(|name| item.contains_key(*name)) {
            return None;
        }
        let held = item.iter().filter(|(name, _)| self.projects(target, name));
        Some(held.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The attributes of an item that these names name.
    pub fn pick(names: &[&str], item: &Item) -> Item {
        let picked = item.iter().filter(|(name, _)| names.contains(&name.as_str()));
        picked.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// An item's key.
    pub fn key_of(&self, item: &Item) -> Item {
        Self::pick(&self.keys(), item)
    }

    /// The values that order an index's entries within a partition: its RANGE attributes, then the table's key.
    pub fn order_of<'i>(&self, target: Target, item: &'i Item) -> Vec<&'i Value> {
        let (_, range) = self.schema(target);
        range.into_iter().chain(self.keys()).filter_map(|name| item.get(name)).collect()
    }

    /// Indexes of which an attribute is a key.
    pub fn indexes_over<'t>(&'t self, attribute: &str) -> impl Iterator<Item = &'t Index> {
        self.indexes
            .iter()
            .filter(move |index| index.hash.iter().chain(&index.range).any(|name| name == attribute))
    }

    /// The request that creates it.
    pub fn definition(&self) -> Json {
        let definitions = self
            .types
            .iter()
            .map(|(name, kind)| Json::object([("AttributeName", Json::text(name)), ("AttributeType", Json::text(*kind))]));
        let schema = |target| {
            let (hash, range) = self.schema(target);
            let elements = [(hash, "HASH"), (range, "RANGE")].into_iter().flat_map(|(names, kind)| {
                let element = move |name: &str| Json::object([("AttributeName", Json::text(name)), ("KeyType", Json::text(kind))]);
                names.into_iter().map(element).collect::<Vec<_>>()
            });
            Json::Array(elements.collect())
        };
        let mut request = Json::object([
            ("TableName", Json::text(&self.name)),
            ("BillingMode", Json::text("PAY_PER_REQUEST")),
            ("AttributeDefinitions", Json::Array(definitions.collect())),
            ("KeySchema", schema(None)),
        ]);
        for (member, local) in [("GlobalSecondaryIndexes", false), ("LocalSecondaryIndexes", true)] {
            let indexes = self.indexes.iter().enumerate().filter(|(_, index)| index.local == local);
            let indexes = indexes.map(|(at, index)| {
                let projection = match &index.projection {
                    Projection::All => Json::object([("ProjectionType", Json::text("ALL"))]),
                    Projection::KeysOnly => Json::object([("ProjectionType", Json::text("KEYS_ONLY"))]),
                    Projection::Include(names) => Json::object([
                        ("ProjectionType", Json::text("INCLUDE")),
                        ("NonKeyAttributes", Json::Array(names.iter().map(Json::text).collect())),
                    ]),
                };
                Json::object([
                    ("IndexName", Json::text(&index.name)),
                    ("KeySchema", schema(Some(at))),
                    ("Projection", projection),
                ])
            });
            let indexes: Vec<Json> = indexes.collect();
            if !indexes.is_empty() {
                request.set(member, Json::Array(indexes));
            }
        }
        if self.stream {
            let stream = Json::object([
                ("StreamEnabled", Json::Bool(true)),
                ("StreamViewType", Json::text("NEW_AND_OLD_IMAGES")),
            ]);
            request.set("StreamSpecification", stream);
        }
        request
    }
}
