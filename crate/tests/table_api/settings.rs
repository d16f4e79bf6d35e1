//! What UpdateTable changes, seen in DescribeTable: classes, protection, warm throughput, billing, definitions.

use crate::changes::{create_index, definition, delete_index, described, units, update, with_name, work};
use crate::database::{Db, START, Table, all, s};
use serde_json::{Value, json};

/// Milliseconds as the wire has them.
#[allow(clippy::cast_precision_loss)] // far below the mantissa's limit
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1000.0
}

#[test]
fn protection_is_taken_away_before_a_table_is_deleted() {
    // rules 94, A6; messages-tables 97 and section 2 on rule 94
    let db = Db::holding(&Table::new(&["pk:S"]));
    let delete = json!({"TableName": "Tab"});
    for _ in 0..2 {
        // The same once more is no mistake.
        update(&db, &json!({"DeletionProtectionEnabled": true}));
        assert_eq!(described(&db)["DeletionProtectionEnabled"], true);
    }
    assert_eq!(
        db.invalid("DeleteTable", &delete),
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
    );
    update(&db, &json!({"DeletionProtectionEnabled": false}));
    assert_eq!(described(&db)["DeletionProtectionEnabled"], false);
    db.ok("DeleteTable", &delete);
}

#[test]
fn protection_is_switched_once_in_fifteen_seconds() {
    // rules 94, A6; messages-tables, section 2 on rule 94
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]).with("DeletionProtectionEnabled", json!(true)));
    db.clock.advance(1000);
    let switch = |on: bool| with_name(&json!({"DeletionProtectionEnabled": on}));
    // That it was made so does not count.
    db.ok("UpdateTable", &switch(false));
    db.clock.advance(13_000);
    // The same once more is no mistake.
    db.ok("UpdateTable", &switch(false));
    db.clock.advance(1999);
    assert_eq!(
        db.fails("UpdateTable", &switch(true)),
        (
            "ThrottlingException".into(),
            "Deletion protection setting for table Tab modified within the previous 15000 milliseconds. Please try again after \
             2026-10-01T00:00:16.000"
                .into()
        )
    );
    db.clock.advance(1);
    db.ok("UpdateTable", &switch(true));
}

#[test]
fn a_class_says_since_when() {
    // rule A6
    let db = Db::holding(&Table::new(&["pk:S"]).with("TableClass", json!("STANDARD_INFREQUENT_ACCESS")));
    assert_eq!(
        described(&db)["TableClassSummary"],
        json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"})
    );
    db.clock.advance(5000);
    update(&db, &json!({"TableClass": "STANDARD"}));
    db.clock.advance(5000);
    assert_eq!(
        described(&db)["TableClassSummary"],
        json!({"TableClass": "STANDARD", "LastUpdateDateTime": seconds(START + 5000)})
    );
}

#[test]
fn warm_throughput_grows_while_the_table_stays_active() {
    // rule A4, and section 2 of messages-tables on it; messages-tables 46
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]));
    db.clock.advance(1000);
    let baseline = json!({"ReadUnitsPerSecond": 12_000, "WriteUnitsPerSecond": 4_000, "Status": "ACTIVE"});
    assert_eq!(described(&db)["WarmThroughput"], baseline);
    let more = json!({"WarmThroughput": {"WriteUnitsPerSecond": 5_000}});
    assert_eq!(update(&db, &more)["TableStatus"], "ACTIVE");
    db.clock.advance(1000);
    let grown = json!({"ReadUnitsPerSecond": 12_000, "WriteUnitsPerSecond": 5_000, "Status": "ACTIVE"});
    assert_eq!(described(&db)["WarmThroughput"], grown);
    // The same once more is no mistake, less is one.
    update(&db, &more);
    for (member, current) in [("ReadUnitsPerSecond", 12_000), ("WriteUnitsPerSecond", 5_000)] {
        assert_eq!(
            db.invalid("UpdateTable", &with_name(&json!({"WarmThroughput": {member: current - 1}}))),
            format!(
                "One or more parameter values were invalid: Requested {member} for WarmThroughput for table is lower than current \
                 WarmThroughput, decreasing WarmThroughput is not supported"
            )
        );
    }
}

#[test]
fn on_demand_limits_come_and_go_one_by_one() {
    // rule A4 as part D has it: -1 removes a limit, in UpdateTable only
    let db = Db::holding(&Table::new(&["pk:S"]));
    let limits = |read: Option<i64>, write: Option<i64>| {
        let mut limits = json!({});
        for (member, units) in [("MaxReadRequestUnits", read), ("MaxWriteRequestUnits", write)] {
            if let Some(units) = units {
                limits[member] = json!(units);
            }
        }
        limits
    };
    for (asked, then) in [
        (limits(Some(7), None), limits(Some(7), None)),
        (limits(None, Some(9)), limits(Some(7), Some(9))),
        (limits(Some(-1), None), limits(None, Some(9))),
        (limits(None, Some(-1)), Value::Null),
    ] {
        update(&db, &json!({ "OnDemandThroughput": asked }));
        assert_eq!(described(&db)["OnDemandThroughput"], then, "{asked}");
    }
    assert_eq!(
        db.invalid("UpdateTable", &with_name(&json!({"OnDemandThroughput": limits(Some(0), None)}))),
        "One or more parameter values were invalid: Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range"
    );
}

