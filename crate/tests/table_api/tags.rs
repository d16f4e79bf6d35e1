//! TagResource, UntagResource, ListTagsOfResource.

use crate::database::{Db, Table};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:dynamodb:eu-west-2:000000000000:table/Tab";

fn tags(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

fn tag(db: &Db, pairs: &[(&str, &str)]) {
    let request = json!({"ResourceArn": ARN, "Tags": tags(pairs)});
    // Rule 95: the reply has no body.
    assert_eq!(
        db.send("DynamoDB_20120810.TagResource", request.to_string().as_bytes()),
        (200, String::new())
    );
}

fn listed(db: &Db) -> Value {
    db.ok("ListTagsOfResource", &json!({ "ResourceArn": ARN }))
}

#[test]
fn tags_are_set_replaced_listed_and_removed() {
    // rule 95
    let db = Db::holding(&Table::new(&["pk:S"]).with("Tags", tags(&[("made", "with the table")])));
    assert_eq!(listed(&db), json!({"Tags": tags(&[("made", "with the table")])}));
    tag(&db, &[("a", "1"), ("b", "")]);
    tag(&db, &[("a", "2"), ("c", "3")]);
    assert_eq!(
        listed(&db),
        json!({"Tags": tags(&[("a", "2"), ("b", ""), ("c", "3"), ("made", "with the table")])})
    );
    let request = json!({"ResourceArn": ARN, "TagKeys": ["a", "made", "absent"]});
    assert_eq!(
        db.send("DynamoDB_20120810.UntagResource", request.to_string().as_bytes()),
        (200, String::new())
    );
    assert_eq!(listed(&db), json!({"Tags": tags(&[("b", ""), ("c", "3")])}));
}

#[test]
fn the_resource_is_a_tables_arn_that_is_there() {
    // rule 95; messages-tables 61, 62, 62a
    let db = Db::new();
    let one = tags(&[("a", "b")]);
    for (operation, member, value) in [
        ("TagResource", "Tags", one),
        ("UntagResource", "TagKeys", json!(["a"])),
        ("ListTagsOfResource", "NextToken", Value::Null),
    ] {
        let with = |arn: &Value| json!({"ResourceArn": arn, member: value});
        for arn in [Value::Null, json!("")] {
            assert_eq!(db.invalid(operation, &with(&arn)), "Invalid TableArn", "{operation}");
        }
        assert_eq!(
            db.invalid(operation, &with(&json!("foo"))),
            "One or more parameter values were invalid: ARNs must start with 'arn:': foo"
        );
        for arn in ["arn:aws:s3:::bucket", "arn:aws:dynamodb:eu-west-2:000000000000:table/Tab/index/i"] {
            assert_eq!(
                db.invalid(operation, &with(&json!(arn))),
                format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}")
            );
        }
        for arn in [ARN, "arn:aws:dynamodb:eu-west-2:123456789012:table/Tab"] {
            let (status, body) = db.ask(operation, &with(&json!(arn)));
            let expected = if operation == "ListTagsOfResource" {
                json!({
                    "__type": "com.amazon.coral.service#AccessDeniedException",
                    "message": format!(
                        "User: arn:aws:iam::000000000000:root is not authorized to perform: dynamodb:ListTagsOfResource on resource: {arn}"
                    )
                })
            } else {
                json!({
                    "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
                    "message": format!("Requested resource not found: ResourcArn: {arn} not found")
                })
            };
            assert_eq!((status, body), (400, expected));
        }
    }
}

