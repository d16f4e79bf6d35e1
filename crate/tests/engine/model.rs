//! A table as plain lists of attributes in memory: what the engine must agree with. It knows nothing of encodings: a value is its rank among
//! the few values of its type, so values compare as ranks do.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::database::{Table, all, b, include, keys_only, n, s};

/// How many values a type has, in ascending order.
pub const RANKS: u8 = 8;

const STRINGS: [&str; RANKS as usize] = ["\0", "\0a", "\u{1}", "a", "a\0", "ab", "b", "é"];
const NUMBERS: [&str; RANKS as usize] = ["-10", "-1.5", "-1", "0", "0.5", "1", "10", "100000000000000000000"];
const BINARIES: [&[u8]; RANKS as usize] = [&[0], &[0, 0], &[0, 1], &[1], &[127], &[128], &[255], &[255, 0]];

/// Attributes that index keys are made of, beside the table's own `pk` and `sk`; and their types.
pub const POOL: [(&str, char); 8] = [
    ("a", 'S'),
    ("b", 'N'),
    ("c", 'B'),
    ("d", 'S'),
    ("e", 'N'),
    ("f", 'B'),
    ("g", 'S'),
    ("h", 'N'),
];

/// The attribute that is part of no key: a text of this length.
pub const PAYLOAD: &str = "payload";

/// A value as DynamoDB-JSON.
fn value(key_type: char, rank: u8) -> Value {
    let rank = usize::from(rank);
    match key_type {
        'S' => s(STRINGS[rank]),
        'N' => n(NUMBERS[rank]),
        _ => b(BINARIES[rank]),
    }
}

/// The bytes of a string or binary.
fn bytes(key_type: char, rank: u8) -> &'static [u8] {
    match key_type {
        'S' => STRINGS[usize::from(rank)].as_bytes(),
        _ => BINARIES[usize::from(rank)],
    }
}

/// What an index projects.
#[derive(Clone, Copy, Debug)]
pub enum Projects {
    All,
    Keys,
    /// The keys, `a`, `b` and the payload.
    Some,
}

/// An index's definition.
#[derive(Clone, Debug)]
pub struct IndexSpec {
    pub local: bool,
    pub hash: Vec<String>,
    pub range: Vec<String>,
    pub projects: Projects,
}

/// A table's definition.
#[derive(Clone, Debug)]
pub struct TableSpec {
    pub hash_type: char,
    pub range_type: Option<char>,
    pub indexes: Vec<IndexSpec>,
    pub stream: bool,
}

impl TableSpec {
    /// The type of a key attribute.
    pub fn type_of(&self, attribute: &str) -> char {
        match attribute {
            "pk" => self.hash_type,
            "sk" => self.range_type.unwrap_or('S'),
            _ => POOL.iter().find(|(name, _)| *name == attribute).unwrap().1,
        }
    }

    /// The table's key attributes.
    pub fn keys(&self) -> Vec<&str> {
        if self.range_type.is_some() { vec!["pk", "sk"] } else { vec!["pk"] }
    }

    /// The HASH and RANGE attributes of the table (`None`) or an index.
    pub fn schema(&self, index: Option<usize>) -> (Vec<&str>, Vec<&str>) {
        match index.map(|index| &self.indexes[index]) {
            None => (vec!["pk"], self.keys()[1..].to_vec()),
            Some(index) => (
                index.hash.iter().map(String::as_str).collect(),
                index.range.iter().map(String::as_str).collect(),
            ),
        }
    }

    /// The name of an index.
    pub fn index_name(index: usize) -> String {
        format!("index{index}")
    }

