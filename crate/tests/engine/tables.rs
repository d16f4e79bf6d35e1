//! The life of tables: created, described, listed, deleted; their names, their states, their figures (rules 88, 89, 92-94).

use crate::database::{Db, Table, all, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

fn describe(db: &Db, name: &str) -> Value {
    db.ok("DescribeTable", &json!({"TableName": name}))["Table"].clone()
}

fn names(db: &Db, request: &Value) -> Vec<String> {
    let reply = db.ok("ListTables", request);
    reply["TableNames"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

const NO_ITEM_TABLE: &str = "Requested resource not found";

#[test]
fn a_table_is_created_described_and_deleted() {
    // rules 89, 92, messages-tables 4
    let db = Db::new();
    let table = Table::named("Music", &["Artist:S", "SongTitle:S"])
        .gsi("byGenre", &["Genre:S"], &["Year:N"], &include(&["Label"]))
        .lsi("byYear", "Year:N", &keys_only());
    let reply = db.ok("CreateTable", &table.request())["TableDescription"].clone();
    assert_eq!(reply["TableStatus"], "CREATING");
    assert_eq!(reply["GlobalSecondaryIndexes"][0]["IndexStatus"], "CREATING");
    let described = describe(&db, "Music");
    let seconds = json!(1_790_812_800.0);
    let arn = "arn:aws:dynamodb:eu-west-2:000000000000:table/Music";
    let no_throughput = json!({"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0});
    let billing = json!({"BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": seconds});
    for (member, expected) in [
        ("TableName", json!("Music")),
        ("TableStatus", json!("ACTIVE")),
        ("TableArn", json!(arn)),
        ("CreationDateTime", seconds),
        ("KeySchema", table.request()["KeySchema"].clone()),
        ("AttributeDefinitions", table.request()["AttributeDefinitions"].clone()),
        ("ItemCount", json!(0)),
        ("TableSizeBytes", json!(0)),
        ("ProvisionedThroughput", no_throughput.clone()),
        ("BillingModeSummary", billing),
        ("DeletionProtectionEnabled", json!(false)),
        ("StreamSpecification", Value::Null),
        ("SSEDescription", Value::Null),
        ("RestoreSummary", Value::Null),
    ] {
        assert_eq!(described[member], expected, "{member}");
    }
    let global = &described["GlobalSecondaryIndexes"][0];
    for (member, expected) in [
        ("IndexName", json!("byGenre")),
        ("IndexStatus", json!("ACTIVE")),
        ("IndexArn", json!(format!("{arn}/index/byGenre"))),
        ("KeySchema", table.request()["GlobalSecondaryIndexes"][0]["KeySchema"].clone()),
        ("Projection", include(&["Label"])),
        ("ItemCount", json!(0)),
        ("IndexSizeBytes", json!(0)),
        ("ProvisionedThroughput", no_throughput),
    ] {
        assert_eq!(global[member], expected, "{member}");
    }
    assert_eq!(described["LocalSecondaryIndexes"][0]["IndexName"], "byYear");
    assert_eq!(described["LocalSecondaryIndexes"][0].get("IndexStatus"), None);
    let id = described["TableId"].as_str().unwrap();
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
    assert_eq!(describe(&db, "Music")["TableId"], id, "stable");

    let reply = db.ok("DeleteTable", &json!({"TableName": "Music"}));
    assert_eq!(reply["TableDescription"]["TableStatus"], "DELETING");
    let missing = (
        "ResourceNotFoundException".to_owned(),
        "Requested resource not found: Table: Music not found".to_owned(),
    );
    assert_eq!(db.fails("DescribeTable", &json!({"TableName": "Music"})), missing);
    assert_eq!(db.fails("DeleteTable", &json!({"TableName": "Music"})), missing);
    assert_eq!(names(&db, &json!({})), [""; 0]);
}

#[test]
fn an_absent_table_is_worded_by_the_kind_of_operation() {
    // rule 88, messages-items 8
    let db = Db::new();
    let key = json!({"pk": s("a")});
    for (operation, request) in [
        ("PutItem", json!({"TableName": "absent_t", "Item": key})),
        ("GetItem", json!({"TableName": "absent_t", "Key": key})),
        ("DeleteItem", json!({"TableName": "absent_t", "Key": key})),
        (
            "Query",
            json!({"TableName": "absent_t", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}),
        ),
    ] {
        let expected = ("ResourceNotFoundException".to_owned(), NO_ITEM_TABLE.to_owned());
        assert_eq!(db.fails(operation, &request), expected, "{operation}");
    }
    for operation in ["DescribeTable", "DeleteTable"] {
        let expected = (
            "ResourceNotFoundException".to_owned(),
            "Requested resource not found: Table: absent_t not found".to_owned(),
        );
        assert_eq!(db.fails(operation, &json!({"TableName": "absent_t"})), expected, "{operation}");
    }
}

#[test]
fn a_name_that_is_taken_stays_whose_it_is() {
    // rule 88, messages-tables 59
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&json!({"pk": s("a")}));
    let before = describe(&db, "Tab");
    let taken = ("ResourceInUseException".to_owned(), "Table already exists: Tab".to_owned());
    assert_eq!(db.fails("CreateTable", &Table::new(&["other:N"]).request()), taken);
    assert_eq!(describe(&db, "Tab"), before);
    assert!(db.get(&json!({"pk": s("a")})).is_some());
}

#[test]
fn tables_of_any_lawful_name_live_side_by_side() {
    let db = Db::new();
    let long = format!("{}-{}.{}_", "L".repeat(100), "o".repeat(100), "n".repeat(52));
    assert_eq!(long.len(), 255);
    let all_names = [
        "Music",
        "music",
        "sqlite_x",
        "sqlite_sequence",
        "tables",
        "t1_g1",
        "a.b",
        "-..",
        "123",
        "select",
        long.as_str(),
    ];
    for (at, name) in all_names.into_iter().enumerate() {
        // The same index name in each, with names that SQLite would mind.
        db.create(&Table::named(name, &["pk:S"]).gsi("sqlite_index", &["g:S"], &[], &all()));
        db.ok(
            "PutItem",
            &json!({"TableName": name, "Item": {"pk": s("k"), "g": s("g"), "at": n(at)}}),
        );
    }
    let mut sorted = all_names.to_vec();
    sorted.sort_unstable();
    assert_eq!(names(&db, &json!({})), sorted);
    db.ok("DeleteTable", &json!({"TableName": "music"}));
    for (at, name) in all_names.into_iter().enumerate().filter(|(_, name)| *name != "music") {
        let item = json!({"pk": s("k"), "g": s("g"), "at": n(at)});
        assert_eq!(
            db.ok("GetItem", &json!({"TableName": name, "Key": {"pk": s("k")}}))["Item"],
            item,
            "{name}"
        );
        let query = json!({
            "TableName": name, "IndexName": "sqlite_index", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": s("g")},
        });
        assert_eq!(db.ok("Query", &query)["Items"], json!([item]), "{name}");
    }
}

#[test]
fn a_table_that_is_dropped_and_created_again_is_another_table() {
    let db = Db::new();
    let (mut ids, mut labels) = (Vec::new(), Vec::new());
    for round in 0..3 {
        let hash = if round == 1 { "pk:N" } else { "pk:S" };
        db.create(&Table::new(&[hash]).gsi("gix", &["g:S"], &[], &all()).stream("KEYS_ONLY"));
        let described = describe(&db, "Tab");
        assert_eq!(described["ItemCount"], 0);
        ids.push(described["TableId"].clone());
        labels.push(described["LatestStreamLabel"].clone());
        let key = if round == 1 { n(1) } else { s("1") };
        assert_eq!(db.get(&json!({"pk": key})), None, "round {round}");
        db.put(&json!({"pk": key, "g": s("g")}));
        let query = json!({"IndexName": "gix", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": s("g")}});
        assert_eq!(db.items(&query).len(), 1);
        db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    }
    ids.dedup();
    assert_eq!(ids.len(), 3, "each has an id of its own: {ids:?}");
    // All in one millisecond: the later streams name the next ones.
    assert_eq!(
        labels,
        ["2026-10-01T00:00:00.000", "2026-10-01T00:00:00.001", "2026-10-01T00:00:00.002"]
    );
}

#[test]
fn a_table_takes_its_time_to_become_active_and_to_go() {
    // rule 89, messages-tables 96
    let db = Db::with_lifecycle(500);
    let in_use = |state: &str| {
        let message = format!("Attempt to change a resource which is still in use: Table is being {state}: Tab");
        ("ResourceInUseException".to_owned(), message)
    };
    let item_operations = |expected: u16| {
        let key = json!({"pk": s("a")});
        for (operation, request) in [
            ("PutItem", json!({"Item": key})),
            ("GetItem", json!({"Key": key})),
            (
                "Query",
                json!({"KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}}),
            ),
            ("DeleteItem", json!({"Key": key})),
        ] {
            let (status, reply) = db.ask(operation, &in_table(&request));
            assert_eq!(status, expected, "{operation}: {reply}");
            if expected == 400 {
                assert_eq!(reply["message"], NO_ITEM_TABLE, "{operation}");
            }
        }
    };
    db.create(&Table::new(&["pk:S"]).gsi("gix", &["g:S"], &[], &all()));
    for _ in 0..2 {
        assert_eq!(describe(&db, "Tab")["TableStatus"], "CREATING");
        assert_eq!(describe(&db, "Tab")["GlobalSecondaryIndexes"][0]["IndexStatus"], "CREATING");
        assert_eq!(names(&db, &json!({})), ["Tab"]);
        item_operations(400);
        assert_eq!(db.fails("DeleteTable", &json!({"TableName": "Tab"})), in_use("created"));
        assert_eq!(db.fails("CreateTable", &Table::new(&["pk:S"]).request()), in_use("created"));
        db.clock.advance(249);
    }
    db.clock.advance(2);
    assert_eq!(describe(&db, "Tab")["TableStatus"], "ACTIVE");
    assert_eq!(describe(&db, "Tab")["GlobalSecondaryIndexes"][0]["IndexStatus"], "ACTIVE");
    item_operations(200);

    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    db.clock.advance(499);
    assert_eq!(describe(&db, "Tab")["TableStatus"], "DELETING");
    item_operations(400);
    assert_eq!(db.fails("DeleteTable", &json!({"TableName": "Tab"})), in_use("deleted"));
    assert_eq!(db.fails("CreateTable", &Table::new(&["pk:S"]).request()), in_use("deleted"));
    assert_eq!(names(&db, &json!({})), ["Tab"]);
    db.clock.advance(1);
    assert_eq!(
        db.fails("DescribeTable", &json!({"TableName": "Tab"})).0,
        "ResourceNotFoundException"
    );
    db.create(&Table::new(&["pk:S"]));
    db.clock.advance(500);
    item_operations(200);
}

#[test]
fn tables_are_listed_in_order_and_in_pages() {
    // rule 93, messages-tables 2 and 98, 99
    let db = Db::new();
    for name in ["bbb", "Aaa", "ccc", "aaa", "ddd"] {
        db.create(&Table::named(name, &["pk:S"]));
    }
    assert_eq!(
        db.ok("ListTables", &json!({})),
        json!({"TableNames": ["Aaa", "aaa", "bbb", "ccc", "ddd"]})
    );
    let page = db.ok("ListTables", &json!({"Limit": 2}));
    assert_eq!(page, json!({"TableNames": ["Aaa", "aaa"], "LastEvaluatedTableName": "aaa"}));
    let page = db.ok("ListTables", &json!({"Limit": 2, "ExclusiveStartTableName": "aaa"}));
    assert_eq!(page, json!({"TableNames": ["bbb", "ccc"], "LastEvaluatedTableName": "ccc"}));
    let rest = json!({"TableNames": ["ddd"]});
    assert_eq!(
        db.ok("ListTables", &json!({"Limit": 1, "ExclusiveStartTableName": "ccc"})),
        rest,
        "unlike rule 52"
    );
    assert_eq!(
        db.ok("ListTables", &json!({"ExclusiveStartTableName": "ccd"})),
        rest,
        "the name need not exist"
    );
    let p = crate::database::P;
    for (request, message) in [
        (
            json!({"Limit": 0}),
            format!("{p}Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ),
        (
            json!({"Limit": 101}),
            format!("{p}Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100"),
        ),
        (
            json!({"ExclusiveStartTableName": "b"}),
            format!(
                "{p}Value 'b' at 'exclusiveStartTableName' failed to satisfy constraint: Member must have length greater than or equal to 3"
            ),
        ),
    ] {
        assert_eq!(db.invalid("ListTables", &request), message, "{request}");
    }
}

#[test]
fn a_table_answers_to_its_arn() {
    // A6
    let db = Db::holding(&Table::new(&["pk:S"]));
    let arn = describe(&db, "Tab")["TableArn"].clone();
    let key = json!({"pk": s("a")});
    db.ok("PutItem", &json!({"TableName": arn, "Item": key}));
    assert_eq!(db.ok("GetItem", &json!({"TableName": arn, "Key": key})), json!({"Item": key}));
    let query = json!({"TableName": arn, "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")}});
    assert_eq!(db.ok("Query", &query)["Count"], 1);
    assert_eq!(describe(&db, arn.as_str().unwrap())["TableName"], "Tab");
    db.ok("DeleteItem", &json!({"TableName": arn, "Key": key}));
    db.ok("DeleteTable", &json!({"TableName": arn}));
    assert_eq!(db.ok("ListTables", &json!({})), json!({"TableNames": []}));
}

#[test]
fn a_hundred_tables_are_a_page() {
    let db = Db::new();
    for at in 0..101 {
        db.create(&Table::named(&format!("t{at:03}"), &["pk:S"]));
    }
    let page = db.ok("ListTables", &json!({}));
    assert_eq!(page["TableNames"].as_array().unwrap().len(), 100);
    assert_eq!(page["LastEvaluatedTableName"], "t099");
}

#[test]
fn a_protected_table_is_not_deleted() {
    // rule 94, messages-tables 97
    let db = Db::holding(&Table::new(&["pk:S"]).with("DeletionProtectionEnabled", json!(true)));
    db.put(&json!({"pk": s("a")}));
    assert_eq!(
        db.invalid("DeleteTable", &json!({"TableName": "Tab"})),
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
    );
    assert_eq!(describe(&db, "Tab")["TableStatus"], "ACTIVE");
    assert!(db.get(&json!({"pk": s("a")})).is_some());
}

#[test]
fn a_description_counts_items_and_bytes_of_the_table_and_each_index() {
    let db = Db::holding(
        &Table::new(&["pk:S"])
            .gsi("whole", &["g:S"], &[], &all())
            .gsi("keys", &["g:S"], &["h:N"], &keys_only()),
    );
    let figures = || {
        let table = describe(&db, "Tab");
        let index = |at: usize| {
            (
                table["GlobalSecondaryIndexes"][at]["ItemCount"].clone(),
                table["GlobalSecondaryIndexes"][at]["IndexSizeBytes"].clone(),
            )
        };
        let mut indexes = [
            (table["GlobalSecondaryIndexes"][0]["IndexName"].clone(), index(0)),
            (table["GlobalSecondaryIndexes"][1]["IndexName"].clone(), index(1)),
        ];
        indexes.sort_by_key(|(name, _)| name.to_string());
        let [(_, keys), (_, whole)] = indexes;
        json!([table["ItemCount"], table["TableSizeBytes"], whole.0, whole.1, keys.0, keys.1])
    };
    assert_eq!(figures(), json!([0, 0, 0, 0, 0, 0]));
    db.put(&json!({"pk": s("a")}));
    assert_eq!(figures(), json!([1, 3, 0, 0, 0, 0]));
    db.put(&json!({"pk": s("b"), "g": s("g"), "x": s("xxxx")}));
    assert_eq!(figures(), json!([2, 3 + 10, 1, 10, 0, 0]));
    db.put(&json!({"pk": s("b"), "g": s("g"), "h": n(12), "x": s("xx")}));
    // pk "b": 3, g "g": 2, h 12: 1 + 2, x "xx": 3
    assert_eq!(figures(), json!([2, 3 + 11, 1, 11, 1, 8]));
    db.put(&json!({"pk": s("b")}));
    assert_eq!(figures(), json!([2, 6, 0, 0, 0, 0]));
    db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s("a")}}));
    db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s("none")}}));
    assert_eq!(figures(), json!([1, 3, 0, 0, 0, 0]));
}