#[test]
fn a_table_on_demand_says_since_when_and_has_no_capacity() {
    // rules 90, 92
    let db = Db::holding(
        &Table::new(&["pk:S"])
            .with("BillingMode", json!("PROVISIONED"))
            .with("ProvisionedThroughput", units(5, 6)),
    );
    assert_eq!(described(&db).get("BillingModeSummary"), None);
    db.clock.advance(7000);
    for _ in 0..2 {
        // Once more is accepted, and changes nothing.
        update(&db, &json!({"BillingMode": "PAY_PER_REQUEST"}));
        let table = described(&db);
        assert_eq!(
            table["BillingModeSummary"],
            json!({"BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": seconds(START + 7000)})
        );
        let none = json!({"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0});
        assert_eq!(table["ProvisionedThroughput"], none);
        db.clock.advance(1000);
    }
}

#[test]
fn definitions_are_merged_and_those_nothing_uses_are_dropped() {
    // rule 90
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("first", &["g:N"], &[], &all()));
    let mut request = create_index("second", "h", &all());
    // Another type for what is defined, and a definition nothing uses.
    request["AttributeDefinitions"] = json!([definition("h", "S"), definition("g", "S"), definition("unused", "B")]);
    update(&db, &request);
    work(&db);
    let sorted = |db: &Db| {
        let mut definitions = described(db)["AttributeDefinitions"].as_array().unwrap().clone();
        definitions.sort_by_key(ToString::to_string);
        definitions
    };
    assert_eq!(sorted(&db), [definition("g", "N"), definition("h", "S"), definition("pk", "S")]);
    update(&db, &delete_index("first"));
    assert_eq!(sorted(&db), [definition("h", "S"), definition("pk", "S")]);
    // Its attribute is any attribute again.
    db.put(&json!({"pk": s("a"), "g": s("text")}));
}

#[test]
fn a_table_has_at_most_twenty_global_indexes_however_they_are_made() {
    // rule 22; messages-tables 94
    let mut table = Table::new(&["pk:S"]);
    for at in 0..20 {
        table = table.gsi(&format!("index{at}"), &[&format!("g{at}:S")], &[], &all());
    }
    let db = Db::holding(&table);
    assert_eq!(
        db.fails("UpdateTable", &with_name(&create_index("one-more", "h", &all()))),
        (
            "LimitExceededException".into(),
            "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20".into()
        )
    );
    update(&db, &delete_index("index7"));
    described(&db);
    update(&db, &create_index("one-more", "h", &all()));
}

#[test]
fn an_index_that_is_being_allocated_cannot_be_deleted_yet() {
    // rules 91, A2; messages-tables 96
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]));
    db.clock.advance(1000);
    update(&db, &create_index("late", "g", &all()));
    assert_eq!(
        db.fails("UpdateTable", &with_name(&delete_index("late"))),
        (
            "ResourceInUseException".into(),
            "Attempt to change a resource which is still in use: Index creation is in resource allocation phase. Retry deletion during \
             backfilling phase or when the index is active."
                .into()
        )
    );
    // Everything else hears that the table is busy (messages-tables 96).
    assert_eq!(
        db.fails("UpdateTable", &with_name(&delete_index("other"))).1,
        "Attempt to change a resource which is still in use: Table: Tab is in the process of being updated."
    );
    db.clock.advance(1000);
    update(&db, &delete_index("late"));
}

#[test]
fn tags_of_a_new_table_are_held_to_the_rules_of_tags() {
    // rule 95; messages-tables 64-67
    let db = Db::new();
    let created = |tags: &Value| Table::new(&["pk:S"]).with("Tags", tags.clone()).request();
    let tag = |key: &str| json!({"Key": key, "Value": "v"});
    let many: Vec<Value> = (0..51).map(|at| tag(&format!("k{at}"))).collect();
    for (tags, message) in [
        (json!([tag("")]), "The Tag Key provided is invalid, Key: "),
        (json!([{"Key": "k"}]), "The Tag Value provided is invalid, Value: null"),
        (
            json!([tag("k"), tag("k")]),
            "Duplicate Tag Keys provided as input: Duplicate Tag Key found k",
        ),
        (json!([tag("aws:a")]), "Tag Key cannot be prefixed with aws:, Key: aws:a"),
        (json!(many), "Number of Tags exceed the current limit for the provided ResourceArn"),
    ] {
        assert_eq!(db.invalid("CreateTable", &created(&tags)), message);
    }
    db.ok("CreateTable", &created(&json!(many[..50])));
}
