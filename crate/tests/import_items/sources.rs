//! What comes of a source: the items that `PutItem` would have made of its records, and everything that goes with them.

use crate::database::{Db, Table, all, include, keys_only, n, s};
use crate::importer::{Importer, everything, fill, own, scan, try_own};
use serde_json::{Value, json};

const EXPORT: &str = "dynamodb-json";

/// Tables of every kind that an import meets.
fn tables() -> Vec<(&'static str, Table)> {
    let plain = Table::new(&["pk:S", "sk:N"]);
    let global = plain
        .clone()
        .gsi("byGroup", &["g:S"], &["sk:N"], &all())
        .gsi("byTag", &["t:S"], &[], &include(&["v"]));
    vec![
        ("bare", plain.clone()),
        ("local", plain.clone().lsi("byScore", "score:N", &keys_only())),
        ("streamed", plain.stream("NEW_AND_OLD_IMAGES")),
        ("global", global.clone()),
        ("everything", global.lsi("byScore", "score:N", &all()).stream("NEW_IMAGE")),
    ]
}

/// Items some of which no table takes, some of one key, and large ones.
fn candidates(count: usize) -> Vec<Value> {
    let mut items = Vec::new();
    for at in 0..count {
        let mut item = json!({"pk": s(format!("p{}", at * 7919 % 97)), "sk": n(at % 41), "v": n(format!("{at}.25"))});
        if at % 3 == 0 {
            item["g"] = s(format!("g{}", at % 7));
        }
        if at % 4 == 0 {
            item["score"] = n(at % 13);
        }
        if at % 5 == 0 {
            item["t"] = s(format!("t{at}"));
        }
        if at % 50 == 0 {
            item["large"] = s("x".repeat(30_000));
        }
        match at % 60 {
            7 => item["pk"] = n(1),
            17 => drop(item.as_object_mut().unwrap().remove("sk")),
            27 => item["pk"] = s(""),
            37 => item["sk"] = n("1e200"),
            47 => item["g"] = n(5),
            57 => item["t"] = s(""),
            _ => {}
        }
        items.push(item);
    }
    items.push(json!({"pk": s("huge"), "sk": n(1), "v": s("x".repeat(409_600))}));
    items.push(json!({"pk": s("k".repeat(2049)), "sk": n(1)}));
    items.push(json!({"pk": s("set"), "sk": n(1), "v": {"SS": []}}));
    items.push(json!({"pk": s("type"), "sk": n(1), "v": {"X": "1"}}));
    items.push(json!({"pk": s("kind"), "sk": n(1), "v": {"N": 1}}));
    items
}

fn lines(items: &[Value]) -> String {
    items
        .iter()
        .flat_map(|item| [json!({"Item": item}).to_string(), "\n".to_owned()])
        .collect()
}

#[test]
fn an_import_comes_to_what_putting_each_item_comes_to() {
    let items = candidates(1500);
    let source = lines(&items);
    for (name, table) in tables() {
        let (by_hand, imported) = (Db::holding(&table), Db::holding(&table));
        for db in [&by_hand, &imported] {
            db.ok(
                "UpdateTimeToLive",
                &json!({"TableName": "Tab", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "score"}}),
            );
        }
        let mut refused = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let (status, reply) = by_hand.ask("PutItem", &json!({"TableName": "Tab", "Item": item}));
            if status != 200 {
                let kind = reply["__type"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
                let message = reply.get("message").or_else(|| reply.get("Message"));
                refused.push(json!({"record": at + 1, "name": kind, "message": message}));
            }
        }
        let outcome = Importer::new(&json!({"format": EXPORT})).run(&imported, &[&source]);
        assert_eq!(outcome.rejections, refused, "{name}");
        assert_eq!(outcome.rejected, refused.len(), "{name}");
        assert_eq!(outcome.items, items.len() - refused.len(), "{name}");
        fill(&imported);
        assert_eq!(everything(&imported), everything(&by_hand), "{name}");
        // A date of expiry is found by the sweeper only where the item's row has it.
        let expired = |db: &Db| {
            while dynatab::storage_backend::poll::now_or_never(db.engine.work()).unwrap() == 0 {}
            scan(db, None).len()
        };
        assert_eq!(expired(&imported), expired(&by_hand), "{name}");
    }
}

#[test]
fn an_import_over_items_replaces_them_as_a_put_does() {
    let (old, new) = (lines(&candidates(600)), candidates(900));
    for (name, table) in tables() {
        let (by_hand, imported) = (Db::holding(&table), Db::holding(&table));
        for db in [&by_hand, &imported] {
            Importer::new(&json!({})).run(db, &[&old]);
            fill(db);
        }
        let new: Vec<Value> = new.iter().rev().cloned().collect();
        for item in &new {
            by_hand.ask("PutItem", &json!({"TableName": "Tab", "Item": item}));
        }
        Importer::new(&json!({})).run(&imported, &[&lines(&new)]);
        // The table had items: its indexes were never away.
        assert_eq!(everything(&imported), everything(&by_hand), "{name}");
    }
}