#[test]
fn tags_that_break_a_rule_are_refused_and_none_of_the_request_is_applied() {
    // rule 95; messages-tables 63-67, 69
    let db = Db::holding(&Table::new(&["pk:S"]));
    let long_key = "k".repeat(129);
    let long_value = "v".repeat(257);
    let mut cases: Vec<(Value, String)> = vec![
        (Value::Null, "Atleast one Tag needs to be provided as Input.".into()),
        (json!([]), "Atleast one Tag needs to be provided as Input.".into()),
        (tags(&[("good", "1"), ("", "v")]), "The Tag Key provided is invalid, Key: ".into()),
        (
            json!([{"Key": "good", "Value": "1"}, {"Key": "k"}]),
            "The Tag Value provided is invalid, Value: null".into(),
        ),
        (
            tags(&[("good", "1"), ("dup", "1"), ("dup", "2")]),
            "Duplicate Tag Keys provided as input: Duplicate Tag Key found dup".into(),
        ),
        (
            tags(&[("good", "1"), ("aws:zzz", "1")]),
            "Tag Key cannot be prefixed with aws:, Key: aws:zzz".into(),
        ),
    ];
    cases.push((
        tags(&[("good", "1"), (&long_key, "v")]),
        format!("The Tag Key provided is invalid, Key: {long_key}"),
    ));
    cases.push((
        tags(&[("good", "1"), ("k", &long_value)]),
        format!("The Tag Value provided is invalid, Value: {long_value}"),
    ));
    for (tags, message) in cases {
        assert_eq!(db.invalid("TagResource", &json!({"ResourceArn": ARN, "Tags": tags})), message);
        assert_eq!(listed(&db), json!({"Tags": []}));
    }
    for keys in [Value::Null, json!([])] {
        assert_eq!(
            db.invalid("UntagResource", &json!({"ResourceArn": ARN, "TagKeys": keys})),
            "Atleast one Tag Key needs to be provided as Input."
        );
    }
    let many: Vec<String> = (0..51).map(|at| format!("k{at}")).collect();
    let too_many = "Number of Tags exceed the current limit for the provided ResourceArn";
    assert_eq!(db.invalid("UntagResource", &json!({"ResourceArn": ARN, "TagKeys": many})), too_many);
    let fifty: Vec<(&str, &str)> = many.iter().take(50).map(|key| (key.as_str(), "v")).collect();
    tag(&db, &fifty);
    tag(&db, &fifty[..2]);
    assert_eq!(
        db.invalid("TagResource", &json!({"ResourceArn": ARN, "Tags": tags(&[("one more", "v")])})),
        too_many
    );
    assert_eq!(listed(&db)["Tags"].as_array().unwrap().len(), 50);
}

#[test]
fn tags_go_with_their_table() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    tag(&db, &[("a", "1")]);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    db.create(&Table::new(&["pk:S"]));
    assert_eq!(listed(&db), json!({"Tags": []}));
}

#[test]
fn tags_that_are_being_changed_are_left_alone_until_that_is_done() {
    // rule 95; messages-tables 68
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]));
    db.clock.advance(1000);
    let set = |pairs: &[(&str, &str)]| json!({"ResourceArn": ARN, "Tags": tags(pairs)});
    let remove = |key: &str| json!({"ResourceArn": ARN, "TagKeys": [key]});
    let locked = |operation: &str, request: &Value| {
        let refusal = (
            "LimitExceededException".into(),
            "Subscriber limit exceeded: Table tags are being updated: Tab".into(),
        );
        assert_eq!(db.fails(operation, request), refusal, "{request}");
    };
    let done = |operation: &str, request: &Value| {
        let target = format!("DynamoDB_20120810.{operation}");
        assert_eq!(db.send(&target, request.to_string().as_bytes()), (200, String::new()), "{request}");
    };
    tag(&db, &[("a", "1")]);
    db.clock.advance(1699);
    locked("TagResource", &set(&[("b", "1")]));
    locked("TagResource", &set(&[("a", "2")]));
    locked("UntagResource", &remove("absent"));
    assert_eq!(
        db.fails("DeleteTable", &json!({"TableName": "Tab"})),
        (
            "ResourceInUseException".into(),
            "Attempt to change a resource which is still in use: Table tags are being updated: Tab".into()
        )
    );
    // Reading is not kept waiting, nor what sets what is being set.
    assert_eq!(listed(&db), json!({"Tags": tags(&[("a", "1")])}));
    done("TagResource", &set(&[("a", "1")]));
    db.clock.advance(1);
    // What changes nothing holds nobody up.
    done("TagResource", &set(&[("a", "1")]));
    done("UntagResource", &remove("absent"));
    done("UntagResource", &remove("a"));
    locked("TagResource", &set(&[("a", "1")]));
    locked("UntagResource", &remove("absent"));
    db.clock.advance(1700);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
}

#[test]
fn where_tables_take_no_time_tags_take_none_either() {
    // rule 95; messages-tables 68
    let db = Db::holding(&Table::new(&["pk:S"]));
    tag(&db, &[("a", "1")]);
    tag(&db, &[("b", "1")]);
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
}
