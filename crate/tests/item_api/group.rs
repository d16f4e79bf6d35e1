//! The item operations of one packed batch share a transaction: each sees what those before it wrote, and one that fails leaves nothing.

use crate::database::{Db, Table, all, n, s};
use dynatab::storage_backend::poll::now_or_never;
use serde_json::{Value, json};

/// Sends requests as one packed batch; status and body of each, in order.
fn batch(db: &Db, requests: &[(&str, Value)]) -> Vec<(u16, Value)> {
    let mut packed = u32::try_from(requests.len()).unwrap().to_le_bytes().to_vec();
    for (operation, body) in requests {
        let (target, body) = (format!("DynamoDB_20120810.{operation}"), body.to_string());
        packed.extend_from_slice(&[0; 4]);
        packed.extend_from_slice(&u16::try_from(target.len()).unwrap().to_le_bytes());
        packed.extend_from_slice(target.as_bytes());
        packed.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
        packed.extend_from_slice(body.as_bytes());
    }
    let replies = now_or_never(db.engine.run_batch(&packed, Vec::new())).unwrap();
    let mut rest = &replies[4..];
    let mut read = Vec::new();
    while let [_, _, _, _, low, high, _, _, length @ ..] = rest {
        let (length, body) = length.split_first_chunk().unwrap();
        let (body, next) = body.split_at(u32::from_le_bytes(*length) as usize);
        read.push((u16::from_le_bytes([*low, *high]), serde_json::from_slice(body).unwrap()));
        rest = next;
    }
    assert_eq!(read.len(), requests.len());
    read
}

fn count(condition: Option<&str>) -> (&'static str, Value) {
    let mut request = json!({
        "TableName": "Tab",
        "Key": {"pk": s("a")},
        "UpdateExpression": "ADD c :one SET g = :g",
        "ExpressionAttributeValues": {":one": n(1), ":g": s("g")},
        "ReturnValues": "UPDATED_NEW"
    });
    if let Some(condition) = condition {
        request["ConditionExpression"] = json!(condition);
    }
    ("UpdateItem", request)
}

#[test]
fn operations_of_a_group_see_each_other_and_failures_leave_nothing() {
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("global", &["g:S"], &["c:N"], &all()));
    let write = |items: Value| ("BatchWriteItem", json!({"RequestItems": {"Tab": items}}));
    let entries = json!({
        "TableName": "Tab",
        "IndexName": "global",
        "KeyConditionExpression": "g = :g",
        "ExpressionAttributeValues": {":g": s("g")}
    });
    let broken = json!({
        "TableName": "Tab",
        "Key": {"pk": s("a")},
        "UpdateExpression": "SET c = c + nope"
    });
    let replies = batch(
        &db,
        &[
            count(None),
            count(None),
            count(Some("attribute_not_exists(c)")),
            ("UpdateItem", broken),
            write(json!([{"PutRequest": {"Item": {"pk": s("b")}}}, {"PutRequest": {"Item": {"pk": n(1)}}}])),
            write(json!([{"PutRequest": {"Item": {"pk": s("d"), "g": s("g"), "c": n(0)}}}])),
            count(None),
            ("Query", entries.clone()),
            (
                "BatchGetItem",
                json!({"RequestItems": {"Tab": {"Keys": [{"pk": s("a")}, {"pk": s("b")}, {"pk": s("d")}]}}}),
            ),
            ("Scan", json!({"TableName": "Tab", "Select": "COUNT"})),
        ],
    );
    let statuses: Vec<u16> = replies.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 200, 400, 400, 400, 200, 200, 200, 200, 200]);
    for (at, counted) in [(0, 1), (1, 2), (6, 3)] {
        assert_eq!(replies[at].1, json!({"Attributes": {"c": n(counted), "g": s("g")}}));
    }
    let (a, d) = (
        json!({"pk": s("a"), "c": n(3), "g": s("g")}),
        json!({"pk": s("d"), "c": n(0), "g": s("g")}),
    );
    assert_eq!(replies[7].1["Items"], json!([d, a]));
    assert_eq!(replies[8].1["Responses"]["Tab"], json!([a, d]));
    assert_eq!(replies[9].1["Count"], 2);
    // And so it stays.
    assert_eq!(db.ok("Query", &entries)["Items"], json!([d, a]));
}
