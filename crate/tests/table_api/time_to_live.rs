//! UpdateTimeToLive, DescribeTimeToLive, and what the sweep deletes.

use crate::database::{Db, START, Table, keys_only, n, s};
use dynatab::storage_backend::{StorageBackend, poll::now_or_never};
use serde_json::{Value, json};

const YEAR: i64 = 365 * 24 * 60 * 60;

fn set(enabled: bool, attribute: &str) -> Value {
    json!({"TableName": "Tab", "TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": attribute}})
}

fn described(db: &Db) -> Value {
    db.ok("DescribeTimeToLive", &json!({"TableName": "Tab"}))["TimeToLiveDescription"].clone()
}

/// Works until nothing is due at once; says how many steps that took.
fn work(db: &Db) -> usize {
    let step = || now_or_never(db.engine.work()).unwrap();
    1 + (0..1000).take_while(|_| step() == 0).count()
}

fn count(db: &Db, index: Option<&str>) -> i64 {
    let mut request = json!({"TableName": "Tab", "Select": "COUNT"});
    if let Some(index) = index {
        request["IndexName"] = json!(index);
    }
    db.ok("Scan", &request)["Count"].as_i64().unwrap()
}

#[test]
fn time_to_live_is_enabled_described_and_disabled() {
    // rule 97
    let db = Db::holding(&Table::new(&["pk:S"]));
    assert_eq!(described(&db), json!({"TimeToLiveStatus": "DISABLED"}));
    for enabled in [true, false, true] {
        assert_eq!(
            db.ok("UpdateTimeToLive", &set(enabled, "expires")),
            json!({"TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": "expires"}})
        );
        let expected = if enabled {
            json!({"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"})
        } else {
            json!({"TimeToLiveStatus": "DISABLED"})
        };
        assert_eq!(described(&db), expected);
    }
}

#[test]
fn changes_take_their_time_and_not_another_within_an_hour() {
    // rules 89, 97; messages-tables 75, 76, 96
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]));
    assert_eq!(
        db.invalid("DescribeTimeToLive", &json!({"TableName": "Tab"})),
        "Cannot describe time to live while table is in CREATING state: Current table state is CREATING"
    );
    assert_eq!(
        db.fails("UpdateTimeToLive", &set(true, "expires")),
        (
            "ResourceInUseException".into(),
            "Attempt to change a resource which is still in use: Table is being created: Tab".into()
        )
    );
    db.clock.advance(1000);
    db.ok("UpdateTimeToLive", &set(true, "expires"));
    assert_eq!(described(&db)["TimeToLiveStatus"], "ENABLING");
    db.clock.advance(1000);
    assert_eq!(described(&db)["TimeToLiveStatus"], "ENABLED");
    let too_soon = "Time to live has been modified multiple times within a fixed interval";
    assert_eq!(db.invalid("UpdateTimeToLive", &set(false, "expires")), too_soon);
    db.clock.advance(60 * 60 * 1000 - 1001);
    assert_eq!(db.invalid("UpdateTimeToLive", &set(false, "expires")), too_soon);
    db.clock.advance(1);
    db.ok("UpdateTimeToLive", &set(false, "expires"));
    assert_eq!(described(&db)["TimeToLiveStatus"], "DISABLING");
}

#[test]
fn changes_that_change_nothing_or_another_attribute_are_refused() {
    // rule 97; messages-tables 70-74, 77
    let db = Db::holding(&Table::new(&["pk:S"]));
    let refused = |request: &Value| db.invalid("UpdateTimeToLive", request);
    assert_eq!(refused(&set(false, "expires")), "TimeToLive is already disabled");
    db.ok("UpdateTimeToLive", &set(true, "expires"));
    assert_eq!(refused(&set(true, "expires")), "TimeToLive is already enabled");
    for enabled in [true, false] {
        assert_eq!(
            refused(&set(enabled, "other")),
            "TimeToLive is active on a different AttributeName: current AttributeName is expires"
        );
    }
    let at = "1 validation error detected: Value";
    let member = "at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must";
    assert_eq!(
        refused(&set(true, "")),
        format!("{at} '' {member} have length greater than or equal to 1")
    );
    let long = "x".repeat(256);
    assert_eq!(
        refused(&set(true, &long)),
        format!("{at} '{long}' {member} have length less than or equal to 255")
    );
    assert_eq!(
        refused(&json!({"TableName": "Tab"})),
        "missing field `TimeToLiveSpecification` at line 1 column 19"
    );
    let absent = json!({"TableName": "Absent", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "a"}});
    let not_found = (
        "ResourceNotFoundException".to_owned(),
        "Requested resource not found: Table: Absent not found".to_owned(),
    );
    assert_eq!(db.fails("UpdateTimeToLive", &absent), not_found);
    assert_eq!(db.fails("DescribeTimeToLive", &json!({"TableName": "Absent"})), not_found);
}

