//! Random tables and random sequences of requests against the model: every reply is the model's, and after each sequence the physical tables,
//! the counters and the stream equal recomputation from the items; a database that is opened again finds the same.

use std::collections::BTreeMap;
use std::rc::Rc;

use dynatab::model::Item;
use dynatab::storage::Storage;
use dynatab::storage_backend::framed::Durability;
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::{ManualClock, StorageBackend as _};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::database::{Db, START, in_table};
use crate::model::{Model, ModelItem, POOL, RangeQuery, RangeTest, TableSpec, entry_json, item_json, query_json};
use crate::scratch::Scratch;
use crate::sequence_steps::{QueryStep, Step, When, step, table};

/// The attributes that the table keeps of a generated item: without a sort key, `sk` is none.
fn fitted(spec: &TableSpec, item: &ModelItem) -> ModelItem {
    item.iter()
        .filter(|(name, _)| *name != "sk" || spec.range_type.is_some())
        .map(|(name, rank)| (name.clone(), *rank))
        .collect()
}

fn key_of(spec: &TableSpec, item: &ModelItem) -> ModelItem {
    item.iter()
        .filter(|(name, _)| spec.keys().contains(&name.as_str()))
        .map(|(name, rank)| (name.clone(), *rank))
        .collect()
}

/// Gives a write its condition; whether that does not hold.
fn refuses(request: &mut Value, when: When, there: bool) -> bool {
    match when {
        When::Always => {}
        When::IfThere => request["ConditionExpression"] = json!("attribute_exists(pk)"),
        When::IfNotThere => request["ConditionExpression"] = json!("attribute_not_exists(pk)"),
    }
    matches!((when, there), (When::IfThere, false) | (When::IfNotThere, true))
}

/// The database, the model, and what the stream must hold.
struct Trial {
    spec: TableSpec,
    db: Db,
    model: Model,
    changes: Vec<(&'static str, Value, Option<Value>, Option<Value>)>,
}

impl Trial {
    fn run(&mut self, step: &Step) {
        match step {
            Step::Put(item, when) => self.write(&fitted(&self.spec, item), *when, true),
            Step::PutAgain(which) => {
                if !self.model.items.is_empty() {
                    let item = which.get(&self.model.items).clone();
                    self.write(&item, When::Always, true);
                }
            }
            Step::Delete(item, when) => self.write(&key_of(&self.spec, item), *when, false),
            Step::Get(item) => {
                let key = key_of(&self.spec, item);
                let expected = self.model.get(&self.spec, &key).map(|item| item_json(&self.spec, item));
                assert_eq!(self.db.get(&item_json(&self.spec, &key)), expected);
            }
            Step::Query(query) => self.query(query),
            Step::Update(item, when, removes) => self.update(&fitted(&self.spec, item), *when, removes),
            Step::BatchWrite(writes) => self.batch_write(writes),
            Step::BatchGet(items) => self.batch_get(items),
            Step::Scan(target, segments, limit) => self.scan(*target, *segments, *limit),
        }
    }

    fn update(&mut self, given: &ModelItem, when: When, removes: &[bool]) {
        let key = key_of(&self.spec, given);
        let there = self.model.get(&self.spec, &key).cloned();
        let mut new = there.clone().unwrap_or_else(|| key.clone());
        let (mut set, mut remove, mut values) = (Vec::new(), Vec::new(), json!({}));
        let json = item_json(&self.spec, given);
        for (name, rank) in given.iter().filter(|(name, _)| !key.contains_key(*name)) {
            set.push(format!("{name} = :{name}"));
            values[format!(":{name}")] = json[name].clone();
            new.insert(name.clone(), *rank);
        }
        for ((name, _), _) in POOL
            .iter()
            .zip(removes)
            .filter(|((name, _), remove)| **remove && !given.contains_key(*name))
        {
            remove.push(*name);
            new.remove(*name);
        }
        let clauses = [("SET", set.join(", ")), ("REMOVE", remove.join(", "))];
        let clauses = clauses.iter().filter(|(_, actions)| !actions.is_empty());
        let clauses: Vec<String> = clauses.map(|(clause, actions)| format!("{clause} {actions}")).collect();
        let mut request = json!({"TableName": "Tab", "Key": item_json(&self.spec, &key), "ReturnValues": "ALL_NEW"});
        if !clauses.is_empty() {
            request["UpdateExpression"] = json!(clauses.join(" "));
        }
        if !set.is_empty() {
            request["ExpressionAttributeValues"] = values;
        }
        if refuses(&mut request, when, there.is_some()) {
            assert_eq!(self.db.fails("UpdateItem", &request).0, "ConditionalCheckFailedException");
            return;
        }
        let new_json = item_json(&self.spec, &new);
        assert_eq!(self.db.ok("UpdateItem", &request)["Attributes"], new_json, "{request}");
        let old = self.model.put(&self.spec, new);
        self.record(&key, old.as_ref(), Some(new_json));
    }

