//! Requests sent to a database as one packed batch.

use dynatab::engine::Database;
use dynatab::engine::batch::Replies;
use dynatab::storage_backend::StorageBackend;
use dynatab::storage_backend::poll::now_or_never;

/// Sends the requests as one packed batch; gives status and body of each, in order.
pub fn batch<B: StorageBackend>(db: &Database<B>, requests: &[(&str, String)]) -> Vec<(u16, String)> {
    let full = requests
        .iter()
        .map(|(operation, body)| (format!("DynamoDB_20120810.{operation}"), body));
    let full: Vec<(String, &String)> = full.collect();
    let requests: Vec<(&str, &str)> = full.iter().map(|(target, body)| (target.as_str(), body.as_str())).collect();
    targets(db, &requests)
}

/// [`batch`], by the requests' full targets.
pub fn targets<B: StorageBackend>(db: &Database<B>, requests: &[(&str, &str)]) -> Vec<(u16, String)> {
    let mut packed = (requests.len() as u32).to_le_bytes().to_vec();
    for (id, (target, body)) in requests.iter().enumerate() {
        packed.extend_from_slice(&(id as u32).to_le_bytes());
        packed.extend_from_slice(&(target.len() as u16).to_le_bytes());
        packed.extend_from_slice(target.as_bytes());
        packed.extend_from_slice(&(body.len() as u32).to_le_bytes());
        packed.extend_from_slice(body.as_bytes());
    }
    let buffer = Replies::new(Vec::new()).finish();
    let replies = now_or_never(db.run_batch(&packed, buffer)).unwrap();
    let number = |at: usize| u32::from_le_bytes(replies[at..at + 4].try_into().unwrap()) as usize;
    let mut at = 4;
    let mut read = Vec::new();
    for id in 0..number(0) {
        assert_eq!(number(at), id, "replies stand in the order of the requests");
        let status = u16::from_le_bytes(replies[at + 4..at + 6].try_into().unwrap());
        let length = number(at + 8);
        read.push((status, String::from_utf8(replies[at + 12..at + 12 + length].to_vec()).unwrap()));
        at += 12 + length;
    }
    assert_eq!(at, replies.len());
    assert_eq!(read.len(), requests.len());
    read
}

/// Creates a table whose key is the string `a`.
pub fn create_table(name: &str) -> (&'static str, String) {
    let body = format!(
        r#"{{"TableName":"{name}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{{"AttributeName":"a","AttributeType":"S"}}],
        "KeySchema":[{{"AttributeName":"a","KeyType":"HASH"}}]}}"#
    );
    ("CreateTable", body)
}

/// Puts an item, asking for the one before it.
pub fn put(table: &str, key: &str, value: &str) -> (&'static str, String) {
    (
        "PutItem",
        format!(r#"{{"TableName":"{table}","Item":{{"a":{{"S":"{key}"}},"v":{{"S":"{value}"}}}},"ReturnValues":"ALL_OLD"}}"#),
    )
}

/// Reads an item.
pub fn get(table: &str, key: &str) -> (&'static str, String) {
    ("GetItem", format!(r#"{{"TableName":"{table}","Key":{{"a":{{"S":"{key}"}}}}}}"#))
}
