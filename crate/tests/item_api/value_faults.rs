//! Every fault of a value at every place where a request can have one: the text of the place's layer in the envelope of the place
//! (rules 1, 3, 4, 6-11 with part D; messages-items 2 and 6).

use crate::database::{Db, INVALID, P, Table, n, s};
use serde_json::{Value, json};

/// What the place of a fault does to its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Of numbers and of sets with duplicates.
    Plain,
    EmptySet,
    /// Stands alone in a starting key.
    EmptyNumberSet,
    NullFalse,
    TwoTypes,
    NoType,
}

/// A value, its fault in the current and in the older layer's words, and its kind.
fn faults() -> Vec<(Value, String, String, Kind)> {
    let both = |value: Value, text: String, kind| (value, text.clone(), text, kind);
    let more = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    let none = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    let overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    let underflow = "Number underflow. Attempting to store a number with magnitude smaller than supported range";
    vec![
        both(
            n("abc"),
            "The parameter cannot be converted to a numeric value: abc".to_owned(),
            Kind::Plain,
        ),
        (
            n(""),
            "The parameter cannot be converted to a numeric value: ".to_owned(),
            "The parameter cannot be converted to a numeric value".to_owned(),
            Kind::Plain,
        ),
        both(n("1e126"), overflow.to_owned(), Kind::Plain),
        both(n("0e126"), overflow.to_owned(), Kind::Plain),
        both(n("1e-131"), underflow.to_owned(), Kind::Plain),
        both(n("0e-131"), underflow.to_owned(), Kind::Plain),
        (
            n("1e2147483648"),
            overflow.to_owned(),
            "The parameter cannot be converted to a numeric value: 1e2147483648".to_owned(),
            Kind::Plain,
        ),
        (n("1e2147483647"), overflow.to_owned(), underflow.to_owned(), Kind::Plain),
        both(
            n("1".repeat(39)),
            "Attempting to store more than 38 significant digits in a Number".to_owned(),
            Kind::Plain,
        ),
        (
            json!({"NS": ["1", "1.0"]}),
            format!("{INVALID}Input collection contains duplicates."),
            "Input collection contains duplicates".to_owned(),
            Kind::Plain,
        ),
        (
            json!({"SS": ["b", "a", "b"]}),
            format!("{INVALID}Input collection [\"a\", \"b\", \"b\"] contains duplicates."),
            format!("{INVALID}Input collection [b, a, b] contains duplicates."),
            Kind::Plain,
        ),
        (
            json!({"BS": ["AQ==", "AA==", "AQ=="]}),
            format!("{INVALID}Input collection [\"AA==\",\"AQ==\",\"AQ==\"]of type BS contains duplicates."),
            format!("{INVALID}Input collection [AQ==, AA==, AQ==]of type BS contains duplicates."),
            Kind::Plain,
        ),
        both(
            json!({"SS": []}),
            format!("{INVALID}An string set  may not be empty"),
            Kind::EmptySet,
        ),
        both(
            json!({"NS": []}),
            format!("{INVALID}An number set  may not be empty"),
            Kind::EmptyNumberSet,
        ),
        both(
            json!({"BS": []}),
            format!("{INVALID}Binary sets should not be empty"),
            Kind::EmptySet,
        ),
        both(
            json!({"NULL": false}),
            format!("{INVALID}Null attribute value types must have the value of true"),
            Kind::NullFalse,
        ),
        both(json!({"S": "a", "N": "1"}), more.to_owned(), Kind::TwoTypes),
        both(json!({}), none.to_owned(), Kind::NoType),
        both(json!({"X": "a"}), none.to_owned(), Kind::NoType),
        both(json!({"S": null}), none.to_owned(), Kind::NoType),
        both(Value::Null, none.to_owned(), Kind::NoType),
    ]
}

/// How a place surrounds its faults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// `1 validation error detected: `, except before what is said of types.
    Prefixed,
    Bare,
    /// Bare, in the words of the older layer.
    Older,
    /// A value of an expression: of a write, of a read; some faults are wrapped.
    ValueOfWrite,
    ValueOfUpdate,
    ValueOfQuery,
    ValueOfScan,
    StartKey,
}

