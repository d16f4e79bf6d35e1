//! A database to ask, and table definitions and values written shortly.

use std::rc::Rc;

use dynatab::engine::{Database, Lifecycle, Options};
use dynatab::storage::Storage;
use dynatab::storage_backend::ManualClock;
use dynatab::storage_backend::poll::now_or_never;
use serde_json::{Value, json};

/// `1 validation error detected: `
pub const P: &str = "1 validation error detected: ";
/// The lead of most faults of values.
pub const INVALID: &str = "One or more parameter values were invalid: ";
/// The lead of the faults of empty keys.
pub const NOT_VALID: &str = "One or more parameter values are not valid. ";
/// When the tests' clock starts: 2026-10-01T00:00:00Z.
pub const START: i64 = 1_790_812_800_000;

/// One database and its clock.
pub struct Db {
    pub engine: Database<Storage>,
    pub clock: Rc<ManualClock>,
}

impl Db {
    /// An empty database in memory.
    pub fn new() -> Self {
        Self::with_lifecycle(0)
    }

    /// One whose tables pass `lifecycle_ms` in CREATING and DELETING.
    pub fn with_lifecycle(lifecycle_ms: i64) -> Self {
        let clock = Rc::new(ManualClock::new(START));
        let storage = Storage::open_in_memory_with(clock.clone()).unwrap();
        Self::over(storage, clock, lifecycle_ms)
    }

    /// The database a storage holds.
    pub fn over(storage: Storage, clock: Rc<ManualClock>, lifecycle_ms: i64) -> Self {
        let options = Options {
            lifecycle: Lifecycle::all(lifecycle_ms),
            ..Options::default()
        };
        let random = std::cell::Cell::new(1u32);
        let entropy = move || {
            random.set(random.get().wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
            f64::from(random.get()) / 4_294_967_296.0
        };
        let engine = now_or_never(Database::open(storage, options, Box::new(entropy))).unwrap().unwrap();
        Self { engine, clock }
    }

    /// A database with that table.
    pub fn holding(table: &Table) -> Self {
        let db = Self::new();
        db.create(table);
        db
    }

    /// Sends bytes to a target.
    pub fn send(&self, target: &str, body: &[u8]) -> (u16, String) {
        let mut out = Vec::new();
        let status = now_or_never(self.engine.dispatch(target, body, &mut out)).unwrap();
        (status, String::from_utf8(out).unwrap())
    }

    /// Asks for an operation.
    pub fn ask(&self, operation: &str, request: &Value) -> (u16, Value) {
        let (status, reply) = self.send(&format!("DynamoDB_20120810.{operation}"), request.to_string().as_bytes());
        let reply = serde_json::from_str(&reply).unwrap_or_else(|error| panic!("{operation} answered {reply}: {error}"));
        (status, reply)
    }

    /// Asks for what must succeed.
    pub fn ok(&self, operation: &str, request: &Value) -> Value {
        let (status, reply) = self.ask(operation, request);
        assert_eq!(status, 200, "{operation} {request}: {reply}");
        reply
    }

    /// Asks for what must fail: `__type` without its namespace, which must be its own, and the message, which must be all there is beside
    /// it, but for the item of a failed condition and a transaction's reasons.
    pub fn fails(&self, operation: &str, request: &Value) -> (String, String) {
        let (status, mut reply) = self.ask(operation, request);
        assert_eq!(status, 400, "{operation} {request}: {reply}");
        let full_name = reply["__type"].as_str().unwrap().to_owned();
        let (namespace, name) = full_name.split_once('#').unwrap();
        let (expected, member) = match name {
            "ValidationException" => ("com.amazon.coral.validate", "message"),
            "SerializationException" => ("com.amazon.coral.service", "Message"),
            "TransactionCanceledException" | "TransactionInProgressException" | "IdempotentParameterMismatchException" => {
                ("com.amazonaws.dynamodb.v20120810", "Message")
            }
            "StorageError" | "QuotaExceededError" | "DatabaseCorruptError" => ("dynatab", "message"),
            _ => ("com.amazonaws.dynamodb.v20120810", "message"),
        };
        assert_eq!(namespace, expected, "{operation} {request}: {reply}");
        let message = reply[member]
            .as_str()
            .unwrap_or_else(|| panic!("{operation} {request}: {reply}"))
            .to_owned();
        let members = reply.as_object_mut().unwrap();
        members.retain(|name, _| name != "__type" && name != member);
        if name == "ConditionalCheckFailedException" {
            members.remove("Item");
        }
        if name == "TransactionCanceledException" {
            members.remove("CancellationReasons");
        }
        assert!(members.is_empty(), "{operation} {request}: {members:?}");
        (name.to_owned(), message)
    }

    /// Asks for what must be refused as invalid, by a body of type and message: the message.
    pub fn invalid(&self, operation: &str, request: &Value) -> String {
        let (name, message) = self.fails(operation, request);
        assert_eq!(name, "ValidationException", "{operation} {request}: {message}");
        message
    }

    /// Creates a table.
    pub fn create(&self, table: &Table) {
        self.ok("CreateTable", &table.request());
    }

    /// Puts an item into table `Tab`.
    pub fn put(&self, item: &Value) {
        self.ok("PutItem", &json!({"TableName": "Tab", "Item": item}));
    }

    /// The item of table `Tab` under that key, if there is one.
    pub fn get(&self, key: &Value) -> Option<Value> {
        self.ok("GetItem", &json!({"TableName": "Tab", "Key": key})).get("Item").cloned()
    }

    /// A Query of table `Tab` with other members beside the table's name.
    pub fn query(&self, request: &Value) -> Value {
        self.ok("Query", &in_table(request))
    }

    /// The items of [`Db::query`].
    pub fn items(&self, request: &Value) -> Vec<Value> {
        self.query(request)["Items"].as_array().unwrap().clone()
    }

    /// Crossings to SQLite while `work` runs.
    pub fn crossings<R>(&self, work: impl FnOnce() -> R) -> u64 {
        let before = self.engine.backend().crossings().frames;
        work();
        self.engine.backend().crossings().frames - before
    }
}

/// The request with `TableName` `T`.
pub fn in_table(request: &Value) -> Value {
    let mut request = request.clone();
    request["TableName"] = json!("Tab");
    request
}

/// `{"S": text}`
pub fn s(text: impl Into<String>) -> Value {
    json!({ "S": text.into() })
}

/// `{"N": number}`
#[allow(clippy::needless_pass_by_value)] // literals read better without `&`
pub fn n(number: impl ToString) -> Value {
    json!({ "N": number.to_string() })
}

/// `{"B": base64}`
pub fn b(bytes: &[u8]) -> Value {
    use base64::Engine as _;
    json!({ "B": base64::engine::general_purpose::STANDARD.encode(bytes) })
}

/// A table definition in the making. Key attributes are written `name:type`.
#[derive(Clone)]
pub struct Table {
    body: Value,
}

impl Table {
    /// The table `Tab` with these keys.
    pub fn new(keys: &[&str]) -> Self {
        Self::named("Tab", keys)
    }