    fn batch_write(&mut self, writes: &[(ModelItem, bool)]) {
        let mut seen = Vec::new();
        let mut requests = Vec::new();
        for (item, delete) in writes {
            let item = fitted(&self.spec, item);
            let key = key_of(&self.spec, &item);
            if seen.contains(&key) {
                continue;
            }
            if *delete {
                requests.push(json!({"DeleteRequest": {"Key": item_json(&self.spec, &key)}}));
                let old = self.model.remove(&self.spec, &key);
                self.record(&key, old.as_ref(), None);
            } else {
                let new = item_json(&self.spec, &item);
                requests.push(json!({"PutRequest": {"Item": new}}));
                let old = self.model.put(&self.spec, item);
                self.record(&key, old.as_ref(), Some(new));
            }
            seen.push(key);
        }
        let reply = self.db.ok("BatchWriteItem", &json!({"RequestItems": {"Tab": requests}}));
        assert_eq!(reply, json!({"UnprocessedItems": {}}));
    }

    fn batch_get(&self, items: &[ModelItem]) {
        let mut keys: Vec<ModelItem> = Vec::new();
        for item in items {
            let key = key_of(&self.spec, item);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let found = keys.iter().filter_map(|key| self.model.get(&self.spec, key));
        let found: Vec<Value> = found.map(|item| item_json(&self.spec, item)).collect();
        let keys: Vec<Value> = keys.iter().map(|key| item_json(&self.spec, key)).collect();
        let reply = self.db.ok("BatchGetItem", &json!({"RequestItems": {"Tab": {"Keys": keys}}}));
        assert_eq!(reply, json!({"Responses": {"Tab": found}, "UnprocessedKeys": {}}));
    }

    fn scan(&self, target: Index, segments: u32, limit: Option<usize>) {
        let target = target.index(self.spec.indexes.len() + 1).checked_sub(1);
        let mut found = Vec::new();
        for segment in 0..segments {
            let mut request = json!({"Segment": segment, "TotalSegments": segments});
            if let Some(index) = target {
                request["IndexName"] = json!(TableSpec::index_name(index));
            }
            if let Some(limit) = limit {
                request["Limit"] = json!(limit);
            }
            found.extend(self.all_pages("Scan", &mut request));
        }
        found.sort_by_key(ToString::to_string);
        let entries = self.model.entries(&self.spec, target).into_iter();
        let mut expected: Vec<Value> = entries.map(|item| entry_json(&self.spec, target, item)).collect();
        expected.sort_by_key(ToString::to_string);
        assert_eq!(found, expected);
    }

    /// What the stream must hold of a change; nothing of one that changes nothing.
    fn record(&mut self, key: &ModelItem, old: Option<&ModelItem>, new: Option<Value>) {
        let old = old.map(|item| item_json(&self.spec, item));
        let event = match (&old, &new) {
            (None, Some(_)) => "INSERT",
            (Some(old), Some(new)) if old != new => "MODIFY",
            (Some(_), None) => "REMOVE",
            _ => return,
        };
        self.changes.push((event, item_json(&self.spec, key), new, old));
    }

    fn write(&mut self, given: &ModelItem, when: When, put: bool) {
        let (operation, member) = if put { ("PutItem", "Item") } else { ("DeleteItem", "Key") };
        let mut request = json!({"TableName": "Tab", member: item_json(&self.spec, given), "ReturnValues": "ALL_OLD"});
        if refuses(&mut request, when, self.model.get(&self.spec, given).is_some()) {
            assert_eq!(self.db.fails(operation, &request).0, "ConditionalCheckFailedException");
            return;
        }
        let old = if put {
            self.model.put(&self.spec, given.clone())
        } else {
            self.model.remove(&self.spec, given)
        };
        let shown = old.as_ref().map(|item| item_json(&self.spec, item));
        assert_eq!(self.db.ok(operation, &request).get("Attributes"), shown.as_ref());
        let new = put.then(|| item_json(&self.spec, given));
        self.record(&key_of(&self.spec, given), old.as_ref(), new);
    }

    fn query(&self, step: &QueryStep) {
        let spec = &self.spec;
        let target = step.target.index(spec.indexes.len() + 1).checked_sub(1);
        let (hash, range) = spec.schema(target);
        let entries = self.model.entries(spec, target);
        let like = if entries.is_empty() {
            &step.otherwise
        } else {
            entries[step.like.index(entries.len())]
        };
        let rank = |name: &&str| like.get(*name).copied().unwrap_or(0);
        let hash_ranks: Vec<u8> = hash.iter().map(rank).collect();
        let equal: Vec<u8> = range.iter().map(rank).take(step.equal.index(range.len() + 1)).collect();
        let next = range.get(equal.len());
        let test = step.test.zip(next).map(|((kind, one, two), name)| match kind {
            0 => RangeTest::Less(one),
            1 => RangeTest::LessOrEqual(one),
            2 => RangeTest::Greater(one),
            3 => RangeTest::GreaterOrEqual(one),
            4 if spec.type_of(name) != 'N' => RangeTest::BeginsWith(one),
            _ => RangeTest::Between(one.min(two), one.max(two)),
        });
        let query = RangeQuery { equal, test };
        let mut request = query_json(spec, target, &hash_ranks, &query);
        request["ScanIndexForward"] = json!(step.forward);
        let local = target.is_some_and(|index| spec.indexes[index].local);
        let whole_items = step.whole_items && local;
        if whole_items {
            request["Select"] = json!("ALL_ATTRIBUTES");
        }
        if let Some(limit) = step.limit {
            request["Limit"] = json!(limit);
        }
        let mut expected: Vec<Value> = self
            .model
            .query(spec, target, &hash_ranks, &query)
            .into_iter()
            .map(|item| entry_json(spec, target.filter(|_| !whole_items), item))
            .collect();
        if !step.forward {
            expected.reverse();
        }
        assert_eq!(self.all_pages("Query", &mut request), expected, "{request}");
    }

    /// The items of all pages. A page that is full has a key to go on from, any other is the last.
    fn all_pages(&self, operation: &str, request: &mut Value) -> Vec<Value> {
        let mut items = Vec::new();
        loop {
            let (status, mut reply) = self.db.ask(operation, &in_table(request));
            if reply["message"] == "The query can return at most one row and cannot be restarted" {
                return items;
            }
            assert_eq!(status, 200, "{request}: {reply}");
            let page = reply["Items"].take().as_array().unwrap().clone();
            assert_eq!((&reply["Count"], &reply["ScannedCount"]), (&json!(page.len()), &json!(page.len())));
            let full = request.get("Limit").is_some_and(|limit| *limit == page.len());
            assert_eq!(reply.get("LastEvaluatedKey").is_some(), full, "{request}: {reply}");
            items.extend(page);
            match reply.get("LastEvaluatedKey") {
                Some(key) => request["ExclusiveStartKey"] = key.clone(),
                None => return items,
            }
        }
    }

    /// Every physical row, every counter and the stream against the model.
    fn check(&self) {
        let described = self.db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"].clone();
        let mut figures = BTreeMap::new();
        for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            for index in described[indexes].as_array().into_iter().flatten() {
                let name = index["IndexName"].as_str().unwrap().to_owned();
                figures.insert(name, (index["ItemCount"].clone(), index["IndexSizeBytes"].clone()));
            }
        }
        for target in (0..self.spec.indexes.len()).map(Some).chain([None]) {
            let (physical, figures) = match target {
                None => (
                    "t1".to_owned(),
                    (described["ItemCount"].clone(), described["TableSizeBytes"].clone()),
                ),
                Some(index) => {
                    let kind = if self.spec.indexes[index].local { 'l' } else { 'g' };
                    (format!("t1_{kind}{}", index + 1), figures[&TableSpec::index_name(index)].clone())
                }
            };
            let (rows, bytes) = self.rows(&physical);
            let mut expected: Vec<Value> = self
                .model
                .entries(&self.spec, target)
                .into_iter()
                .map(|item| entry_json(&self.spec, target, item))
                .collect();
            expected.sort_by_key(ToString::to_string);
            assert_eq!(rows, expected, "{physical}");
            assert_eq!(figures, (json!(rows.len()), json!(bytes)), "{physical}");
        }
        if self.spec.stream {
            assert_eq!(self.stream(), self.changes);
        }
    }

