//! Descriptions as messages-tables section 4 shows them, put right as its section 1 says; and definitions that survive storage.

use super::*;
use crate::model::json::Document;
use crate::schema::create::NewTable;
use crate::schema::{StoredDefinition, TableDefinition, TableName};

fn table(body: &str) -> TableDefinition {
    let document = Document::parse(body.as_bytes()).unwrap();
    let name = document
        .root()
        .get("TableName")
        .and_then(|name| TableName::resolve(&name.as_str()?))
        .unwrap();
    let mut table = NewTable::from_request(name, document.root())
        .unwrap()
        .into_definition("the-id".to_owned(), 1_795_373_715_000);
    table.activate();
    table
}

fn description(table: &TableDefinition) -> String {
    let mut out = Vec::new();
    let index = |_: &str| ItemCounts { items: 2, bytes: 20 };
    let context = DescriptionContext {
        region: "eu-west-2",
        table: ItemCounts { items: 3, bytes: 30 },
        index: &index,
    };
    write_table_description(&mut out, table, &context);
    let document = Document::parse(&out).map(|_| ());
    assert_eq!(document, Ok(()));
    String::from_utf8(out).unwrap()
}

const ON_DEMAND: &str = r#"{"TableName":"full","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"r","AttributeType":"S"},
        {"AttributeName":"g","AttributeType":"S"},{"AttributeName":"l","AttributeType":"N"}],
    "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"r","KeyType":"RANGE"}],
    "GlobalSecondaryIndexes":[{"IndexName":"gix","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
        "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a"]},"OnDemandThroughput":{"MaxReadRequestUnits":7}}],
    "LocalSecondaryIndexes":[{"IndexName":"lix","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],
        "Projection":{"ProjectionType":"KEYS_ONLY"}}],
    "VectorIndexes":[{"IndexName":"vix","VectorAttribute":{"AttributeName":"v"},"Dimensions":3,"DistanceFunction":"DOT_PRODUCT",
        "SearchSchema":[{"AttributeName":"g","SearchSchemaElementType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}],
    "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},
    "OnDemandThroughput":{"MaxWriteRequestUnits":9},"WarmThroughput":{"ReadUnitsPerSecond":13000}}"#;

const PROVISIONED: &str = r#"{"TableName":"prov","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6},
    "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"B"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],
    "SSESpecification":{"Enabled":true,"SSEType":"KMS","KMSMasterKeyId":"k-1"},"TableClass":"STANDARD","DeletionProtectionEnabled":true}"#;

#[test]
fn an_on_demand_table_is_described_whole() {
    let expected = [
        r#"{"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"r","AttributeType":"S"},"#,
        r#"{"AttributeName":"g","AttributeType":"S"},{"AttributeName":"l","AttributeType":"N"}],"TableName":"full","#,
        r#""KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"r","KeyType":"RANGE"}],"TableStatus":"ACTIVE","#,
        r#""CreationDateTime":1795373715.0,"#,
        r#""ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},"#,
        r#""TableSizeBytes":30,"ItemCount":3,"TableArn":"arn:aws:dynamodb:eu-west-2:000000000000:table/full","TableId":"the-id","#,
        r#""BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST","LastUpdateToPayPerRequestDateTime":1795373715.0},"#,
        r#""LocalSecondaryIndexes":[{"IndexName":"lix","#,
        r#""KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],"#,
        r#""Projection":{"ProjectionType":"KEYS_ONLY"},"IndexSizeBytes":20,"ItemCount":2,"#,
        r#""IndexArn":"arn:aws:dynamodb:eu-west-2:000000000000:table/full/index/lix"}],"#,
        r#""GlobalSecondaryIndexes":[{"IndexName":"gix","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"#,
        r#""Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["a"]},"IndexStatus":"ACTIVE","#,
        r#""ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},"#,
        r#""IndexSizeBytes":20,"ItemCount":2,"IndexArn":"arn:aws:dynamodb:eu-west-2:000000000000:table/full/index/gix","#,
        r#""OnDemandThroughput":{"MaxReadRequestUnits":7},"#,
        r#""WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"}}],"#,
        r#""VectorIndexes":[{"IndexName":"vix","VectorAttribute":{"AttributeName":"v"},"Dimensions":3,"DistanceFunction":"DOT_PRODUCT","#,
        r#""SearchSchema":[{"AttributeName":"g","SearchSchemaElementType":"HASH"}],"Projection":{"ProjectionType":"ALL"},"#,
        r#""IndexStatus":"ACTIVE","IndexSizeBytes":20,"ItemCount":2,"#,
        r#""IndexArn":"arn:aws:dynamodb:eu-west-2:000000000000:table/full/index/vix"}],"#,
        r#""StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},"#,
        r#""LatestStreamLabel":"2026-11-22T18:55:15.000","#,
        r#""LatestStreamArn":"arn:aws:dynamodb:eu-west-2:000000000000:table/full/stream/2026-11-22T18:55:15.000","#,
        r#""DeletionProtectionEnabled":false,"OnDemandThroughput":{"MaxWriteRequestUnits":9},"#,
        r#""WarmThroughput":{"ReadUnitsPerSecond":13000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"}}"#,
    ];
    assert_eq!(description(&table(ON_DEMAND)), expected.concat());
}

#[test]
fn a_provisioned_table_shows_what_was_asked_for_and_nothing_else() {
    // rule 92
    let text = description(&table(PROVISIONED));
    for part in [
        r#""ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":5,"WriteCapacityUnits":6}"#,
        r#""SSEDescription":{"Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"arn:aws:kms:eu-west-2:000000000000:key/k-1"}"#,
        r#""TableClassSummary":{"TableClass":"STANDARD"}"#,
        r#""DeletionProtectionEnabled":true"#,
        r#""WarmThroughput":{"ReadUnitsPerSecond":5,"WriteUnitsPerSecond":6,"Status":"ACTIVE"}"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    for absent in [
        "BillingModeSummary",
        "SecondaryIndexes",
        "Stream",
        "OnDemand",
        "Restore",
        "VectorIndexes",
    ] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
}

#[test]
fn a_table_being_made_shows_itself_and_its_indexes_creating() {
    let document = Document::parse(ON_DEMAND.as_bytes()).unwrap();
    let new = NewTable::from_request(TableName::resolve("full").unwrap(), document.root()).unwrap();
    let text = description(&new.into_definition(String::new(), 0));
    assert!(text.contains(r#""TableStatus":"CREATING""#));
    assert_eq!(text.matches(r#""IndexStatus":"CREATING""#).count(), 2);
    assert!(!text.contains("Backfilling"));
}

#[test]
fn definitions_survive_storage() {
    for body in [ON_DEMAND, PROVISIONED] {
        let before = table(body);
        let after = TableDefinition::from_stored(&before.to_stored()).unwrap();
        assert_eq!(after, before);
    }
    let mut changed = table(ON_DEMAND);
    changed.stream = None;
    changed.table_class_changed_at = Some(5);
    changed.ttl = Some(crate::schema::TtlSpec { attribute: "t".to_owned() });
    for index in &mut changed.global_indexes {
        index.status = crate::schema::IndexStatus::Creating;
        index.backfilling = Some(true);
    }
    assert_eq!(TableDefinition::from_stored(&changed.to_stored()), Ok(changed));
}

#[test]
fn a_corrupt_part_is_an_error_and_never_a_guess() {
    let good = table(ON_DEMAND).to_stored();
    let spoil: [fn(&mut StoredDefinition); 9] = [
        |stored| stored.key_schema = "[".to_owned(),
        |stored| stored.key_schema = "[]".to_owned(),
        |stored| stored.key_schema = stored.key_schema.replace("\"p\"", "\"q\""),
        |stored| stored.attribute_definitions = "[{}]".to_owned(),
        |stored| stored.gsi_definitions = Some("[{}]".to_owned()),
        |stored| stored.billing_mode = String::new(),
        |stored| stored.stream_view_type = None,
        |stored| stored.other_settings = Some("{\"VectorIndexes\":[{}]}".to_owned()),
        |stored| stored.table_name = "a".to_owned(),
    ];
    for (at, spoil) in spoil.iter().enumerate() {
        let mut stored = good.clone();
        spoil(&mut stored);
        assert!(TableDefinition::from_stored(&stored).is_err(), "{at}");
    }
}
