//! A client of the package's own operations about imports: sends a source in pieces and asks for steps until nothing is left to do.

use crate::database::Db;
use serde_json::{Value, json};

/// How an import is asked for, and how its source is cut.
#[derive(Clone)]
pub struct Importer {
    start: Value,
    piece: usize,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub records: usize,
    pub items: usize,
    pub rejected: usize,
    pub rejections: Vec<Value>,
    pub stopped: bool,
    /// Requests in which something was written.
    pub steps: usize,
}

impl Importer {
    /// Imports into table `Tab`.
    pub fn new(members: &Value) -> Self {
        let mut start = members.clone();
        start["tableName"] = json!("Tab");
        Self { start, piece: 256 << 10 }
    }

    /// With pieces of so many bytes.
    pub fn in_pieces(self, piece: usize) -> Self {
        Self { piece, ..self }
    }

    /// Imports texts, one after another, to the end.
    pub fn run(&self, db: &Db, texts: &[&str]) -> Outcome {
        self.run_until(db, texts, usize::MAX, |_| {}).expect("the import ends")
    }

    /// The same, `between` being called after each step that writes; `None` when so many were made and the import was left alone.
    pub fn run_until(&self, db: &Db, texts: &[&str], most_steps: usize, mut between: impl FnMut(usize)) -> Option<Outcome> {
        let started = own(db, "StartImport", &self.start, b"");
        let import = started["import"].clone();
        let mut outcome = Outcome {
            records: 0,
            items: 0,
            rejected: 0,
            rejections: Vec::new(),
            stopped: false,
            steps: 0,
        };
        let mut last = started;
        let mut pieces: Vec<(Value, &[u8])> = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let chunks = text.as_bytes().chunks(self.piece);
            pieces.extend(chunks.map(|piece| (json!({"import": import}), piece)));
            let ends = json!({"import": import, "textEnds": true, "sourceEnds": at + 1 == texts.len()});
            pieces.push((ends, b""));
        }
        for (request, piece) in &pieces {
            if last["ended"] == true {
                break;
            }
            last = own(db, "ImportItems", request, piece);
            outcome.note(&last);
            while last["more"] == true {
                if outcome.steps == most_steps {
                    return None;
                }
                last = own(db, "ImportItems", &json!({"import": import}), b"");
                outcome.note(&last);
                outcome.steps += 1;
                between(outcome.steps);
            }
        }
        assert_eq!(last["ended"], true, "{last}");
        outcome.note(&last);
        Some(outcome)
    }
}

impl Outcome {
    fn note(&mut self, reply: &Value) {
        let count = |name: &str| usize::try_from(reply[name].as_u64().unwrap()).unwrap();
        self.records = count("records");
        self.items = count("items");
        self.rejected = count("rejected");
        self.stopped = reply["stopped"] == true;
        self.rejections
            .extend(reply["rejections"].as_array().into_iter().flatten().cloned());
    }
}

/// Asks for one of the package's own operations, which must succeed.
pub fn own(db: &Db, operation: &str, request: &Value, piece: &[u8]) -> Value {
    let (status, reply) = try_own(db, operation, request, piece);
    assert_eq!(status, 200, "{operation} {request}: {reply}");
    reply
}

/// Asks for one of the package's own operations.
pub fn try_own(db: &Db, operation: &str, request: &Value, piece: &[u8]) -> (u16, Value) {
    let mut body = request.to_string().into_bytes();
    if !piece.is_empty() {
        body.push(b'\n');
        body.extend_from_slice(piece);
    }
    let (status, reply) = db.send(&format!("Dynatab.{operation}"), &body);
    (status, serde_json::from_str(&reply).unwrap())
}

/// Has every index of table `Tab` filled.
pub fn fill(db: &Db) {
    for _ in 0..100_000 {
        if own(db, "FillIndexes", &json!({"tableName": "Tab"}), b"")["left"] == 0 {
            return;
        }
    }
    panic!("there is always more to fill");
}

/// Everything there is to know of table `Tab` and its indexes: items in order, counts and sizes.
pub fn everything(db: &Db) -> Value {
    let table = db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"].clone();
    let mut known = json!({"items": scan(db, None), "count": table["ItemCount"], "bytes": table["TableSizeBytes"]});
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        for index in table[kind].as_array().into_iter().flatten() {
            let name = index["IndexName"].as_str().unwrap();
            known[name] = json!({
                "items": scan(db, Some(name)),
                "count": index["ItemCount"],
                "bytes": index["IndexSizeBytes"],
                "status": index.get("IndexStatus"),
            });
        }
    }
    known
}

/// All items of table `Tab` or one of its indexes, in the order of a scan.
pub fn scan(db: &Db, index: Option<&str>) -> Vec<Value> {
    let mut items = Vec::new();
    let mut request = json!({"TableName": "Tab"});
    if let Some(index) = index {
        request["IndexName"] = json!(index);
    }
    loop {
        let reply = db.ok("Scan", &request);
        items.extend(reply["Items"].as_array().unwrap().clone());
        match reply.get("LastEvaluatedKey") {
            Some(key) => request["ExclusiveStartKey"] = key.clone(),
            None => return items,
        }
    }
}
