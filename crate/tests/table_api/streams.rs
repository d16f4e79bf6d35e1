//! DynamoDB Streams: what is recorded, and how it is read.

use crate::database::{Db, START, Table, keys_only, n, s};
use serde_json::{Value, json};

const SHARD: &str = "shardId-00000000000000000000-00000001";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Asks the streams API.
fn ask(db: &Db, operation: &str, request: &Value) -> (u16, Value) {
    let (status, body) = db.send(&format!("DynamoDBStreams_20120810.{operation}"), request.to_string().as_bytes());
    (status, serde_json::from_str(&body).unwrap())
}

fn ok(db: &Db, operation: &str, request: &Value) -> Value {
    let (status, body) = ask(db, operation, request);
    assert_eq!(status, 200, "{operation} {request}: {body}");
    body
}

/// `__type` without its namespace, and the message.
fn fails(db: &Db, operation: &str, request: &Value) -> (String, String) {
    let (status, body) = ask(db, operation, request);
    assert_eq!(status, 400, "{operation} {request}: {body}");
    let name = body["__type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
    (name, body["message"].as_str().unwrap().to_owned())
}

fn invalid(db: &Db, operation: &str, request: &Value) -> String {
    let (name, message) = fails(db, operation, request);
    assert_eq!(name, "ValidationException", "{message}");
    message
}

fn table(view: &str) -> Table {
    Table::new(&["pk:S"]).gsi("global", &["g:S"], &[], &keys_only()).stream(view)
}

fn arn(db: &Db) -> String {
    db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"]["LatestStreamArn"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn iterator(db: &Db, kind: &str, more: &Value) -> String {
    let mut request = json!({"StreamArn": arn(db), "ShardId": SHARD, "ShardIteratorType": kind});
    for (name, value) in more.as_object().unwrap() {
        request[name] = value.clone();
    }
    ok(db, "GetShardIterator", &request)["ShardIterator"].as_str().unwrap().to_owned()
}

fn records(db: &Db, iterator: &str) -> Vec<Value> {
    let reply = ok(db, "GetRecords", &json!({ "ShardIterator": iterator }));
    reply["Records"].as_array().unwrap().clone()
}

fn numbers(db: &Db, kind: &str, more: &Value) -> Vec<i64> {
    let all = records(db, &iterator(db, kind, more));
    let number = |record: &Value| record["dynamodb"]["SequenceNumber"].as_str().unwrap().parse().unwrap();
    all.iter().map(number).collect()
}

fn number(n: i64) -> Value {
    json!({ "SequenceNumber": format!("{n:021}") })
}

/// Milliseconds as the wire has them.
#[allow(clippy::cast_precision_loss)] // far below the mantissa's limit
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn put(db: &Db, pk: &str, v: i32) {
    db.put(&json!({"pk": s(pk), "v": n(v)}));
}

#[test]
fn every_change_is_recorded_as_the_view_shows_it() {
    // rules 99, 100
    for (view, new, old) in [
        ("KEYS_ONLY", false, false),
        ("NEW_IMAGE", true, false),
        ("OLD_IMAGE", false, true),
        ("NEW_AND_OLD_IMAGES", true, true),
    ] {
        let db = Db::holding(&table(view));
        put(&db, "a", 1);
        put(&db, "a", 1);
        put(&db, "a", 22);
        let key = json!({"pk": s("a")});
        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": key}));
        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": key}));
        let record = |at: i64, event: &str, new_v: Option<i32>, old_v: Option<i32>| {
            let mut change = json!({
                "ApproximateCreationDateTime": START / 1000, "Keys": key, "SequenceNumber": format!("{at:021}"), "StreamViewType": view
            });
            // Key, then each image: names and values by rule 13.
            let mut size = 3;
            for (shown, name, v) in [(new, "NewImage", new_v), (old, "OldImage", old_v)] {
                if let (true, Some(v)) = (shown, v) {
                    change[name] = json!({"pk": s("a"), "v": n(v)});
                    size += 3 + 1 + 2;
                }
            }
            change["SizeBytes"] = json!(size);
            json!({
                "eventName": event, "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "eu-west-2", "dynamodb": change
            })
        };
        let expected = [
            record(1, "INSERT", Some(1), None),
            record(2, "MODIFY", Some(22), Some(1)),
            record(3, "REMOVE", None, Some(22)),
        ];
        let mut found = records(&db, &iterator(&db, "TRIM_HORIZON", &json!({})));
        let mut ids: Vec<String> = Vec::new();
        for record in &mut found {
            let id = record.as_object_mut().unwrap().remove("eventID").unwrap();
            ids.push(id.as_str().unwrap().to_owned());
        }
        assert_eq!(found, expected, "{view}");
        ids.sort_unstable();
        ids.dedup();
        assert!(ids.len() == 3 && ids.iter().all(|id| id.len() == 32), "{ids:?}");
    }
}

#[test]
fn all_five_kinds_of_iterator_find_their_place() {
    // rule 101
    let db = Db::holding(&table("KEYS_ONLY"));
    assert_eq!(numbers(&db, "TRIM_HORIZON", &json!({})), [0; 0]);
    for at in 1..=5 {
        put(&db, &at.to_string(), at);
        db.clock.advance(1000);
    }
    assert_eq!(numbers(&db, "TRIM_HORIZON", &json!({})), [1, 2, 3, 4, 5]);
    let latest = iterator(&db, "LATEST", &json!({}));
    assert!(records(&db, &latest).is_empty());
    put(&db, "6", 6);
    assert_eq!(records(&db, &latest).len(), 1);
    assert_eq!(numbers(&db, "AT_SEQUENCE_NUMBER", &number(4)), [4, 5, 6]);
    assert_eq!(numbers(&db, "AFTER_SEQUENCE_NUMBER", &number(4)), [5, 6]);
    let at = |milliseconds: i64| json!({"Timestamp": seconds(START + milliseconds)});
    assert_eq!(numbers(&db, "AT_TIMESTAMP", &at(2000)), [3, 4, 5, 6]);
    assert_eq!(numbers(&db, "AT_TIMESTAMP", &at(2001)), [4, 5, 6]);
    assert_eq!(numbers(&db, "AT_TIMESTAMP", &at(-DAY)), [1, 2, 3, 4, 5, 6], "older than all");
    assert_eq!(numbers(&db, "AT_TIMESTAMP", &at(5000)), [6]);
}

#[test]
fn records_are_read_page_by_page() {
    // rule 101
    let db = Db::holding(&table("NEW_IMAGE"));
    for at in 0..7 {
        put(&db, &at.to_string(), at);
    }
    let mut next = Some(iterator(&db, "TRIM_HORIZON", &json!({})));
    let mut pages = Vec::new();
    for _ in 0..4 {
        let reply = ok(&db, "GetRecords", &json!({"ShardIterator": next.unwrap(), "Limit": 3}));
        pages.push(reply["Records"].as_array().unwrap().len());
        next = reply["NextShardIterator"].as_str().map(str::to_owned);
    }
    assert_eq!(pages, [3, 3, 1, 0]);
    assert!(next.is_some(), "an open shard has always a next iterator");
    // A reply has 1 MB at most; what is larger comes alone.
    let large = |v: usize| json!({"pk": s("large"), "v": s("x".repeat(v))});
    for size in [400_000, 399_999, 399_998, 399_997] {
        db.put(&large(size));
    }
    let first = iterator(&db, "AFTER_SEQUENCE_NUMBER", &number(7));
    assert_eq!(records(&db, &first).len(), 3);
}

#[test]
fn a_read_takes_one_crossing() {
    let db = Db::holding(&table("NEW_IMAGE"));
    put(&db, "a", 1);
    let first = iterator(&db, "TRIM_HORIZON", &json!({}));
    assert_eq!(db.crossings(|| records(&db, &first)), 1);
}

#[test]
fn a_stream_is_described_with_its_shard() {
    // rule 100
    let db = Db::holding(&table("NEW_IMAGE"));
    put(&db, "a", 1);
    put(&db, "b", 1);
    let arn = arn(&db);
    let label = arn.rsplit('/').next().unwrap();
    let expected = json!({
        "StreamArn": arn, "StreamLabel": label, "StreamStatus": "ENABLED", "StreamViewType": "NEW_IMAGE",
        "CreationRequestDateTime": seconds(START), "TableName": "Tab",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "Shards": [{"ShardId": SHARD, "SequenceNumberRange": {"StartingSequenceNumber": "000000000000000000001"}}]
    });
    let describe = |more: &Value| {
        let mut request = json!({ "StreamArn": arn });
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        ok(&db, "DescribeStream", &request)["StreamDescription"].clone()
    };
    assert_eq!(describe(&json!({"Limit": 1})), expected);
    assert_eq!(describe(&json!({"ExclusiveStartShardId": SHARD}))["Shards"], json!([]));
    let children = json!({"ShardFilter": {"Type": "CHILD_SHARDS", "ShardId": SHARD}});
    assert_eq!(describe(&children)["Shards"], json!([]));
}

#[test]
fn streams_are_listed_by_table_and_page() {
    let db = Db::new();
    for name in ["bbb", "aaa", "ccc"] {
        db.create(&Table::named(name, &["pk:S"]).stream("KEYS_ONLY"));
    }
    db.create(&Table::named("none", &["pk:S"]));
    let names = |reply: &Value| -> Vec<String> {
        let streams = reply["Streams"].as_array().unwrap().iter();
        streams.map(|stream| stream["TableName"].as_str().unwrap().to_owned()).collect()
    };
    let first = ok(&db, "ListStreams", &json!({"Limit": 2}));
    assert_eq!(names(&first), ["aaa", "bbb"]);
    assert_eq!(first["Streams"][1]["StreamArn"], first["LastEvaluatedStreamArn"]);
    let rest = ok(
        &db,
        "ListStreams",
        &json!({"Limit": 2, "ExclusiveStartStreamArn": first["LastEvaluatedStreamArn"]}),
    );
    assert_eq!(names(&rest), ["ccc"]);
    assert_eq!(rest.get("LastEvaluatedStreamArn"), None);
    assert_eq!(names(&ok(&db, "ListStreams", &json!({"TableName": "bbb"}))), ["bbb"]);
    assert!(names(&ok(&db, "ListStreams", &json!({"TableName": "none"}))).is_empty());
}

#[test]
fn a_stream_outlives_its_table_by_a_day() {
    // rule 102
    let db = Db::holding(&table("NEW_IMAGE"));
    put(&db, "a", 1);
    put(&db, "b", 1);
    let arn = arn(&db);
    let first = iterator(&db, "TRIM_HORIZON", &json!({}));
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    db.create(&table("KEYS_ONLY"));
    let description = ok(&db, "DescribeStream", &json!({ "StreamArn": arn }));
    let description = &description["StreamDescription"];
    assert_eq!(description["StreamStatus"], "DISABLED");
    assert_eq!(
        description["Shards"][0]["SequenceNumberRange"],
        json!({"StartingSequenceNumber": "000000000000000000001", "EndingSequenceNumber": "000000000000000000002"})
    );
    let page = ok(&db, "GetRecords", &json!({"ShardIterator": first, "Limit": 1}));
    // Rule 101: the last page of a closed shard has no next iterator.
    let last = ok(&db, "GetRecords", &json!({"ShardIterator": page["NextShardIterator"]}));
    assert_eq!(last["Records"].as_array().unwrap().len(), 1);
    assert_eq!(last.get("NextShardIterator"), None);
    db.clock.advance(DAY);
    assert_eq!(ok(&db, "ListStreams", &json!({}))["Streams"].as_array().unwrap().len(), 2);
    db.clock.advance(1);
    assert_eq!(
        fails(&db, "DescribeStream", &json!({ "StreamArn": arn })),
        (
            "ResourceNotFoundException".into(),
            format!("Requested resource not found: Stream: {arn} not found")
        )
    );
    assert_eq!(ok(&db, "ListStreams", &json!({}))["Streams"].as_array().unwrap().len(), 1);
}

#[test]
fn numbers_no_record_ever_had_are_refused() {
    // messages-tables 104
    let db = Db::holding(&table("KEYS_ONLY"));
    put(&db, "a", 1);
    for at in [0, 2] {
        let mut request = json!({"StreamArn": arn(&db), "ShardId": SHARD, "ShardIteratorType": "AT_SEQUENCE_NUMBER"});
        request["SequenceNumber"] = number(at)["SequenceNumber"].clone();
        assert_eq!(
            invalid(&db, "GetShardIterator", &request),
            "Invalid SequenceNumber for the shard",
            "{at}"
        );
    }
}

#[test]
fn a_closed_stream_without_records_ends_where_it_began() {
    let db = Db::holding(&table("KEYS_ONLY"));
    let arn = arn(&db);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    let description = ok(&db, "DescribeStream", &json!({ "StreamArn": arn }));
    let first = "000000000000000000001";
    assert_eq!(
        description["StreamDescription"]["Shards"][0]["SequenceNumberRange"],
        json!({"StartingSequenceNumber": first, "EndingSequenceNumber": first})
    );
}

#[test]
fn what_is_older_than_a_day_is_trimmed() {
    // rule 102; TrimmedDataAccessException of the model
    let db = Db::holding(&table("KEYS_ONLY"));
    put(&db, "a", 1);
    put(&db, "b", 1);
    db.clock.advance(DAY - 1000);
    put(&db, "c", 1);
    let old = iterator(&db, "TRIM_HORIZON", &json!({}));
    db.clock.advance(1001);
    let trimmed = (
        "TrimmedDataAccessException".to_owned(),
        "The data you are trying to access has been trimmed.".to_owned(),
    );
    assert_eq!(fails(&db, "GetRecords", &json!({ "ShardIterator": old })), trimmed);
    assert_eq!(numbers(&db, "TRIM_HORIZON", &json!({})), [3]);
    let with = |kind: &str, at: i64| json!({"StreamArn": arn(&db), "ShardId": SHARD, "ShardIteratorType": kind, "SequenceNumber": format!("{at:021}")});
    for (kind, at) in [("AT_SEQUENCE_NUMBER", 1), ("AT_SEQUENCE_NUMBER", 2), ("AFTER_SEQUENCE_NUMBER", 1)] {
        assert_eq!(fails(&db, "GetShardIterator", &with(kind, at)), trimmed, "{kind} {at}");
    }
    assert_eq!(
        numbers(&db, "AFTER_SEQUENCE_NUMBER", &number(2)),
        [3],
        "nothing is missing behind 2"
    );
    db.clock.advance(DAY);
    assert_eq!(numbers(&db, "TRIM_HORIZON", &json!({})), [0; 0]);
    put(&db, "d", 1);
    assert_eq!(numbers(&db, "TRIM_HORIZON", &json!({})), [4]);
}

#[test]
fn an_iterator_lives_for_fifteen_minutes() {
    // ExpiredIteratorException of the model
    let db = Db::holding(&table("KEYS_ONLY"));
    put(&db, "a", 1);
    let first = iterator(&db, "TRIM_HORIZON", &json!({}));
    db.clock.advance(15 * 60 * 1000);
    assert_eq!(records(&db, &first).len(), 1);
    db.clock.advance(1);
    assert_eq!(
        fails(&db, "GetRecords", &json!({ "ShardIterator": first })),
        (
            "ExpiredIteratorException".into(),
            "The provided iterator exceeds the maximum age allowed.".into()
        )
    );
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    // messages-tables 100-107
    let db = Db::holding(&table("KEYS_ONLY"));
    put(&db, "a", 1);
    let arn = arn(&db);
    let unknown = "arn:aws:dynamodb:eu-west-2:000000000000:table/Tab/stream/2000-01-01T00:00:00.000";
    let of = |arn: &str, kind: &str, more: Value| {
        let mut request = json!({"StreamArn": arn, "ShardId": SHARD, "ShardIteratorType": kind});
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        request
    };
    let malformed = "a".repeat(40);
    for (operation, request) in [
        ("DescribeStream", json!({ "StreamArn": malformed })),
        ("GetShardIterator", of(&malformed, "LATEST", json!({}))),
        ("ListStreams", json!({ "ExclusiveStartStreamArn": malformed })),
    ] {
        assert_eq!(invalid(&db, operation, &request), "Invalid StreamArn", "{operation}");
    }
    for (operation, request) in [
        ("DescribeStream", json!({ "StreamArn": unknown })),
        ("GetShardIterator", of(unknown, "LATEST", json!({}))),
    ] {
        let message = format!("Requested resource not found: Stream: {unknown} not found");
        assert_eq!(fails(&db, operation, &request), ("ResourceNotFoundException".into(), message));
    }
    let (name, _) = fails(
        &db,
        "GetShardIterator",
        &of(&arn, "LATEST", json!({"ShardId": "shardId-00000000000000000000-00000002"})),
    );
    assert_eq!(name, "ResourceNotFoundException");
    let invalid_values = "One or more parameter values were invalid: ";
    let at = "failed to satisfy constraint: Member must";
    for (kind, more, message) in [
        (
            "AT_SEQUENCE_NUMBER",
            json!({}),
            format!("{invalid_values}SequenceNumber cannot be null"),
        ),
        (
            "TRIM_HORIZON",
            number(1),
            format!("{invalid_values}SequenceNumber should not be passed for this iterator type"),
        ),
        ("AT_TIMESTAMP", json!({}), format!("{invalid_values}Timestamp cannot be null")),
        (
            "AT_TIMESTAMP",
            json!({"Timestamp": START / 1000 + 1}),
            format!("{invalid_values}Timestamp must not be in the future"),
        ),
        ("AFTER_SEQUENCE_NUMBER", number(2), "Invalid SequenceNumber for the shard".into()),
        (
            "AT_SEQUENCE_NUMBER",
            json!({"SequenceNumber": "x".repeat(21)}),
            "Invalid SequenceNumber for the shard".into(),
        ),
        (
            "AT_SEQUENCE_NUMBER",
            json!({"SequenceNumber": "1"}),
            format!("1 validation error detected: Value at 'sequenceNumber' {at} have length greater than or equal to 21"),
        ),
    ] {
        assert_eq!(invalid(&db, "GetShardIterator", &of(&arn, kind, more)), message, "{kind}");
    }
    let found = invalid(&db, "GetShardIterator", &of(&arn, "FOO", json!({})));
    let expected = format!("1 validation error detected: Value 'FOO' at 'shardIteratorType' {at} satisfy enum value set: [");
    assert!(found.starts_with(&expected), "{found}");
    assert_eq!(invalid(&db, "GetRecords", &json!({"ShardIterator": "x"})), "Invalid ShardIterator");
    for (operation, most) in [("ListStreams", 100), ("DescribeStream", 100), ("GetRecords", 1000)] {
        for (limit, message) in [
            (0, format!("Value '0' at 'limit' {at} have value greater than or equal to 1")),
            (
                most + 1,
                format!("Value '{}' at 'limit' {at} have value less than or equal to {most}", most + 1),
            ),
        ] {
            let first = iterator(&db, "LATEST", &json!({}));
            let mut request = json!({ "Limit": limit });
            match operation {
                "DescribeStream" => request["StreamArn"] = json!(arn),
                "GetRecords" => request["ShardIterator"] = json!(first),
                _ => {}
            }
            assert_eq!(invalid(&db, operation, &request), format!("1 validation error detected: {message}"));
        }
    }
    assert_eq!(
        invalid(&db, "GetRecords", &json!({})),
        "missing field `ShardIterator` at line 1 column 2"
    );
}