impl Place {
    fn message(self, current: &str, older: &str, kind: Kind) -> String {
        let prefix = if matches!(kind, Kind::TwoTypes | Kind::NoType) { "" } else { P };
        let wrapped = format!("ExpressionAttributeValues contains invalid value: {current} for key :v");
        let is_empty_set = matches!(kind, Kind::EmptySet | Kind::EmptyNumberSet);
        match self {
            Self::Older => older.to_owned(),
            Self::ValueOfWrite | Self::ValueOfUpdate if is_empty_set => format!("{P}{wrapped}"),
            Self::ValueOfUpdate if kind == Kind::TwoTypes => wrapped,
            Self::Prefixed | Self::ValueOfWrite | Self::ValueOfUpdate => format!("{prefix}{current}"),
            Self::ValueOfQuery | Self::ValueOfScan if is_empty_set => wrapped,
            Self::ValueOfQuery if kind == Kind::NoType => wrapped,
            Self::StartKey if !matches!(kind, Kind::Plain | Kind::EmptyNumberSet) => {
                format!("The provided starting key is invalid: {current}")
            }
            Self::Bare | Self::ValueOfQuery | Self::ValueOfScan | Self::StartKey => current.to_owned(),
        }
    }
}

/// An operation's request with a value in a place of it.
type Request = Box<dyn Fn(&Value) -> Value>;

fn places() -> Vec<(&'static str, Place, Request)> {
    fn of(operation: &'static str, place: Place, request: impl Fn(&Value) -> Value + 'static) -> (&'static str, Place, Request) {
        (operation, place, Box::new(request))
    }
    let in_write = |operation: &'static str, member: &'static str, place| {
        of(
            operation,
            place,
            move |value| json!({"TableName": "Tab", member: {"pk": s("a")}, "ConditionExpression": "a = :v", "ExpressionAttributeValues": {":v": value}}),
        )
    };
    let expected = |operation: &'static str, member: &'static str| {
        of(
            operation,
            Place::Prefixed,
            move |value| json!({"TableName": "Tab", member: {"pk": s("a")}, "Expected": {"a": {"ComparisonOperator": "EQ", "AttributeValueList": [value]}}}),
        )
    };
    let condition = |value: &Value| json!({"ComparisonOperator": "EQ", "AttributeValueList": [value]});
    let key = |value: &Value| json!({"TableName": "Tab", "Key": {"pk": value}});
    vec![
        of(
            "PutItem",
            Place::Prefixed,
            |value| json!({"TableName": "Tab", "Item": {"pk": s("a"), "v": value}}),
        ),
        of(
            "PutItem",
            Place::Prefixed,
            |value| json!({"TableName": "Tab", "Item": {"pk": s("a"), "v": {"M": {"x": {"L": [value]}}}}}),
        ),
        of("GetItem", Place::Bare, key),
        of("DeleteItem", Place::Bare, key),
        of("UpdateItem", Place::Bare, key),
        of(
            "BatchGetItem",
            Place::Bare,
            |value| json!({"RequestItems": {"Tab": {"Keys": [{"pk": value}]}}}),
        ),
        of(
            "BatchWriteItem",
            Place::Older,
            |value| json!({"RequestItems": {"Tab": [{"PutRequest": {"Item": {"pk": s("a"), "v": {"L": [value]}}}}]}}),
        ),
        of(
            "BatchWriteItem",
            Place::Older,
            |value| json!({"RequestItems": {"Tab": [{"DeleteRequest": {"Key": {"pk": value}}}]}}),
        ),
        in_write("PutItem", "Item", Place::ValueOfWrite),
        in_write("DeleteItem", "Key", Place::ValueOfWrite),
        in_write("UpdateItem", "Key", Place::ValueOfUpdate),
        of(
            "UpdateItem",
            Place::ValueOfUpdate,
            |value| json!({"TableName": "Tab", "Key": {"pk": s("a")}, "UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": value}}),
        ),
        of(
            "Query",
            Place::ValueOfQuery,
            |value| json!({"TableName": "Tab", "KeyConditionExpression": "pk = :v", "ExpressionAttributeValues": {":v": value}}),
        ),
        of(
            "Scan",
            Place::ValueOfScan,
            |value| json!({"TableName": "Tab", "FilterExpression": "a = :v", "ExpressionAttributeValues": {":v": value}}),
        ),
        of("Query", Place::StartKey, |value| {
            json!({
                "TableName": "Tab", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("a")},
                "ExclusiveStartKey": {"pk": value},
            })
        }),
        of(
            "Scan",
            Place::StartKey,
            |value| json!({"TableName": "Tab", "ExclusiveStartKey": {"pk": value}}),
        ),
        expected("PutItem", "Item"),
        expected("DeleteItem", "Key"),
        expected("UpdateItem", "Key"),
        of(
            "Query",
            Place::Bare,
            move |value| json!({"TableName": "Tab", "KeyConditions": {"pk": condition(value)}}),
        ),
        of(
            "Query",
            Place::Bare,
            move |value| json!({"TableName": "Tab", "KeyConditions": {"pk": condition(&s("a"))}, "QueryFilter": {"a": condition(value)}}),
        ),
        of(
            "Scan",
            Place::Bare,
            move |value| json!({"TableName": "Tab", "ScanFilter": {"a": condition(value)}}),
        ),
    ]
}