#[test]
fn what_is_imported_into_a_table_with_a_stream_is_recorded_once() {
    let db = Db::holding(&Table::new(&["pk:S"]).stream("NEW_IMAGE"));
    let items: Vec<Value> = (0..700).map(|at| json!({"pk": s(at.to_string())})).collect();
    Importer::new(&json!({"clientToken": "t"})).run(&db, &[&lines(&items)]);
    let arn = db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"]["LatestStreamArn"].clone();
    let streams = |operation: &str, request: &Value| {
        let (status, reply) = db.send(&format!("DynamoDBStreams_20120810.{operation}"), request.to_string().as_bytes());
        assert_eq!(status, 200, "{reply}");
        serde_json::from_str::<Value>(&reply).unwrap()
    };
    let shard = streams("DescribeStream", &json!({"StreamArn": arn}))["StreamDescription"]["Shards"][0]["ShardId"].clone();
    let mut iterator = streams(
        "GetShardIterator",
        &json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}),
    )["ShardIterator"]
        .clone();
    let mut keys = Vec::new();
    loop {
        let reply = streams("GetRecords", &json!({"ShardIterator": iterator}));
        let records = reply["Records"].as_array().unwrap();
        if records.is_empty() {
            break;
        }
        keys.extend(records.iter().map(|record| record["dynamodb"]["Keys"].to_string()));
        assert!(records.iter().all(|record| record["eventName"] == "INSERT"));
        iterator = reply["NextShardIterator"].clone();
    }
    keys.sort();
    let mut expected: Vec<String> = items.iter().map(Value::to_string).collect();
    expected.sort();
    assert_eq!(keys, expected);
}

#[test]
fn indexes_of_an_empty_table_are_filled_behind_the_items() {
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("byGroup", &["g:S"], &[], &all()));
    let items: Vec<Value> = (0..1200).map(|at| json!({"pk": s(at.to_string()), "g": s("g")})).collect();
    let source = lines(&items);
    let index = || db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"]["GlobalSecondaryIndexes"][0].clone();
    let outcome = Importer::new(&json!({})).run_until(&db, &[&source], usize::MAX, |step| {
        assert_eq!(index()["IndexStatus"], "CREATING");
        assert_eq!(index()["Backfilling"], true);
        // It waits for the import, whatever the time between two requests; what others write it need not know yet.
        let due = dynatab::storage_backend::poll::now_or_never(db.engine.work()).unwrap();
        assert!(step == 3 || due > 0, "{due}");
        db.put(&json!({"pk": s(format!("other{step}")), "g": s("g")}));
    });
    assert_eq!(outcome.map(|outcome| outcome.steps), Some(3));
    assert_eq!(own(&db, "FillIndexes", &json!({"tableName": "Tab"}), b"")["left"], 1);
    fill(&db);
    assert_eq!(index()["IndexStatus"], "ACTIVE");
    assert_eq!(index()["ItemCount"], 1203);
    assert_eq!(scan(&db, Some("byGroup")).len(), 1203);
}

#[test]
fn an_import_that_is_left_alone_does_not_keep_its_indexes_from_being_filled() {
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("byGroup", &["g:S"], &[], &all()));
    let items: Vec<Value> = (0..1200).map(|at| json!({"pk": s(at.to_string()), "g": s("g")})).collect();
    let source = lines(&items);
    let import = Importer::new(&json!({"clientToken": "t"}));
    assert_eq!(import.run_until(&db, &[&source], 1, |_| {}), None);
    let due = dynatab::storage_backend::poll::now_or_never(db.engine.work()).unwrap();
    assert!((1..=5000).contains(&due), "{due}");
    db.clock.advance(due);
    while dynatab::storage_backend::poll::now_or_never(db.engine.work()).unwrap() == 0 {}
    assert_eq!(scan(&db, Some("byGroup")).len(), 500);
    // It goes on all the same, and the index with it.
    import.run(&db, &[&source]);
    assert_eq!(scan(&db, Some("byGroup")).len(), 1200);
}

#[test]
fn records_may_be_lines_or_elements_of_an_array_in_plain_or_typed_json() {
    let typed = json!({"pk": s("a"), "n": n("12345678901234567890123456789012345678"), "l": {"L": [n(1), {"NULL": true}]}});
    let plain = r#"{"pk":"a","n":12345678901234567890123456789012345678,"l":[1,null]}"#;
    let sources = [
        (EXPORT, format!("{}\n", json!({"Item": typed}))),
        (EXPORT, typed.to_string()),
        (EXPORT, format!("[{}]", json!({"Item": typed}))),
        ("json", format!("\u{feff}{plain}\r\n\r\n")),
        ("json", format!("[\n {plain}\n]")),
    ];
    for (format, source) in sources {
        for piece in [1, 13, 1 << 20] {
            let db = Db::holding(&Table::new(&["pk:S"]));
            let outcome = Importer::new(&json!({"format": format})).in_pieces(piece).run(&db, &[&source]);
            assert_eq!((outcome.items, outcome.rejected), (1, 0), "{source}");
            assert_eq!(scan(&db, None), std::slice::from_ref(&typed), "{source}");
        }
    }
}

