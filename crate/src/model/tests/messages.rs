//! What is wrong with a value, in the service's words (messages of rules 3 to 11), for both validation layers.

use crate::model::json::Document;
use crate::model::{AttributeValue, Item, Layer, ValueError, ValueWrapper};

const OPMV: &str = "One or more parameter values were invalid: ";

fn error(text: &str, layer: Layer) -> ValueError {
    let document = Document::parse(text.as_bytes()).unwrap();
    AttributeValue::from_json(document.root(), layer).unwrap_err()
}

fn current(text: &str) -> String {
    error(text, Layer::Current).to_string()
}

fn older(text: &str) -> String {
    error(text, Layer::Older).to_string()
}

#[test]
fn numbers() {
    // rules 1, 3, 4
    let not_numeric = "The parameter cannot be converted to a numeric value";
    assert_eq!(current(r#"{"N":"abc"}"#), format!("{not_numeric}: abc"));
    assert_eq!(current(r#"{"N":""}"#), format!("{not_numeric}: "));
    assert_eq!(older(r#"{"N":""}"#), not_numeric);
    assert_eq!(older(r#"{"NS":["1","1e2147483648"]}"#), format!("{not_numeric}: 1e2147483648"));
    let overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    assert_eq!(current(r#"{"L":[{"N":"1e126"}]}"#), overflow);
    assert_eq!(older(r#"{"M":{"a":{"N":"1e126"}}}"#), overflow);
}

#[test]
fn duplicates() {
    // rules 6, 7
    let strings = r#"{"SS":["b","a","b"]}"#;
    assert_eq!(
        current(strings),
        format!("{OPMV}Input collection [\"a\", \"b\", \"b\"] contains duplicates.")
    );
    assert_eq!(older(strings), format!("{OPMV}Input collection [b, a, b] contains duplicates."));
    let binaries = r#"{"BS":["AQ==","AA==","AQ=="]}"#;
    assert_eq!(
        current(binaries),
        format!("{OPMV}Input collection [\"AA==\",\"AQ==\",\"AQ==\"]of type BS contains duplicates.")
    );
    assert_eq!(
        older(binaries),
        format!("{OPMV}Input collection [AQ==, AA==, AQ==]of type BS contains duplicates.")
    );
    let numbers = r#"{"NS":["1","2","1.0"]}"#;
    assert_eq!(current(numbers), format!("{OPMV}Input collection contains duplicates."));
    assert_eq!(older(numbers), "Input collection contains duplicates");
}

#[test]
fn members_are_sorted_up_to_the_first_repeat_only() {
    // rule 7
    assert_eq!(
        current(r#"{"SS":["d","b","c","b","z","a","z"]}"#),
        format!("{OPMV}Input collection [\"b\", \"c\", \"d\", \"b\", \"z\", \"a\", \"z\"] contains duplicates.")
    );
}

#[test]
fn empty_sets_and_null_false() {
    // rules 8, 9
    assert_eq!(current(r#"{"SS":[]}"#), format!("{OPMV}An string set  may not be empty"));
    assert_eq!(older(r#"{"NS":[]}"#), format!("{OPMV}An number set  may not be empty"));
    assert_eq!(current(r#"{"BS":[]}"#), format!("{OPMV}Binary sets should not be empty"));
    for null in [r#"{"NULL":false}"#, r#"{"NULL":"false"}"#] {
        assert_eq!(
            current(null),
            format!("{OPMV}Null attribute value types must have the value of true")
        );
    }
}

#[test]
fn number_of_types() {
    // rule 10
    let several = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    let none = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    assert_eq!(current(r#"{"S":"a","N":"abc"}"#), several);
    for empty in ["{}", r#"{"X":"a"}"#, r#"{"S":null}"#, "null", r#"{"L":[{}]}"#] {
        assert_eq!(current(empty), none, "{empty}");
    }
}

#[test]
fn empty_names_at_the_top_and_below() {
    for text in [r#"{"":{"S":"a"}}"#, r#"{"a":{"M":{"":{"S":"a"}}}}"#] {
        let document = Document::parse(text.as_bytes()).unwrap();
        let error = Item::from_json(document.root(), Layer::Current).unwrap_err();
        assert_eq!(error.to_string(), "Empty attribute name");
        assert!(error.takes_prefix());
    }
}

#[test]
fn booleans_may_be_words() {
    // messages-items 9
    let read = |text: &str| AttributeValue::from_json(Document::parse(text.as_bytes()).unwrap().root(), Layer::Current);
    assert_eq!(read(r#"{"BOOL":"true"}"#), Ok(AttributeValue::Bool(true)));
    assert_eq!(read(r#"{"BOOL":"false"}"#), Ok(AttributeValue::Bool(false)));
    assert_eq!(read(r#"{"NULL":"true"}"#), Ok(AttributeValue::Null));
}

#[test]
fn base64() {
    let cases = [
        (
            r#"{"B":"AAA"}"#,
            "Base64 encoded length is expected a multiple of 4 bytes but found: 3",
        ),
        (r#"{"B":"AAB="}"#, "Invalid last non-pad Base64 character dectected"),
        (r#"{"BS":["AB=="]}"#, "Invalid last non-pad Base64 character dectected"),
        (r#"{"B":"A*AA"}"#, "Invalid base 64 character: '*'"),
        (r#"{"B":"A==="}"#, "Invalid base 64 character: '='"),
        (r#"{"B":"AA==AAAA"}"#, "Invalid base 64 character: '='"),
        (r#"{"B":"-_AA"}"#, "Invalid base 64 character: '-'"),
    ];
    for (text, expected) in cases {
        let error = error(text, Layer::Current);
        assert_eq!(error.to_string(), expected, "{text}");
        assert!(error.is_serialization() && !error.takes_prefix());
    }
}

#[test]
fn values_of_the_wrong_json_kind_are_malformed() {
    for text in [
        "1",
        "[]",
        r#"{"S":1}"#,
        r#"{"N":1}"#,
        r#"{"BOOL":"yes"}"#,
        r#"{"SS":"a"}"#,
        r#"{"SS":[1]}"#,
        r#"{"L":{}}"#,
        r#"{"M":[]}"#,
    ] {
        assert_eq!(error(text, Layer::Current), ValueError::Malformed, "{text}");
    }
}

#[test]
fn what_surrounds_an_error_depends_on_the_error() {
    // part D on 10, 11
    let cases = [
        (r#"{"N":"abc"}"#, true, ValueWrapper::Never),
        (r#"{"SS":["a","a"]}"#, true, ValueWrapper::Never),
        (r#"{"NULL":false}"#, true, ValueWrapper::Never),
        (r#"{"SS":[]}"#, true, ValueWrapper::Always),
        (r#"{"NS":[]}"#, true, ValueWrapper::Always),
        (r#"{"BS":[]}"#, true, ValueWrapper::Always),
        (r#"{"S":"a","N":"1"}"#, false, ValueWrapper::UpdateItem),
        ("{}", false, ValueWrapper::Query),
    ];
    for (text, prefix, wrapper) in cases {
        let error = error(text, Layer::Current);
        assert_eq!((error.takes_prefix(), error.wrapper()), (prefix, wrapper), "{text}");
        assert!(!error.is_serialization());
    }
}