    /// The definition as `CreateTable` wants it.
    pub fn definition(&self) -> Table {
        let typed = |name: &str| format!("{name}:{}", self.type_of(name));
        let all_typed = |names: &[&str]| names.iter().map(|name| typed(name)).collect::<Vec<_>>();
        let keys = all_typed(&self.keys());
        let mut table = Table::new(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        for (at, index) in self.indexes.iter().enumerate() {
            let projection = match index.projects {
                Projects::All => all(),
                Projects::Keys => keys_only(),
                Projects::Some => include(&["a", "b", PAYLOAD]),
            };
            let (hash, range) = self.schema(Some(at));
            let (hash, range) = (all_typed(&hash), all_typed(&range));
            let (hash, range): (Vec<_>, Vec<_>) = (
                hash.iter().map(String::as_str).collect(),
                range.iter().map(String::as_str).collect(),
            );
            let name = Self::index_name(at);
            table = if index.local {
                table.lsi(&name, range[0], &projection)
            } else {
                table.gsi(&name, &hash, &range, &projection)
            };
        }
        if self.stream { table.stream("NEW_AND_OLD_IMAGES") } else { table }
    }

    /// Whether entries of an index hold an attribute.
    fn projects(&self, index: usize, attribute: &str) -> bool {
        let (hash, range) = self.schema(Some(index));
        let key = hash.contains(&attribute) || range.contains(&attribute) || self.keys().contains(&attribute);
        key || match self.indexes[index].projects {
            Projects::All => true,
            Projects::Keys => false,
            Projects::Some => ["a", "b", PAYLOAD].contains(&attribute),
        }
    }
}

/// An item: ranks by key attribute, and the payload's length under its name.
pub type ModelItem = BTreeMap<String, u8>;

/// What a Query asks of the sort keys: equality of the leading ones, then perhaps a test of the next.
#[derive(Clone, Debug)]
pub struct RangeQuery {
    pub equal: Vec<u8>,
    pub test: Option<RangeTest>,
}

/// A test of one sort key.
#[derive(Clone, Copy, Debug)]
pub enum RangeTest {
    Less(u8),
    LessOrEqual(u8),
    Greater(u8),
    GreaterOrEqual(u8),
    Between(u8, u8),
    BeginsWith(u8),
}

impl RangeTest {
    fn holds(self, key_type: char, rank: u8) -> bool {
        match self {
            Self::Less(bound) => rank < bound,
            Self::LessOrEqual(bound) => rank <= bound,
            Self::Greater(bound) => rank > bound,
            Self::GreaterOrEqual(bound) => rank >= bound,
            Self::Between(lower, upper) => (lower..=upper).contains(&rank),
            Self::BeginsWith(prefix) => bytes(key_type, rank).starts_with(bytes(key_type, prefix)),
        }
    }

    /// The condition's text over an attribute, and its values.
    fn expression(self, attribute: &str, key_type: char) -> (String, Vec<(&'static str, Value)>) {
        let with = |rank| value(key_type, rank);
        match self {
            Self::Less(bound) => (format!("{attribute} < :x"), vec![(":x", with(bound))]),
            Self::LessOrEqual(bound) => (format!("{attribute} <= :x"), vec![(":x", with(bound))]),
            Self::Greater(bound) => (format!("{attribute} > :x"), vec![(":x", with(bound))]),
            Self::GreaterOrEqual(bound) => (format!("{attribute} >= :x"), vec![(":x", with(bound))]),
            Self::Between(lower, upper) => (
                format!("{attribute} BETWEEN :x AND :y"),
                vec![(":x", with(lower)), (":y", with(upper))],
            ),
            Self::BeginsWith(prefix) => (format!("begins_with({attribute}, :x)"), vec![(":x", with(prefix))]),
        }
    }
}

/// The items of a table.
#[derive(Default)]
pub struct Model {
    pub items: Vec<ModelItem>,
}

impl Model {
    fn position(&self, spec: &TableSpec, key: &ModelItem) -> Option<usize> {
        self.items
            .iter()
            .position(|item| spec.keys().iter().all(|name| item.get(*name) == key.get(*name)))
    }

