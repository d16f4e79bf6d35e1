//! What the typed requests refuse, by the rows of the message tables, and what they read.

use super::*;
use crate::api::ErrorKind;
use crate::model::AttributeValue;
use proptest::prelude::*;
use proptest::sample::select;

fn parse<T>(body: &str, parse: impl FnOnce(&Document<'_>) -> Result<T, ApiError>) -> Result<T, String> {
    let document = Document::parse(body.as_bytes()).unwrap();
    parse(&document).map_err(|error| {
        assert!(matches!(error.kind(), ErrorKind::Validation | ErrorKind::Serialization), "{error}");
        error.message().unwrap_or_default().to_owned()
    })
}

fn put(rest: &str) -> Result<PutItemRequest, String> {
    parse(&format!(r#"{{"TableName":"abc",{rest}}}"#), |document| {
        let request = PutItemRequest::parse(document)?;
        check_put(request.return_values, &request.item)?;
        Ok(request)
    })
}

fn query(rest: &str) -> Result<QueryRequest, String> {
    parse(&format!(r#"{{"TableName":"abc",{rest}}}"#), QueryRequest::parse)
}

const P: &str = "1 validation error detected: ";
const OPMV: &str = "One or more parameter values were invalid: ";

#[test]
fn a_put_is_read_whole() {
    let request = put(
        r##""Item":{"a":{"S":"x"}},"ReturnValues":"ALL_OLD","ReturnConsumedCapacity":"INDEXES","ReturnItemCollectionMetrics":"SIZE",
           "ConditionExpression":"#a = :v","ExpressionAttributeNames":{"#a":"a"},"ExpressionAttributeValues":{":v":{"N":"1"}},
           "ReturnValuesOnConditionCheckFailure":"ALL_OLD","Nonsense":1"##,
    )
    .unwrap();
    assert_eq!(&*request.table_name, "abc");
    assert_eq!(request.item.get("a"), Some(&AttributeValue::S("x".into())));
    assert!(request.return_values == ReturnValues::AllOld && request.return_item_collection_metrics);
    assert_eq!(request.return_consumed_capacity, ReturnConsumedCapacity::Indexes);
    let condition = &request.condition;
    assert!(condition.is_conditional() && condition.return_item_on_failure);
    assert_eq!(condition.expression.as_deref(), Some("#a = :v"));
    assert_eq!(condition.attributes.names, Some(vec![("#a".into(), "a".into())]));
    assert_eq!(condition.attributes.values.as_ref().map(Vec::len), Some(1));
}

#[test]
fn values_of_an_item_are_refused_in_the_envelope_of_put() {
    // rules 3, 7-11; messages-items 2
    for (value, expected) in [
        (
            r#"{"N":"abc"}"#,
            format!("{P}The parameter cannot be converted to a numeric value: abc"),
        ),
        (
            r#"{"SS":["b","a","b"]}"#,
            format!(r#"{P}{OPMV}Input collection ["a", "b", "b"] contains duplicates."#),
        ),
        (r#"{"SS":[]}"#, format!("{P}{OPMV}An string set  may not be empty")),
        (
            r#"{"NULL":false}"#,
            format!("{P}{OPMV}Null attribute value types must have the value of true"),
        ),
        (
            r#"{"S":"a","N":"1"}"#,
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes".to_owned(),
        ),
        (
            "{}",
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".to_owned(),
        ),
    ] {
        assert_eq!(put(&format!(r#""Item":{{"a":{value}}}"#)), Err(expected), "{value}");
    }
    assert_eq!(put(r#""Item":{"":{"S":"a"}}"#), Err(format!("{P}Empty attribute name")));
}

#[test]
fn names_of_attributes_are_bounded_at_every_level() {
    // rule 21
    let item = |length: usize| format!(r#""Item":{{"a":{{"L":[{{"M":{{"{}":{{"S":"x"}}}}}}]}}}}"#, "n".repeat(length));
    assert!(put(&item(65_535)).is_ok());
    assert!(put(&item(65_536)).is_err_and(|message| message.ends_with("[Member must have length less than or equal to 65535]")));
}

#[test]
fn values_of_a_key_are_refused_bare() {
    // rule 11
    let expected = || "The parameter cannot be converted to a numeric value: abc".to_owned();
    let body = r#"{"TableName":"abc","Key":{"a":{"N":"abc"}}}"#;
    assert_eq!(parse(body, GetItemRequest::parse).err(), Some(expected()));
    assert_eq!(parse(body, DeleteItemRequest::parse).err(), Some(expected()));
}

#[test]
fn values_of_expressions_are_wrapped_where_the_service_wraps_them() {
    // rule 11 as part D has it
    let values = |value: &str| format!(r#""ExpressionAttributeValues":{{":v":{value}}}"#);
    let wrapped = |text: &str| format!("ExpressionAttributeValues contains invalid value: {text} for key :v");
    let empty_set = wrapped(&format!("{OPMV}An string set  may not be empty"));
    let no_type = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    let put = |value: &str| put(&format!(r#""Item":{{}},{}"#, values(value))).err();
    let query = |value: &str| query(&values(value)).err();
    assert_eq!(put(r#"{"SS":[]}"#), Some(format!("{P}{empty_set}")));
    assert_eq!(query(r#"{"SS":[]}"#), Some(empty_set));
    assert_eq!(put("{}"), Some(no_type.to_owned()));
    assert_eq!(query("{}"), Some(wrapped(no_type)));
    let number = "The parameter cannot be converted to a numeric value: x";
    assert_eq!(put(r#"{"N":"x"}"#), Some(format!("{P}{number}")));
    assert_eq!(query(r#"{"N":"x"}"#), Some(number.to_owned()));
}

#[test]
fn an_item_may_have_400_kilobytes_and_no_more() {
    // rules 13, 14
    let body = |length: usize| format!(r#""Item":{{"a":{{"S":"{}"}}}}"#, "x".repeat(length));
    assert!(put(&body(409_599)).is_ok());
    assert_eq!(
        put(&body(409_600)),
        Err("Item size has exceeded the maximum allowed size".to_owned())
    );
}

#[test]
fn puts_and_deletes_return_the_old_item_or_nothing() {
    // rule 46, messages-items 5
    let expected = format!("{P}ReturnValues can only be ALL_OLD or NONE");
    for values in ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"] {
        assert_eq!(put(&format!(r#""Item":{{}},"ReturnValues":"{values}""#)), Err(expected.clone()));
        let body = format!(r#"{{"TableName":"abc","Key":{{}},"ReturnValues":"{values}"}}"#);
        assert_eq!(parse(&body, DeleteItemRequest::parse).err(), Some(expected.clone()));
    }
    assert!(put(r#""Item":{},"ReturnValues":"NONE""#).is_ok_and(|request| request.return_values == ReturnValues::None));
}

#[test]
fn expressions_and_legacy_parameters_do_not_mix() {
    // rule 36, messages-items 4
    const MIXED: &str = "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: ";
    assert_eq!(
        query(r#""KeyConditionExpression":"a","AttributesToGet":["b"],"QueryFilter":{}"#),
        Err(format!(
            "{MIXED}{{AttributesToGet, QueryFilter}} Expression parameters: {{KeyConditionExpression}}"
        ))
    );
    assert_eq!(
        put(r#""Item":{},"Expected":{},"ConditionExpression":"a""#),
        Err(format!("{P}{MIXED}{{Expected}} Expression parameters: {{ConditionExpression}}"))
    );
    let body = r#"{"TableName":"abc","Key":{},"AttributesToGet":["b"],"ProjectionExpression":"b"}"#;
    assert_eq!(
        parse(body, GetItemRequest::parse).err(),
        Some(format!(
            "{MIXED}{{AttributesToGet}} Expression parameters: {{ProjectionExpression}}"
        ))
    );
}

#[test]
fn a_query_is_read_whole() {
    let request = query(
        r#""IndexName":"gix","Limit":7,"ConsistentRead":"true","ScanIndexForward":false,"Select":"COUNT","KeyConditionExpression":"k",
           "FilterExpression":"f","ExclusiveStartKey":{"a":{"S":"x"}},"ReturnConsumedCapacity":"TOTAL""#,
    )
    .unwrap();
    assert_eq!(request.index_name.as_deref(), Some("gix"));
    assert_eq!(request.limit, Some(7));
    assert!(request.consistent_read && !request.forward);
    assert_eq!(request.select, Some(Select::Count));
    assert_eq!(request.exclusive_start_key.map(|key| key.len()), Some(1));
    assert_eq!(request.return_consumed_capacity, ReturnConsumedCapacity::Total);
    let plain = query(r#""KeyConditions":{"a":{"ComparisonOperator":"EQ"}}"#).unwrap();
    assert!(plain.forward && !plain.consistent_read && plain.limit.is_none());
    assert_eq!(plain.key_conditions.as_deref(), Some(r#"{"a":{"ComparisonOperator":"EQ"}}"#));
    assert!(plain.require_key_condition().is_ok());
}

#[test]
fn a_query_needs_a_key_condition() {
    // messages-items 6
    let error = query(r#""Limit":1"#).unwrap().require_key_condition().err();
    let expected = "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.";
    assert_eq!(error.as_ref().and_then(ApiError::message), Some(expected));
}

#[test]
fn select_goes_with_what_it_needs() {
    // rule 60, messages-items 6
    for (rest, expected) in [
        (
            r#""Select":"COUNT","ProjectionExpression":"a""#,
            "Cannot specify the ProjectionExpression when choosing to get only the Count",
        ),
        (
            r#""Select":"COUNT","AttributesToGet":["a"]"#,
            "Cannot specify the AttributesToGet when choosing to get only the Count",
        ),
        (
            r#""Select":"ALL_ATTRIBUTES","ProjectionExpression":"a""#,
            "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES",
        ),
        (
            r#""Select":"ALL_PROJECTED_ATTRIBUTES","ProjectionExpression":"a","IndexName":"gix""#,
            "Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES",
        ),
        (
            r#""Select":"SPECIFIC_ATTRIBUTES""#,
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
        ),
        (
            r#""Select":"ALL_PROJECTED_ATTRIBUTES""#,
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
        ),
    ] {
        assert_eq!(query(rest), Err(format!("{P}{expected}")), "{rest}");
    }
    assert!(query(r#""Select":"SPECIFIC_ATTRIBUTES","ProjectionExpression":"a""#).is_ok());
}

#[test]
fn values_of_a_starting_key_have_a_lead_of_their_own_or_none() {
    // messages-items 6
    let lead = "The provided starting key is invalid: ";
    for (value, expected) in [
        (r#"{"N":"x"}"#, "The parameter cannot be converted to a numeric value: x".to_owned()),
        (r#"{"NS":[]}"#, format!("{OPMV}An number set  may not be empty")),
        (r#"{"SS":[]}"#, format!("{lead}{OPMV}An string set  may not be empty")),
        (
            r#"{"NULL":false}"#,
            format!("{lead}{OPMV}Null attribute value types must have the value of true"),
        ),
        (
            "{}",
            format!("{lead}Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        ),
    ] {
        assert_eq!(query(&format!(r#""ExclusiveStartKey":{{"a":{value}}}"#)), Err(expected), "{value}");
    }
}

#[test]
fn attributes_to_get_are_not_empty_and_not_repeated() {
    // messages-items 6
    let get = |list: &str| {
        parse(
            &format!(r#"{{"TableName":"abc","Key":{{}},"AttributesToGet":{list}}}"#),
            GetItemRequest::parse,
        )
    };
    assert_eq!(
        get(r#"["o","p","o"]"#).err(),
        Some(format!("{OPMV}Duplicate value in attribute name: o"))
    );
    assert_eq!(
        get("[]").err(),
        Some(format!(
            "{P}Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1"
        ))
    );
    assert_eq!(
        get(r#"["o","p"]"#).unwrap().attributes_to_get,
        Some(vec!["o".to_owned(), "p".to_owned()])
    );
}

#[test]
fn tables_are_named_or_listed() {
    let body = r#"{"TableName":"arn:aws:dynamodb:eu-west-2:000000000000:table/Music"}"#;
    assert_eq!(
        parse(body, DescribeTableRequest::parse).map(|request| request.table_name.into_string()),
        Ok("Music".to_owned())
    );
    assert_eq!(
        parse(body, DeleteTableRequest::parse).map(|request| request.table_name.into_string()),
        Ok("Music".to_owned())
    );
    assert_eq!(
        parse("{}", ListTablesRequest::parse),
        Ok(ListTablesRequest {
            exclusive_start_table_name: None,
            limit: 100
        })
    );
    assert_eq!(
        parse(r#"{"Limit":3,"ExclusiveStartTableName":"abc"}"#, ListTablesRequest::parse),
        Ok(ListTablesRequest {
            exclusive_start_table_name: Some("abc".to_owned()),
            limit: 3
        })
    );
}

#[test]
fn a_body_that_is_no_json_has_no_message() {
    // rule 115
    for body in ["", "{", "{\"a\":}"] {
        assert_eq!(parse_body(body.as_bytes()).err(), Some(ApiError::unparseable()), "{body}");
    }
}

/// Any JSON value, its members named as in the service model, so that the checks get somewhere.
fn any_json() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = crate::api::shape::all()
        .flat_map(|shape| shape.members().map(|member| member.name))
        .collect();
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f32>()
            .prop_filter("JSON has no infinity", |value| value.is_finite())
            .prop_map(|value| format!("{value:e}")),
        prop_oneof!["[a-z]{0,4}", "HASH|RANGE|S|N|B|abc|true", "[A-Za-z0-9+/=]{0,8}"].prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let member = (select(names.clone()), inner.clone()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|elements| format!("[{}]", elements.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn any_body_is_a_request_or_an_error_with_a_body(body in any_json(), name in "[a-z]{3}") {
        for body in [body.clone(), format!(r#"{{"TableName":"{name}","Item":{body},"Key":{body},"KeySchema":{body}}}"#)] {
            let document = parse_body(body.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
            for operation in Operation::all() {
                if let Err(error) = check(operation, &document) {
                    prop_assert!(Document::parse(&error.body()).is_ok(), "{}", error);
                }
            }
            let parsed = [
                CreateTableRequest::parse(&document).err(),
                PutItemRequest::parse(&document).err(),
                GetItemRequest::parse(&document).err(),
                DeleteItemRequest::parse(&document).err(),
                QueryRequest::parse(&document).err(),
            ];
            for error in parsed.into_iter().flatten() {
                prop_assert_eq!(error.status(), 400);
            }
        }
    }
}