#[test]
fn several_files_are_one_source() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let texts = [
        "{\"pk\":\"a\"}\n{\"pk\":\"b\"}",
        "[{\"pk\":\"c\"}]",
        "",
        "{\"pk\":1}\n{\"pk\":\"d\"}\n",
        "{\"pk\":\"e\"",
    ];
    let outcome = Importer::new(&json!({"format": "json"})).run(&db, &texts);
    assert_eq!((outcome.records, outcome.items, outcome.rejected), (6, 4, 2));
    let refused: Vec<&Value> = outcome.rejections.iter().map(|rejection| &rejection["record"]).collect();
    assert_eq!(refused, [4, 6]);
}

#[test]
fn an_import_may_stop_at_the_first_record_that_is_no_item_and_go_on_when_it_is_one() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let import = Importer::new(&json!({"format": "json", "clientToken": "t", "stopAtFirst": true}));
    let outcome = import.run(&db, &["{\"pk\":\"a\"}\n{\"pk\":7}\n{\"pk\":\"c\"}\n"]);
    assert!(outcome.stopped);
    assert_eq!((outcome.items, outcome.rejections.len()), (1, 1));
    assert_eq!(outcome.rejections[0]["record"], 2);
    assert_eq!(scan(&db, None).len(), 1);
    db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s("a")}}));
    let outcome = import.run(&db, &["{\"pk\":\"a\"}\n{\"pk\":\"b\"}\n{\"pk\":\"c\"}\n"]);
    assert!(!outcome.stopped);
    assert_eq!((outcome.records, outcome.items), (3, 3));
    // What was stored before is not stored again.
    assert_eq!(scan(&db, None).len(), 2);
}

#[test]
fn a_finished_import_is_not_done_again_unless_it_is_asked_for() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let source = ["{\"pk\":\"a\"}\n{\"pk\":\"b\"}\nbad\n"];
    let with = |members: Value| {
        let mut start = json!({"format": "json", "clientToken": "t"});
        start.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        Importer::new(&start)
    };
    with(json!({})).run(&db, &source);
    let clear = || {
        for pk in ["a", "b"] {
            db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s(pk)}}));
        }
    };
    clear();
    let again = with(json!({})).run(&db, &source);
    assert_eq!((again.records, again.items, again.rejected, again.steps), (3, 2, 1, 0));
    assert_eq!(scan(&db, None).len(), 0);
    for members in [json!({"restart": true}), json!({"onlyResume": true})] {
        with(members).run(&db, &source);
        assert_eq!(scan(&db, None).len(), 2);
        clear();
    }
    // Another token, or none, is another import.
    for members in [
        json!({"clientToken": "u"}),
        json!({"clientToken": null}),
        json!({"clientToken": null}),
    ] {
        with(members).run(&db, &source);
        assert_eq!(scan(&db, None).len(), 2);
        clear();
    }
}

#[test]
fn an_import_is_known_to_its_table_only() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let import = Importer::new(&json!({"format": "json", "clientToken": "t"}));
    import.run(&db, &["{\"pk\":\"a\"}\n"]);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    db.create(&Table::new(&["pk:S"]));
    import.run(&db, &["{\"pk\":\"a\"}\n"]);
    assert_eq!(scan(&db, None).len(), 1);
    // Its table goes in the middle, and another one of the name comes.
    let started = own(&db, "StartImport", &json!({"tableName": "Tab"}), b"");
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    db.create(&Table::new(&["pk:S"]));
    let (status, reply) = try_own(&db, "ImportItems", &json!({"import": started["import"]}), b"{}");
    assert_eq!((status, reply["message"].as_str()), (400, Some("Requested resource not found")));
}

#[test]
fn a_second_call_takes_an_import_over() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let start = json!({"tableName": "Tab", "clientToken": "t", "format": "json"});
    let first = own(&db, "StartImport", &start, b"")["import"].clone();
    let second = own(&db, "StartImport", &start, b"")["import"].clone();
    let (status, reply) = try_own(&db, "ImportItems", &json!({"import": first}), b"{\"pk\":\"a\"}");
    assert_eq!((status, reply["__type"].as_str()), (400, Some("dynatab#ImportEndedException")));
    own(&db, "ImportItems", &json!({"import": second}), b"{\"pk\":\"a\"}");
    own(&db, "EndImport", &json!({"import": second}), b"");
    let (status, _) = try_own(&db, "ImportItems", &json!({"import": second}), b"");
    assert_eq!(status, 400);
}