#[test]
fn what_has_expired_is_swept_with_its_index_entries_and_the_service_is_named() {
    // rules 96, 98
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("global", &["g:S"], &[], &keys_only()).stream("OLD_IMAGE"));
    db.ok("UpdateTimeToLive", &set(true, "expires"));
    let now = START / 1000;
    let put = |pk: &str, expires: Value| db.put(&json!({"pk": s(pk), "g": s("g"), "expires": expires}));
    put("gone", n(now - 1));
    put("soon", n(now + 10));
    put("now", n(now));
    put("old", n(now - 5 * YEAR));
    put("too old", n(now - 5 * YEAR - 1));
    put("milliseconds", n(START));
    put("text", s((now - 1).to_string()));
    assert_eq!(count(&db, None), 7, "readable until they are swept");
    work(&db);
    let left = |db: &Db| {
        let items = db.ok("Scan", &json!({"TableName": "Tab"}))["Items"].as_array().unwrap().clone();
        let mut names: Vec<String> = items.iter().map(|item| item["pk"]["S"].as_str().unwrap().to_owned()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(left(&db), ["milliseconds", "now", "soon", "text", "too old"]);
    assert_eq!(count(&db, Some("global")), 5);
    db.clock.advance(11_000);
    work(&db);
    assert_eq!(left(&db), ["milliseconds", "text", "too old"]);

    let stream = json!({"StreamArn": db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"]["LatestStreamArn"]});
    let mut request = stream.clone();
    request["ShardId"] = json!("shardId-00000000000000000000-00000001");
    request["ShardIteratorType"] = json!("TRIM_HORIZON");
    let ask = |operation: &str, request: &Value| -> Value {
        let (status, body) = db.send(&format!("DynamoDBStreams_20120810.{operation}"), request.to_string().as_bytes());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    };
    let iterator = ask("GetShardIterator", &request);
    let records = ask("GetRecords", &iterator);
    let removed: Vec<&Value> = (records["Records"].as_array().unwrap().iter())
        .filter(|record| record["eventName"] == "REMOVE")
        .collect();
    assert_eq!(removed.len(), 4);
    for record in removed {
        assert_eq!(
            record["userIdentity"],
            json!({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"})
        );
        assert!(record["dynamodb"]["OldImage"]["expires"].is_object());
    }
}

#[test]
fn a_step_deletes_a_few_items_only() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    for at in 0..110 {
        db.put(&json!({"pk": s(at.to_string()), "expires": n(START / 1000 - 100)}));
    }
    db.ok("UpdateTimeToLive", &set(true, "expires"));
    let crossings = db.crossings(|| {
        now_or_never(db.engine.work()).unwrap();
    });
    assert!(crossings <= 2, "{crossings}");
    assert_eq!(count(&db, None), 85);
    assert_eq!(work(&db), 3, "three more steps: 29, 33 and the rest");
    assert_eq!(count(&db, None), 0);
    let delay = now_or_never(db.engine.work()).unwrap();
    assert!((1..=1000).contains(&delay), "{delay}");
}

#[test]
fn nothing_is_written_when_nothing_is_due() {
    let db = Db::holding(&Table::new(&["pk:S"]).stream("KEYS_ONLY"));
    db.put(&json!({"pk": s("a")}));
    db.clock.advance(60_000);
    for (looks, when) in [(1, "one look"), (0, "and none before the next is due")] {
        let crossings = db.crossings(|| {
            work(&db);
        });
        assert_eq!(crossings, looks, "{when}");
    }
}

#[test]
fn stream_records_older_than_a_day_are_removed() {
    // rule 102
    let db = Db::holding(&Table::new(&["pk:S"]).stream("KEYS_ONLY"));
    for at in 0..300 {
        db.put(&json!({"pk": s(at.to_string())}));
    }
    let stored = || {
        let shard = "shardId-00000000000000000000-00000001";
        now_or_never(db.engine.backend().get_stream_records("Tab", shard, 0, 1000))
            .unwrap()
            .unwrap()
            .len()
    };
    db.clock.advance(24 * 60 * 60 * 1000);
    work(&db);
    assert_eq!(stored(), 300);
    db.clock.advance(60_001);
    work(&db);
    assert_eq!(stored(), 0);
}