#[test]
fn every_fault_of_a_value_is_worded_and_surrounded_as_its_place_has_it() {
    // rules 1, 3, 4, 6-11 with part D; messages-items 2, 6
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (operation, place, request) in places() {
        for (value, current, older, kind) in faults() {
            let request = request(&value);
            assert_eq!(
                db.invalid(operation, &request),
                place.message(&current, &older, kind),
                "{operation} {place:?} {request}"
            );
        }
    }
}

#[test]
fn a_value_of_attribute_updates_is_refused_with_the_prefix() {
    // rule 11; messages-items 2, 7: nothing at all is no value, which only a deletion may be without
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (value, current, older, kind) in faults().into_iter().filter(|(value, ..)| !value.is_null()) {
        for action in ["PUT", "ADD", "DELETE"] {
            let request = json!({"TableName": "Tab", "Key": {"pk": s("a")}, "AttributeUpdates": {"v": {"Action": action, "Value": value}}});
            assert_eq!(
                db.invalid("UpdateItem", &request),
                Place::Prefixed.message(&current, &older, kind),
                "{request}"
            );
        }
    }
}

#[test]
fn arithmetic_out_of_range_is_refused_bare() {
    // rule 47; messages-items 2
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&json!({"pk": s("a"), "huge": n("9e125"), "tiny": n("1.1e-130"), "wide": n("9".repeat(38))}));
    for (attribute, value, message) in [
        (
            "huge",
            "9e125",
            "Number overflow. Attempting to store a number with magnitude larger than supported range",
        ),
        (
            "tiny",
            "-1e-130",
            "Number underflow. Attempting to store a number with magnitude smaller than supported range",
        ),
        ("wide", "0.1", "Attempting to store more than 38 significant digits in a Number"),
    ] {
        for expression in [format!("ADD {attribute} :v"), format!("SET {attribute} = {attribute} + :v")] {
            let request = json!({
                "TableName": "Tab", "Key": {"pk": s("a")}, "UpdateExpression": expression, "ExpressionAttributeValues": {":v": n(value)},
            });
            assert_eq!(db.invalid("UpdateItem", &request), message, "{expression}");
        }
    }
}

#[test]
fn values_nested_too_deep_are_refused_wherever_they_stand() {
    // rule 17 with part D; messages-items 3
    const NESTING: &str = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
    let db = Db::holding(&Table::new(&["pk:S"]));
    let deep = |levels: usize| {
        (1..levels).fold(n(1), |inner, level| {
            if level % 2 == 0 {
                json!({"L": [inner]})
            } else {
                json!({"M": {"a": inner}})
            }
        })
    };
    for (operation, place, request) in places() {
        // Inside two levels more, a key that is no key, or compared with what is no container.
        for levels in [33, 62, 64, 70] {
            let prefixed = matches!(place, Place::Prefixed | Place::ValueOfWrite | Place::ValueOfUpdate) && levels < 64;
            let inside = if request(&Value::Null).pointer("/Item/v/M").is_some() {
                2
            } else {
                0
            };
            let lead = match place {
                Place::StartKey => "The provided starting key is invalid: ",
                _ if prefixed => P,
                _ => "",
            };
            let request = request(&deep(levels - inside));
            assert_eq!(
                db.invalid(operation, &request),
                format!("{lead}{NESTING}"),
                "{operation} {place:?} {levels}"
            );
        }
    }
}