    /// An on-demand table with a partition key and perhaps a sort key.
    pub fn named(name: &str, keys: &[&str]) -> Self {
        let body = json!({"TableName": name, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": []});
        let mut table = Self { body };
        let schema = table.keys(&keys[..1], &keys[1..]);
        table.body["KeySchema"] = schema;
        table
    }

    /// With a global index over these HASH and RANGE attributes.
    pub fn gsi(mut self, name: &str, hash: &[&str], range: &[&str], projection: &Value) -> Self {
        let schema = self.keys(hash, range);
        self.add(
            "GlobalSecondaryIndexes",
            json!({"IndexName": name, "KeySchema": schema, "Projection": projection}),
        );
        self
    }

    /// With a local index over this sort key.
    pub fn lsi(mut self, name: &str, range: &str, projection: &Value) -> Self {
        let schema = self.keys(&[], &[range]);
        let hash = self.body["KeySchema"][0].clone();
        let schema = json!([hash, schema[0]]);
        self.add(
            "LocalSecondaryIndexes",
            json!({"IndexName": name, "KeySchema": schema, "Projection": projection}),
        );
        self
    }

    /// With a stream.
    pub fn stream(self, view: &str) -> Self {
        self.with("StreamSpecification", json!({"StreamEnabled": true, "StreamViewType": view}))
    }

    /// With another member of the request.
    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.body[member] = value;
        self
    }

    /// The request that creates it.
    pub fn request(&self) -> Value {
        self.body.clone()
    }

    fn add(&mut self, member: &str, index: Value) {
        match self.body[member].as_array_mut() {
            Some(indexes) => indexes.push(index),
            None => self.body[member] = json!([index]),
        }
    }

    fn keys(&mut self, hash: &[&str], range: &[&str]) -> Value {
        let mut schema = Vec::new();
        for (keys, kind) in [(hash, "HASH"), (range, "RANGE")] {
            for key in keys {
                let (name, key_type) = key.split_once(':').unwrap();
                let definition = json!({"AttributeName": name, "AttributeType": key_type});
                let definitions = self.body["AttributeDefinitions"].as_array_mut().unwrap();
                if !definitions.contains(&definition) {
                    definitions.push(definition);
                }
                schema.push(json!({"AttributeName": name, "KeyType": kind}));
            }
        }
        schema.into()
    }
}

/// `Projection` of everything.
pub fn all() -> Value {
    json!({"ProjectionType": "ALL"})
}

/// `Projection` of the keys.
pub fn keys_only() -> Value {
    json!({"ProjectionType": "KEYS_ONLY"})
}

/// `Projection` of the keys and these attributes.
pub fn include(attributes: &[&str]) -> Value {
    json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": attributes})
}
