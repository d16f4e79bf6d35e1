//! UpdateTable: what it changes, and what it refuses.

use crate::changes::{create_index, definition, delete_index, described, units, update, with_name, work};
use crate::database::{Db, START, Table, all, s};
use serde_json::{Value, json};

const P: &str = "One or more parameter values were invalid: ";

fn provisioned() -> Table {
    Table::new(&["pk:S"])
        .with("BillingMode", json!("PROVISIONED"))
        .with("ProvisionedThroughput", units(5, 6))
}

#[test]
fn settings_are_changed_one_after_the_other_and_survive_reopening() {
    // rules 90, A4, A6
    use dynatab::storage::Storage;
    use dynatab::storage_backend::ManualClock;
    use dynatab::storage_backend::framed::Durability;
    let scratch = crate::scratch::Scratch::new();
    let open = || {
        let clock = std::rc::Rc::new(ManualClock::new(START));
        let storage = Storage::open(&scratch.file(), clock.clone(), Durability::Strict).unwrap();
        Db::over(storage, clock, 0)
    };
    let mut db = open();
    db.create(&provisioned());
    // Opened again after each, since a later change might write what an earlier one did not.
    let mut update_and_reopen = |members: &Value| {
        update(&db, members);
        let before = described(&db);
        db = open();
        assert_eq!(described(&db), before, "{members}");
        before
    };
    let mut expected = Value::Null;
    for members in [
        json!({"ProvisionedThroughput": units(7, 6)}),
        json!({"BillingMode": "PAY_PER_REQUEST", "OnDemandThroughput": {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 20}}),
        json!({"BillingMode": "PAY_PER_REQUEST"}),
        json!({"OnDemandThroughput": {"MaxReadRequestUnits": -1}}),
        json!({"WarmThroughput": {"ReadUnitsPerSecond": 13_000}}),
        json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"}),
        json!({"SSESpecification": {"Enabled": true, "SSEType": "KMS"}}),
        json!({"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
        json!({"DeletionProtectionEnabled": true}),
    ] {
        expected = update_and_reopen(&members);
    }
    for (member, value) in [
        ("TableStatus", json!("ACTIVE")),
        ("DeletionProtectionEnabled", json!(true)),
        ("OnDemandThroughput", json!({"MaxWriteRequestUnits": 20})),
        ("StreamSpecification", json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"})),
    ] {
        assert_eq!(expected[member], value, "{member}");
    }
    assert_eq!(expected["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(expected["TableClassSummary"]["TableClass"], "STANDARD_INFREQUENT_ACCESS");
    assert_eq!(expected["SSEDescription"]["Status"], "ENABLED");
    assert_eq!(expected["WarmThroughput"]["ReadUnitsPerSecond"], 13_000);
    assert_eq!(expected["WarmThroughput"]["WriteUnitsPerSecond"], 4_000);
    let expected = update_and_reopen(&json!({"StreamSpecification": {"StreamEnabled": false}}));
    assert_eq!(expected.get("StreamSpecification"), None);
    update_and_reopen(&json!({"DeletionProtectionEnabled": false}));
    let expected = update_and_reopen(&json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(1, 2)}));
    assert_eq!(expected["ProvisionedThroughput"]["WriteCapacityUnits"], 2);
}

#[test]
fn a_stream_is_enabled_disabled_and_enabled_anew() {
    // rule 102; messages-tables 53-55
    let db = Db::holding(&Table::new(&["pk:S"]));
    let stream = |enabled: bool, view: Option<&str>| {
        let mut specification = json!({ "StreamEnabled": enabled });
        if let Some(view) = view {
            specification["StreamViewType"] = json!(view);
        }
        json!({ "StreamSpecification": specification })
    };
    let refused = |members: &Value| db.invalid("UpdateTable", &with_name(members));
    assert_eq!(refused(&stream(false, None)), "Table has no stream to disable: TableName: Tab");
    assert_eq!(
        refused(&stream(true, None)),
        format!("{P}If stream is being enabled then UpdateViewType is required")
    );
    assert_eq!(
        refused(&stream(false, Some("KEYS_ONLY"))),
        format!("{P}If stream is being disabled, then UpdateViewType must not be specified")
    );
    let first = update(&db, &stream(true, Some("KEYS_ONLY")))["LatestStreamArn"].clone();
    db.put(&json!({"pk": s("a")}));
    for view in ["KEYS_ONLY", "NEW_IMAGE"] {
        assert_eq!(
            refused(&stream(true, Some(view))),
            "Table already has an enabled stream: TableName: Tab"
        );
    }
    let off = update(&db, &stream(false, None));
    assert_eq!(off.get("StreamSpecification"), None);
    assert_eq!(off["LatestStreamArn"], first, "the label stays");
    db.put(&json!({"pk": s("b")}));
    // In the millisecond in which the first one was.
    let second = update(&db, &stream(true, Some("NEW_IMAGE")))["LatestStreamArn"].clone();
    assert_ne!(first, second);
    db.put(&json!({"pk": s("c")}));
    for (arn, status, keys) in [(first, "DISABLED", ["a"]), (second, "ENABLED", ["c"])] {
        let ask = |operation: &str, request: &Value| -> Value {
            let (status, body) = db.send(&format!("DynamoDBStreams_20120810.{operation}"), request.to_string().as_bytes());
            assert_eq!(status, 200, "{body}");
            serde_json::from_str(&body).unwrap()
        };
        let description = ask("DescribeStream", &json!({ "StreamArn": arn }))["StreamDescription"].clone();
        assert_eq!(description["StreamStatus"], status);
        let request = json!({"StreamArn": arn, "ShardId": description["Shards"][0]["ShardId"], "ShardIteratorType": "TRIM_HORIZON"});
        let records = ask("GetRecords", &ask("GetShardIterator", &request))["Records"].clone();
        let found: Vec<&str> = (records.as_array().unwrap().iter())
            .map(|record| record["dynamodb"]["Keys"]["pk"]["S"].as_str().unwrap())
            .collect();
        assert_eq!(found, keys);
    }
}

#[test]
fn an_index_is_changed_in_its_capacity_only() {
    // rule A4; messages-tables 83
    let db = Db::holding(&provisioned().with(
        "GlobalSecondaryIndexes",
        json!([{
            "IndexName": "gix", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "Projection": all(),
            "ProvisionedThroughput": units(1, 1)
        }]),
    ));
    let of_index = |members: Value| {
        let mut value = members;
        value["IndexName"] = json!("gix");
        json!({"GlobalSecondaryIndexUpdates": [{ "Update": value }]})
    };
    update(&db, &of_index(json!({"ProvisionedThroughput": units(3, 4)})));
    assert_eq!(
        described(&db)["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"],
        4
    );
    assert_eq!(
        db.invalid("UpdateTable", &with_name(&of_index(json!({"ProvisionedThroughput": units(3, 4)})))),
        "The provisioned throughput for the index gix will not change. The requested value equals the current value. \
         Current ReadCapacityUnits provisioned for the index: 3. Requested ReadCapacityUnits: 3. \
         Current WriteCapacityUnits provisioned for the index: 4. Requested WriteCapacityUnits: 4. \
         Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    );
    update(&db, &json!({"BillingMode": "PAY_PER_REQUEST"}));
    assert_eq!(
        db.invalid("UpdateTable", &with_name(&of_index(json!({"ProvisionedThroughput": units(1, 1)})))),
        format!(
            "{P}The only Updates for index: gix when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput"
        )
    );
    update(&db, &of_index(json!({"OnDemandThroughput": {"MaxReadRequestUnits": 9}})));
    assert_eq!(
        described(&db)["GlobalSecondaryIndexes"][0]["OnDemandThroughput"],
        json!({"MaxReadRequestUnits": 9})
    );
    // messages-tables 82
    assert_eq!(
        db.invalid(
            "UpdateTable",
            &with_name(&json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(1, 1)}))
        ),
        format!("{P}ProvisionedThroughput must be specified for index: gix")
    );
}

#[test]
fn a_table_in_transition_is_busy() {
    // rule 89; messages-tables 96
    let db = Db::with_lifecycle(1000);
    let busy = |operation: &str, request: &Value| {
        let (name, message) = db.fails(operation, request);
        assert_eq!(name, "ResourceInUseException");
        message
    };
    let change = with_name(&json!({"DeletionProtectionEnabled": false}));
    db.create(&Table::new(&["pk:S"]));
    let in_use = "Attempt to change a resource which is still in use: ";
    assert_eq!(busy("UpdateTable", &change), format!("{in_use}Table is being created: Tab"));
    db.clock.advance(1000);
    update(&db, &create_index("late", "g", &all()));
    assert_eq!(
        busy("UpdateTable", &change),
        format!("{in_use}Table: Tab is in the process of being updated.")
    );
    let delete = json!({"TableName": "Tab"});
    assert_eq!(
        busy("DeleteTable", &delete),
        format!("{in_use}Table: Tab is in the process of being updated.")
    );
    db.clock.advance(1000);
    assert_eq!(
        busy("DeleteTable", &delete),
        format!("{in_use}Cannot delete table while indexes are being created, updated, or deleted.")
    );
    work(&db);
    db.ok("DeleteTable", &delete);
    assert_eq!(busy("UpdateTable", &change), format!("{in_use}Table is being deleted: Tab"));
}

#[test]
fn changes_that_make_no_sense_are_refused() {
    // rules 90, 91, A4; messages-tables 36, 46, 60, 78-81, 84-94, section 2
    let db = Db::holding(
        &Table::new(&["pk:S", "sk:S"])
            .gsi("gix", &["g:S"], &[], &all())
            .lsi("lix", "l:S", &all()),
    );
    let nothing = "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, \
                   ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, \
                   OnDemandThroughput, WarmThroughput or TableClass is required";
    let alone = |what: &str| format!("{P}{what} must be the only operation in the request");
    let create = |name: &str| create_index(name, "h", &all())["GlobalSecondaryIndexUpdates"][0].clone();
    let updates = |list: Value| json!({"GlobalSecondaryIndexUpdates": list, "AttributeDefinitions": [definition("h", "S")]});
    let stream = json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"});
    for (members, message) in [
        (json!({}), nothing.to_owned()),
        (json!({"AttributeDefinitions": [definition("pk", "S")]}), nothing.to_owned()),
        (json!({"GlobalSecondaryIndexUpdates": []}), nothing.to_owned()),
        (
            json!({"GlobalSecondaryIndexUpdates": [], "BillingMode": "PAY_PER_REQUEST"}),
            format!("{P}List of GlobalSecondaryIndexUpdates is empty"),
        ),
        (
            json!({"SSESpecification": {"Enabled": true}, "BillingMode": "PAY_PER_REQUEST"}),
            alone("Server-Side Encryption modification"),
        ),
        (
            json!({"TableClass": "STANDARD", "BillingMode": "PAY_PER_REQUEST"}),
            alone("TableClass modification"),
        ),
        (
            json!({"DeletionProtectionEnabled": true, "BillingMode": "PAY_PER_REQUEST"}),
            alone("DeletionProtection modification"),
        ),
        (
            json!({"WarmThroughput": {"ReadUnitsPerSecond": 1}, "BillingMode": "PAY_PER_REQUEST"}),
            alone("WarmThroughput"),
        ),
        (
            json!({"OnDemandThroughput": {"MaxReadRequestUnits": 1}, "StreamSpecification": stream}),
            format!("{P}OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"),
        ),
        (
            json!({"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": stream}),
            format!("{P}You cannot modify stream status while updating table IOPS"),
        ),
        (
            json!({"BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexUpdates": [create("new")]}),
            format!("{P}You cannot create or delete index while updating table IOPS"),
        ),
        (
            json!({"StreamSpecification": stream, "GlobalSecondaryIndexUpdates": [create("new")]}),
            format!("{P}You cannot create or delete index while changing stream status"),
        ),
        (
            json!({"ProvisionedThroughput": units(1, 1)}),
            format!("{P}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"),
        ),
        (
            json!({"BillingMode": "PROVISIONED"}),
            format!("{P}ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
        ),
        (
            json!({"WarmThroughput": {"ReadUnitsPerSecond": 11_999}}),
            format!(
                "{P}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing \
                 WarmThroughput is not supported"
            ),
        ),
        (
            json!({"TableClass": "GOLD"}),
            "Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS]."
                .into(),
        ),
        (
            json!({"SSESpecification": {"Enabled": true, "SSEType": "AES256"}}),
            format!("{P}SSEType AES256 is not supported"),
        ),
        (
            updates(json!([{}])),
            format!(
                "{P}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not \
                 be null"
            ),
        ),
        (
            updates(json!([{"Create": create("new")["Create"], "Delete": {"IndexName": "gix"}}])),
            format!("{P}Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"),
        ),
        (
            updates(json!([create("new"), {"Delete": {"IndexName": "new"}}])),
            format!("{P}Only one global secondary index update per index is allowed simultaneously. Index: new"),
        ),
        (updates(json!([create("gix")])), "Attempting to create an index which already exists".into()),
        (
            json!({"GlobalSecondaryIndexUpdates": [create("new")]}),
            format!("{P}AttributeDefinitions is not specified for index: new"),
        ),
        (
            delete_index("lix"),
            "Cannot delete an index that is not a GlobalSecondaryIndex: lix".into(),
        ),
        (
            json!({"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "lix", "OnDemandThroughput": {"MaxReadRequestUnits": 1}}}]}),
            "Cannot update an index that is not a GlobalSecondaryIndex: lix".into(),
        ),
        (
            {
                let mut with_units = create("new");
                with_units["Create"]["ProvisionedThroughput"] = units(1, 1);
                updates(json!([with_units]))
            },
            format!(
                "{P}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: new when BillingMode is PAY_PER_REQUEST"
            ),
        ),
    ] {
        let before = described(&db);
        assert_eq!(db.invalid("UpdateTable", &with_name(&members)), message, "{members}");
        assert_eq!(described(&db), before);
    }
    let several = updates(json!([create("new"), {"Delete": {"IndexName": "gix"}}]));
    assert_eq!(
        db.fails("UpdateTable", &with_name(&several)),
        (
            "LimitExceededException".into(),
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table".into()
        )
    );
    assert_eq!(
        db.fails("UpdateTable", &with_name(&delete_index("nope"))),
        (
            "ResourceNotFoundException".into(),
            "Requested resource not found: Index nope for table Tab".into()
        )
    );
    assert_eq!(
        db.fails("UpdateTable", &json!({"TableName": "Absent", "DeletionProtectionEnabled": true})),
        (
            "ResourceNotFoundException".into(),
            "Requested resource not found: Table: Absent not found".into()
        )
    );
    // What is missing, and what does not go together, is said before the table is looked for (rule 87).
    assert_eq!(db.invalid("UpdateTable", &json!({"TableName": "Absent"})), nothing);
    let absent = |mode: &str, units: &Value| {
        db.invalid(
            "UpdateTable",
            &json!({"TableName": "Absent", "BillingMode": mode, "ProvisionedThroughput": units}),
        )
    };
    assert_eq!(
        absent("PAY_PER_REQUEST", &units(1, 1)),
        format!("{P}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
    );
    assert_eq!(
        absent("PROVISIONED", &Value::Null),
        format!("{P}ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    );
}

#[test]
fn provisioned_tables_refuse_what_does_not_change() {
    // rule 90; messages-tables 80, 84, A4 of section 2
    let db = Db::holding(&provisioned());
    let refused = |members: &Value| db.invalid("UpdateTable", &with_name(members));
    assert_eq!(
        refused(&json!({"ProvisionedThroughput": units(5, 6)})),
        "The provisioned throughput for the table will not change. The requested value equals the current value. \
         Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. \
         Current WriteCapacityUnits provisioned for the table: 6. Requested WriteCapacityUnits: 6. \
         Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    );
    assert_eq!(
        refused(&json!({"OnDemandThroughput": {"MaxReadRequestUnits": 1}})),
        format!("{P}MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED")
    );
    assert_eq!(
        refused(&create_index("new", "h", &all())),
        format!("{P}Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: new")
    );
}