    /// The items in a physical table, sorted, and the sum of their sizes, which the rows must state.
    fn rows(&self, physical: &str) -> (Vec<Value>, usize) {
        let connection = self.db.engine.backend().conn();
        let mut statement = connection.prepare(&format!("SELECT item, size FROM {physical}")).unwrap();
        let rows = statement
            .query_map((), |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))
            .unwrap();
        let (mut items, mut bytes) = (Vec::new(), 0);
        for (json, stated) in rows.map(Result::unwrap) {
            let size = Item::from_canonical(&json).unwrap().size();
            assert_eq!(usize::try_from(stated).unwrap(), size, "{json}");
            bytes += size;
            items.push(serde_json::from_str::<Value>(&json).unwrap());
        }
        items.sort_by_key(ToString::to_string);
        (items, bytes)
    }

    fn stream(&self) -> Vec<(&'static str, Value, Option<Value>, Option<Value>)> {
        let records = self
            .db
            .engine
            .backend()
            .get_stream_records("Tab", "shardId-00000000000000000000-00000001", 0, 1000);
        let parse = |text: String| serde_json::from_str(&text).unwrap();
        let event = |name: &str| ["INSERT", "MODIFY", "REMOVE"].into_iter().find(|event| *event == name).unwrap();
        let records = now_or_never(records).unwrap().unwrap().into_iter();
        let shown = records.map(|record| {
            (
                event(&record.event_name),
                parse(record.keys_json),
                record.new_image.map(parse),
                record.old_image.map(parse),
            )
        });
        shown.collect()
    }
}