    /// The item with that key.
    pub fn get(&self, spec: &TableSpec, key: &ModelItem) -> Option<&ModelItem> {
        self.position(spec, key).map(|at| &self.items[at])
    }

    /// Takes the item with that key away.
    pub fn remove(&mut self, spec: &TableSpec, key: &ModelItem) -> Option<ModelItem> {
        self.position(spec, key).map(|at| self.items.swap_remove(at))
    }

    /// Replaces the item with the same key.
    pub fn put(&mut self, spec: &TableSpec, item: ModelItem) -> Option<ModelItem> {
        let old = self.remove(spec, &item);
        self.items.push(item);
        old
    }

    /// The items that the table or an index holds, in no order.
    pub fn entries(&self, spec: &TableSpec, index: Option<usize>) -> Vec<&ModelItem> {
        let (hash, range) = spec.schema(index);
        let complete = |item: &&ModelItem| hash.iter().chain(&range).all(|name| item.contains_key(*name));
        self.items.iter().filter(complete).collect()
    }

    /// What a Query finds, in ascending order: by sort keys, then by the table's own key.
    pub fn query(&self, spec: &TableSpec, index: Option<usize>, hash_ranks: &[u8], query: &RangeQuery) -> Vec<&ModelItem> {
        let (hash, range) = spec.schema(index);
        let passes = |item: &&ModelItem| {
            let equal = hash
                .iter()
                .zip(hash_ranks)
                .chain(range.iter().zip(&query.equal))
                .all(|(name, rank)| item[*name] == *rank);
            let next = range.get(query.equal.len());
            equal
                && query
                    .test
                    .is_none_or(|test| next.is_some_and(|name| test.holds(spec.type_of(name), item[*name])))
        };
        let mut found: Vec<&ModelItem> = self.entries(spec, index).into_iter().filter(passes).collect();
        let keys = spec.keys();
        found.sort_by_key(|item| range.iter().chain(&keys).map(|name| item[*name]).collect::<Vec<_>>());
        found
    }
}

/// An item as DynamoDB-JSON.
pub fn item_json(spec: &TableSpec, item: &ModelItem) -> Value {
    let attribute = |(name, rank): (&String, &u8)| {
        let value = if name == PAYLOAD {
            s("x".repeat(usize::from(*rank)))
        } else {
            value(spec.type_of(name), *rank)
        };
        (name.clone(), value)
    };
    Value::Object(item.iter().map(attribute).collect())
}

/// What an index holds of an item, as DynamoDB-JSON; of the table, all of it.
pub fn entry_json(spec: &TableSpec, index: Option<usize>, item: &ModelItem) -> Value {
    let shown = item.iter().filter(|(name, _)| index.is_none_or(|index| spec.projects(index, name)));
    item_json(spec, &shown.map(|(name, rank)| (name.clone(), *rank)).collect())
}

/// The members of a Query that ask for these keys.
pub fn query_json(spec: &TableSpec, index: Option<usize>, hash_ranks: &[u8], query: &RangeQuery) -> Value {
    let (hash, range) = spec.schema(index);
    let (mut clauses, mut values) = (Vec::new(), json!({}));
    for (at, (name, rank)) in hash.iter().zip(hash_ranks).chain(range.iter().zip(&query.equal)).enumerate() {
        clauses.push(format!("{name} = :k{at}"));
        values[format!(":k{at}")] = value(spec.type_of(name), *rank);
    }
    if let (Some(test), Some(name)) = (query.test, range.get(query.equal.len())) {
        let (clause, tested) = test.expression(name, spec.type_of(name));
        clauses.push(clause);
        for (placeholder, value) in tested {
            values[placeholder] = value;
        }
    }
    // The order of the clauses means nothing.
    clauses.reverse();
    let mut request = json!({"KeyConditionExpression": clauses.join(" AND "), "ExpressionAttributeValues": values});
    if let Some(index) = index {
        request["IndexName"] = json!(TableSpec::index_name(index));
    }
    request
}
