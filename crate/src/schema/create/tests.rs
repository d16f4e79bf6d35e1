//! What `CreateTable` refuses beyond the model's constraints, by the rows of messages-tables, and what it keeps.

use super::*;
use crate::model::json::Document;

pub(in crate::schema) fn create(rest: &str) -> Result<NewTable, String> {
    let body = format!(r#"{{"TableName":"abc",{rest}}}"#);
    let document = Document::parse(body.as_bytes()).unwrap();
    let name = TableName::resolve("abc").unwrap();
    NewTable::from_request(name, document.root()).map_err(|error| error.to_string())
}

/// `p:S` as `AttributeDefinitions`.
pub(in crate::schema) fn definitions(list: &str) -> String {
    let element = |part: &str| {
        let (name, kind) = part.split_once(':').unwrap();
        format!(r#"{{"AttributeName":"{name}","AttributeType":"{kind}"}}"#)
    };
    let elements: Vec<String> = list.split_whitespace().map(element).collect();
    format!(r#""AttributeDefinitions":[{}]"#, elements.join(","))
}

/// `p:HASH r:RANGE` as `KeySchema`.
pub(in crate::schema) fn keys(list: &str) -> String {
    let element = |part: &str| {
        let (name, kind) = part.split_once(':').unwrap();
        format!(r#"{{"AttributeName":"{name}","KeyType":"{kind}"}}"#)
    };
    let elements: Vec<String> = list.split_whitespace().map(element).collect();
    format!(r#""KeySchema":[{}]"#, elements.join(","))
}

pub(in crate::schema) fn index(name: &str, key: &str, rest: &str) -> String {
    format!(r#"{{"IndexName":"{name}",{},{rest}}}"#, keys(key))
}

pub(in crate::schema) fn on_demand(definition: &str, key: &str, rest: &str) -> Result<NewTable, String> {
    create(&format!(
        r#"{},{},"BillingMode":"PAY_PER_REQUEST"{rest}"#,
        definitions(definition),
        keys(key)
    ))
}

pub(in crate::schema) const OPMV: &str = "One or more parameter values were invalid: ";
pub(in crate::schema) const ALL: &str = r#""Projection":{"ProjectionType":"ALL"}"#;

#[track_caller]
pub(in crate::schema) fn assert_refused(result: Result<NewTable, String>, expected: &str) {
    let expected = expected.replace("{P}", OPMV);
    assert_eq!(result.map(|table| table.definition), Err(expected));
}

#[test]
fn billing_and_throughput_agree() {
    let base = format!("{},{}", definitions("p:S"), keys("p:HASH"));
    // messages-tables 35
    let missing = "{P}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED";
    assert_refused(create(&base), missing);
    assert_refused(create(&format!(r#"{base},"BillingMode":"PROVISIONED""#)), missing);
    // messages-tables 36
    assert_refused(
        create(&format!(
            r#"{base},"BillingMode":"PAY_PER_REQUEST","ProvisionedThroughput":{{"ReadCapacityUnits":1,"WriteCapacityUnits":1}}"#
        )),
        "{P}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    );
    // messages-tables 37
    assert_refused(
        create(&format!(
            r#"{base},"ProvisionedThroughput":{{"ReadCapacityUnits":1000000000001,"WriteCapacityUnits":1}}"#
        )),
        "Given value 1000000000001 for ReadCapacityUnits is out of bounds",
    );
    let table = create(&format!(
        r#"{base},"ProvisionedThroughput":{{"ReadCapacityUnits":5,"WriteCapacityUnits":6}}"#
    ))
    .unwrap();
    assert_eq!(table.definition.throughput, Some(Throughput { read: 5, write: 6 }));
}

#[test]
fn capacity_of_indexes_follows_the_tables_billing() {
    // messages-tables 56
    let units = r#""ProvisionedThroughput":{"ReadCapacityUnits":2,"WriteCapacityUnits":3}"#;
    let with_units = index("g1x", "g:HASH", &format!("{ALL},{units}"));
    assert_refused(
        on_demand("p:S g:S", "p:HASH", &format!(r#","GlobalSecondaryIndexes":[{with_units}]"#)),
        "{P}ProvisionedThroughput should not be specified for index: g1x when BillingMode is PAY_PER_REQUEST",
    );
    let provisioned = |index: &str| {
        create(&format!(
            r#"{},{},{units},"GlobalSecondaryIndexes":[{index}]"#,
            definitions("p:S g:S"),
            keys("p:HASH")
        ))
    };
    assert_refused(
        provisioned(&index("g-a", "g:HASH", ALL)),
        "{P}ProvisionedThroughput is not specified for index: g-a",
    );
    let table = provisioned(&with_units).unwrap().definition;
    assert_eq!(
        table.global_indexes.first().unwrap().throughput,
        Some(Throughput { read: 2, write: 3 })
    );
}

#[test]
fn on_demand_limits_are_positive_and_need_on_demand_billing() {
    // rule A4 as section 2 has it
    for units in ["0", "-1"] {
        assert_refused(
            on_demand(
                "p:S",
                "p:HASH",
                &format!(r#","OnDemandThroughput":{{"MaxReadRequestUnits":{units}}}"#),
            ),
            "{P}Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range",
        );
    }
    let index = index(
        "gix",
        "g:HASH",
        &format!(r#"{ALL},"OnDemandThroughput":{{"MaxWriteRequestUnits":0}}"#),
    );
    assert_refused(
        on_demand("p:S g:S", "p:HASH", &format!(r#","GlobalSecondaryIndexes":[{index}]"#)),
        "{P}Requested MaxWriteRequestUnits for OnDemandThroughput for index : gix is outside of valid range",
    );
    assert_refused(
        create(&format!(
            r#"{},{},"ProvisionedThroughput":{{"ReadCapacityUnits":1,"WriteCapacityUnits":1}},"OnDemandThroughput":{{"MaxReadRequestUnits":1}}"#,
            definitions("p:S"),
            keys("p:HASH")
        )),
        "{P}MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.",
    );
    assert_eq!(
        on_demand("p:S", "p:HASH", r#","OnDemandThroughput":{}"#)
            .unwrap()
            .definition
            .on_demand_throughput,
        None
    );
}

#[test]
fn warm_throughput_starts_at_the_baseline() {
    // messages-tables 45, rule A4
    let refused = on_demand("p:S", "p:HASH", r#","WarmThroughput":{"ReadUnitsPerSecond":11999}"#)
        .map(|_| ())
        .unwrap_err();
    assert!(
        refused.starts_with(&format!(
            "{OPMV}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand. See: https://"
        )),
        "{refused}"
    );
    let table = on_demand("p:S", "p:HASH", r#","WarmThroughput":{"ReadUnitsPerSecond":13000}"#)
        .unwrap()
        .definition;
    assert_eq!(
        table.warm_throughput,
        Some(WarmThroughput {
            read: 13_000,
            write: 4_000
        })
    );
}

#[test]
fn streams_encryption_and_class_are_consistent() {
    for (rest, expected) in [
        // messages-tables 52
        (
            r#","StreamSpecification":{"StreamEnabled":true}"#,
            "{P}Table is being created with a stream enabled, UpdateViewType is required",
        ),
        (
            r#","StreamSpecification":{"StreamEnabled":false,"StreamViewType":"KEYS_ONLY"}"#,
            "{P}Table is being created with a stream disabled, UpdateViewType should not be specified",
        ),
        // messages-tables 60
        (
            r#","SSESpecification":{"Enabled":false,"SSEType":"KMS"}"#,
            "{P}SSEType can not be specified if Enabled is false",
        ),
        (
            r#","SSESpecification":{"Enabled":true,"SSEType":"AES256"}"#,
            "{P}SSEType AES256 is not supported",
        ),
        (
            r#","SSESpecification":{"Enabled":true,"KMSMasterKeyId":"k"}"#,
            "{P}SSEType KMS is required if KMSMasterKeyId is specified",
        ),
        // section 2 on rule 86
        (
            r#","TableClass":"FOO""#,
            "Invalid table-class parameter provided. Please try again with a valid table-class value: \
             [STANDARD, STANDARD_INFREQUENT_ACCESS].",
        ),
    ] {
        assert_refused(on_demand("p:S", "p:HASH", rest), expected);
    }
}

#[test]
fn tags_are_valid_and_few() {
    let with = |tags: &str| on_demand("p:S", "p:HASH", &format!(r#","Tags":[{tags}]"#));
    let tag = |key: &str, value: &str| format!(r#"{{"Key":"{key}","Value":"{value}"}}"#);
    let long = "x".repeat(257);
    // messages-tables 64-67
    assert_refused(with(&tag("", "a")), "The Tag Key provided is invalid, Key: ");
    assert_refused(with(r#"{"Key":"k"}"#), "The Tag Value provided is invalid, Value: null");
    assert_refused(with(&tag("k", &long)), &format!("The Tag Value provided is invalid, Value: {long}"));
    assert_refused(
        with(&format!("{},{}", tag("dup", "a"), tag("dup", "b"))),
        "Duplicate Tag Keys provided as input: Duplicate Tag Key found dup",
    );
    assert_refused(with(&tag("aws:zzz", "a")), "Tag Key cannot be prefixed with aws:, Key: aws:zzz");
    let many = |count: usize| (0..count).map(|n| tag(&format!("k{n}"), "")).collect::<Vec<_>>().join(",");
    assert_refused(
        with(&many(51)),
        "Number of Tags exceed the current limit for the provided ResourceArn",
    );
    assert_eq!(with(&many(50)).unwrap().tags.len(), 50);
}

#[test]
fn a_new_table_gets_its_times_when_it_is_made() {
    let table = on_demand(
        "p:S",
        "p:HASH",
        r#","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}"#,
    )
    .unwrap();
    let definition = table.into_definition("id".to_owned(), 1_791_500_851_275);
    assert_eq!(definition.status, TableStatus::Creating);
    assert_eq!(
        (definition.created_at, definition.on_demand_since),
        (1_791_500_851_275, Some(1_791_500_851_275))
    );
    assert_eq!(
        definition.stream.as_ref().map(|stream| stream.label.as_str()),
        Some("2026-10-08T23:07:31.275")
    );
    assert_eq!(definition.latest_stream_label.as_deref(), Some("2026-10-08T23:07:31.275"));
}