fn open(scratch: &Scratch) -> Db {
    let clock = Rc::new(ManualClock::new(START));
    let storage = Storage::open(&scratch.file(), clock.clone(), Durability::Relaxed).unwrap();
    Db::over(storage, clock, 0)
}

/// How many sequences are tried: `DYNATAB_COUNT_OPERATION_SEQUENCES` (scripts/counts.json).
fn config() -> ProptestConfig {
    let cases = std::env::var("DYNATAB_COUNT_OPERATION_SEQUENCES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(25);
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_sequence_of_requests_agrees_with_the_model_and_survives_reopening(
        spec in table(),
        steps in prop::collection::vec(step(), 1..60),
        later in prop::collection::vec(step(), 1..20),
    ) {
        let scratch = Scratch::new();
        let db = open(&scratch);
        db.create(&spec.definition());
        let mut trial = Trial { spec, db, model: Model::default(), changes: Vec::new() };
        for step in &steps {
            trial.run(step);
        }
        trial.check();
        let described = trial.db.ok("DescribeTable", &json!({"TableName": "Tab"}));
        drop(std::mem::replace(&mut trial.db, Db::new()));
        trial.db = open(&scratch);
        prop_assert_eq!(trial.db.ok("DescribeTable", &json!({"TableName": "Tab"})), described);
        trial.check();
        for step in &later {
            trial.run(step);
        }
        trial.check();
    }
}
