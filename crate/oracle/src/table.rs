//! A table's definition, and what its indexes hold of an item (behaviour rules 22, 53, 61, A1).

use std::collections::BTreeMap;

use crate::json::Json;
use crate::streams::View;
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

/// Where an index is in its life (rule 91).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be read.
    Active,
    /// It is being filled: how far that has got is the engine's affair.
    Filling,
    /// It is gone. It keeps its place, so that the places of the others mean what they meant.
    Deleted,
}

/// An index.
#[derive(Clone, Debug, PartialEq)]
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
    /// Whether it can be read.
    pub state: State,
}

impl Index {
    /// The attributes of its key.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.hash.iter().chain(&self.range)
    }

    /// What a request that makes it says of it.
    pub fn definition(&self) -> Json {
        let projection = match &self.projection {
            Projection::All => Json::object([("ProjectionType", Json::text("ALL"))]),
            Projection::KeysOnly => Json::object([("ProjectionType", Json::text("KEYS_ONLY"))]),
            Projection::Include(names) => Json::object([
                ("ProjectionType", Json::text("INCLUDE")),
                ("NonKeyAttributes", Json::Array(names.iter().map(Json::text).collect())),
            ]),
        };
        let hash = self.hash.iter().map(String::as_str).collect();
        let range = self.range.iter().map(String::as_str).collect();
        Json::object([
            ("IndexName", Json::text(&self.name)),
            ("KeySchema", key_schema(hash, range)),
            ("Projection", projection),
        ])
    }
}

/// `KeySchema`
fn key_schema(hash: Vec<&str>, range: Vec<&str>) -> Json {
    let elements = [(hash, "HASH"), (range, "RANGE")].into_iter().flat_map(|(names, kind)| {
        let element = move |name: &str| Json::object([("AttributeName", Json::text(name)), ("KeyType", Json::text(kind))]);
        names.into_iter().map(element).collect::<Vec<_>>()
    });
    Json::Array(elements.collect())
}

/// An element of `AttributeDefinitions`.
pub fn attribute_definition(name: &str, kind: &str) -> Json {
    Json::object([("AttributeName", Json::text(name)), ("AttributeType", Json::text(kind))])
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
    /// What its stream shows, if it has one.
    pub stream: Option<View>,
    /// The attribute that says when an item expires.
    pub ttl: Option<String>,
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

    /// The type of a key attribute. Those of deleted indexes may have none any more.
    pub fn kind_of(&self, name: &str) -> &'static str {
        self.types.get(name).copied().unwrap_or("S")
    }

    /// Indexes that are not deleted, and their places.
    pub fn live(&self) -> impl Iterator<Item = (usize, &Index)> {
        self.indexes.iter().enumerate().filter(|(_, index)| index.state != State::Deleted)
    }

    /// Whether an index is being filled.
    pub fn is_filling(&self) -> bool {
        self.indexes.iter().any(|index| index.state == State::Filling)
    }

    /// What the table or an index holds of an item; nothing if the item lacks a key attribute of the index. An item older than its index
    /// may have attributes that cannot be keys: it lacks them too.
    pub fn entry(&self, target: Target, item: &Item) -> Option<Item> {
        if target.is_some_and(|index| self.indexes[index].state == State::Deleted) {
            return None;
        }
        let (hash, range) = self.schema(target);
        let is_key = |name: &&str| {
            let value = item.get(*name);
            value.is_some_and(|value| value.type_name() == self.kind_of(name) && !value.is_empty_text())
        };
        if !hash.iter().chain(&range).all(is_key) {
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
        let live = self.live().map(|(_, index)| index);
        live.filter(move |index| index.keys().any(|name| name == attribute))
    }

    /// Forgets the types of what is no key any more (rule 90).
    pub fn drop_unused_types(&mut self) {
        let mut used: Vec<String> = self.keys().into_iter().map(str::to_owned).collect();
        used.extend(self.live().flat_map(|(_, index)| index.keys().cloned()));
        self.types.retain(|name, _| used.contains(name));
    }

    /// The request that creates it.
    pub fn creation(&self) -> Json {
        let mut request = self.definition();
        request.set("TableName", Json::text(&self.name));
        request.set("BillingMode", Json::text("PAY_PER_REQUEST"));
        request
    }

    /// What CreateTable says and DescribeTable tells of its keys, its indexes and its stream.
    pub fn definition(&self) -> Json {
        let definitions = self.types.iter().map(|(name, kind)| attribute_definition(name, kind));
        let (hash, range) = self.schema(None);
        let mut definition = Json::object([
            ("AttributeDefinitions", Json::Array(definitions.collect())),
            ("KeySchema", key_schema(hash, range)),
        ]);
        for (member, local) in [("GlobalSecondaryIndexes", false), ("LocalSecondaryIndexes", true)] {
            let indexes = self.live().filter(|(_, index)| index.local == local);
            let indexes: Vec<Json> = indexes.map(|(_, index)| index.definition()).collect();
            if !indexes.is_empty() {
                definition.set(member, Json::Array(indexes));
            }
        }
        if let Some(view) = self.stream {
            definition.set("StreamSpecification", view.specification());
        }
        definition
    }
}
