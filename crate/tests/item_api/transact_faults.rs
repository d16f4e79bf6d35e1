//! What TransactWriteItems refuses before it begins, and in which words and order.

use crate::database::{Db, NOT_VALID, P, Table, all, n, s};
use serde_json::{Value, json};

fn tables() -> Db {
    let db = Db::new();
    db.create(&Table::named("One", &["pk:S"]).gsi("global", &["g:S"], &[], &all()));
    db
}

fn put(item: &Value) -> Value {
    json!({"Put": {"TableName": "One", "Item": item}})
}

fn one() -> Value {
    put(&json!({"pk": s("a")}))
}

/// The action `kind` with these members beside the table's name.
fn action(kind: &str, members: &Value) -> Value {
    let mut action = json!({ kind: members });
    action[kind]["TableName"] = json!("One");
    action
}

fn update(expression: &str, values: Option<Value>) -> Value {
    let mut update = json!({"Key": {"pk": s("u")}, "UpdateExpression": expression});
    if let Some(values) = values {
        update["ExpressionAttributeValues"] = values;
    }
    action("Update", &update)
}

fn refused(actions: &[Value]) -> String {
    tables().invalid("TransactWriteItems", &json!({ "TransactItems": actions }))
}

#[test]
fn a_list_has_between_one_and_a_hundred_elements_of_one_action_each() {
    // rules 74, 79, 80; messages-tables 15-19
    assert_eq!(
        tables().invalid("TransactWriteItems", &json!({})),
        "missing field `TransactItems` at line 1 column 2"
    );
    assert_eq!(
        refused(&[]),
        format!("{P}Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
    );
    let many: Vec<Value> = (0..101).map(|at| put(&json!({"pk": s(at.to_string())}))).collect();
    let message = refused(&many);
    assert!(message.starts_with(&format!("{P}Value '[TransactWriteItem(")), "{message}");
    assert!(
        message.ends_with("' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100"),
        "{message}"
    );
    // Both beat the constraints of other actions.
    let short_name = json!({"Put": {"TableName": "ab", "Item": {"pk": s("a")}}});
    let none = "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request";
    assert_eq!(refused(&[json!({})]), none);
    assert_eq!(refused(&[short_name.clone(), json!({"Put": null})]), none);
    let mut both = one();
    both["Delete"] = json!({"TableName": "One", "Key": {"pk": s("b")}});
    assert_eq!(
        refused(&[short_name, both]),
        "TransactItems can only contain one of Check, Put, Update or Delete"
    );
}

#[test]
fn members_that_must_be_there_are_missed_by_name() {
    // messages-tables 24
    for (kind, members, missing) in [
        ("Put", json!({}), "Item"),
        ("Delete", json!({}), "Key"),
        ("Update", json!({"Key": {"pk": s("a")}}), "UpdateExpression"),
        ("ConditionCheck", json!({"Key": {"pk": s("a")}}), "ConditionExpression"),
    ] {
        let message = refused(&[action(kind, &members)]);
        assert!(
            message.starts_with(&format!("missing field `{missing}` at line 1 column ")),
            "{message}"
        );
    }
    let message = refused(&[json!({"Put": {"Item": {"pk": s("a")}}})]);
    assert!(message.starts_with("missing field `TableName` at line 1 column "), "{message}");
}

#[test]
fn constraints_are_gathered_with_the_place_of_the_action() {
    // rules 79, 81, 84; messages-tables 22, 26-30
    let table = |name: &str| json!({"Put": {"TableName": name, "Item": {"pk": s("a")}}});
    let at = "failed to satisfy constraint: Member must";
    assert_eq!(
        refused(&[one(), table("ab")]),
        format!("{P}Value 'ab' at 'transactItems.2.member.put.tableName' {at} have length greater than or equal to 3")
    );
    assert_eq!(
        refused(&[table("")]),
        format!(
            "2 validation errors detected: Value '' at 'transactItems.1.member.put.tableName' {at} have length greater than or equal to 3; \
             Value '' at 'transactItems.1.member.put.tableName' {at} satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        )
    );
    assert_eq!(
        refused(&[action(
            "Put",
            &json!({"Item": {"pk": s("a")}, "ReturnValuesOnConditionCheckFailure": "X"})
        )]),
        format!(
            "{P}Value 'X' at 'transactItems.1.member.put.returnValuesOnConditionCheckFailure' {at} satisfy enum value set: [ALL_OLD, NONE]"
        )
    );
    let token = "x".repeat(37);
    let request = json!({
        "TransactItems": [one()], "ClientRequestToken": token, "ReturnConsumedCapacity": "X", "ReturnItemCollectionMetrics": "Y"
    });
    assert_eq!(
        tables().invalid("TransactWriteItems", &request),
        format!(
            "3 validation errors detected: Value '{token}' at 'clientRequestToken' {at} have length less than or equal to 36; \
             Value 'X' at 'returnConsumedCapacity' {at} satisfy enum value set: [INDEXES, TOTAL, NONE]; \
             Value 'Y' at 'returnItemCollectionMetrics' {at} satisfy enum value set: [SIZE, NONE]"
        )
    );
    let twelve: Vec<Value> = (0..12).map(|_| table("ab")).collect();
    assert!(refused(&twelve).starts_with("10 validation errors detected: "), "rule 81");
}

#[test]
fn expressions_are_refused_without_a_prefix() {
    // rules 24, 26-29
    let conditional = |condition: &str, values: Value| {
        action(
            "Put",
            &json!({"Item": {"pk": s("a")}, "ConditionExpression": condition, "ExpressionAttributeValues": values}),
        )
    };
    for (action, message) in [
        (
            conditional("a = ", Value::Null),
            "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"",
        ),
        (
            conditional("a = :v", Value::Null),
            "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v",
        ),
        (
            conditional("a = :v", json!({":v": n(1), ":w": n(1)})),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}",
        ),
        (
            conditional("", json!({":w": n(1)})),
            "Invalid ConditionExpression: The expression can not be empty;",
        ),
        (
            update("SET x = ", None),
            "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"=\"",
        ),
        (update("", None), "Invalid UpdateExpression: The expression can not be empty;"),
        (
            action("ConditionCheck", &json!({"Key": {"pk": s("a")}, "ConditionExpression": ""})),
            "Invalid ConditionExpression: The expression can not be empty;",
        ),
        (
            action("Put", &json!({"Item": {"pk": s("a")}, "ExpressionAttributeValues": {":v": n(1)}})),
            "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
        ),
        (
            action("Delete", &json!({"Key": {"pk": s("a")}, "ExpressionAttributeNames": {"#a": "a"}})),
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
    ] {
        assert_eq!(refused(&[action]), message);
    }
}

#[test]
fn values_are_the_older_layers_and_bare() {
    // rules 4, 7, 17; messages-items section 2
    let set_to = |value: Value| update("SET v = :v", Some(json!({":v": value})));
    for (action, message) in [
        (
            put(&json!({"pk": s("a"), "v": {"N": "x"}})),
            "The parameter cannot be converted to a numeric value: x",
        ),
        (
            put(&json!({"pk": s("a"), "v": {"N": ""}})),
            "The parameter cannot be converted to a numeric value",
        ),
        (set_to(json!({"N": "x"})), "The parameter cannot be converted to a numeric value: x"),
        (set_to(json!({"NS": ["1", "1.0"]})), "Input collection contains duplicates"),
        (
            set_to(json!({"SS": ["b", "a", "b"]})),
            "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.",
        ),
        (
            set_to(json!({"SS": []})),
            "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty \
             for key :v",
        ),
        (
            put(&json!({"pk": s("a"), "v": {"S": "a", "N": "1"}})),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        ),
    ] {
        assert_eq!(refused(&[action]), message);
    }
}

#[test]
fn the_faults_of_one_action_come_before_the_next_and_in_their_order() {
    // rule 79
    let deep = (0..40).fold(n(1), |inner, _| json!({"L": [inner]}));
    let levels = "Nesting Levels have exceeded supported limits";
    let large = s("x".repeat(410_000));
    let faults = |item: Value, condition: &str, values: Value| {
        action(
            "Put",
            &json!({"Item": item, "ConditionExpression": condition, "ExpressionAttributeValues": values}),
        )
    };
    let syntax = "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"";
    let unused = "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}";
    // Syntax, then size, then what is unused, then levels and names.
    let everything = json!({"pk": s("a"), "large": large, "deep": deep});
    assert_eq!(refused(&[faults(everything, "a =", json!({":w": n(1)}))]), syntax);
    let large = json!({"pk": s("a"), "large": large});
    assert_eq!(
        refused(&[faults(large, "attribute_exists(pk)", json!({":w": n(1)}))]),
        "Item size has exceeded the maximum allowed size"
    );
    let deep = json!({"pk": s("a"), "deep": deep});
    assert_eq!(
        refused(&[faults(deep.clone(), "attribute_exists(pk)", json!({":w": n(1)}))]),
        unused
    );
    let message = refused(&[put(&deep)]);
    assert!(message.contains(levels), "{message}");
    let unnamed = json!({"pk": s("a"), "": n(1)});
    assert_eq!(
        refused(&[faults(unnamed.clone(), "attribute_exists(pk)", json!({":w": n(1)}))]),
        unused
    );
    assert_eq!(refused(&[put(&unnamed)]), "Empty attribute name");
    // One action after the other, all before the tables, those before two actions on one item, and that before wrong keys.
    assert_eq!(
        refused(&[put(&unnamed), faults(deep, "a =", json!({":w": n(1)}))]),
        "Empty attribute name"
    );
    let absent = json!({"Put": {"TableName": "Absent", "Item": {"pk": s("a")}}});
    assert_eq!(refused(&[absent.clone(), put(&unnamed)]), "Empty attribute name");
    let (name, message) = tables().fails("TransactWriteItems", &json!({"TransactItems": [one(), one(), absent]}));
    assert_eq!(
        (name.as_str(), message.as_str()),
        ("ResourceNotFoundException", "Requested resource not found")
    );
    assert_eq!(
        refused(&[put(&json!({"pk": s("")})), one(), one()]),
        "Transaction request cannot include multiple operations on one item"
    );
}

#[test]
fn empty_keys_and_changes_of_the_key_are_refused_at_the_door() {
    // rules 19, 45, 77; messages-items section 1
    let empty_key = format!("{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: pk");
    assert_eq!(refused(&[put(&json!({"pk": s("")}))]), empty_key);
    assert_eq!(refused(&[action("Delete", &json!({"Key": {"pk": s("")}}))]), empty_key);
    assert_eq!(
        refused(&[put(&json!({"pk": s("a"), "g": s("")}))]),
        format!(
            "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot \
             contain an empty string value. IndexName: global, IndexKey: g"
        )
    );
    assert_eq!(
        refused(&[update("SET g = :v", Some(json!({":v": s("")})))]),
        format!(
            "{NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. The \
             AttributeValue for a key attribute cannot contain an empty string value."
        )
    );
    assert_eq!(
        refused(&[update("SET pk = :v", Some(json!({":v": s("b")})))]),
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
    );
}

#[test]
fn more_than_4_mb_are_not_written_in_one_transaction() {
    // rule 74; messages-tables 25
    let items = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|at| put(&json!({"pk": s(at.to_string()), "v": s("x".repeat(400_000))})))
            .collect()
    };
    let too_large = "Collection size of items exceeded, which can also be caused by the aggregate size of the items in the transaction \
                     exceeding the 4MB limit";
    assert_eq!(refused(&items(11)), too_large);
    tables().ok("TransactWriteItems", &json!({"TransactItems": items(10)}));
    // To the byte; of names and key there are 5.
    let of_size = |at: usize, size: usize| put(&json!({"pk": s(format!("{at:02}")), "v": s("x".repeat(size - 5))}));
    let mut sized: Vec<Value> = (0..10).map(|at| of_size(at, 409_600)).collect();
    let rest = (4 << 20) - 10 * 409_600;
    sized.push(of_size(10, rest + 1));
    assert_eq!(refused(&sized), too_large);
    sized[10] = of_size(10, rest);
    tables().ok("TransactWriteItems", &json!({ "TransactItems": sized }));
}

#[test]
fn an_update_in_a_transaction_is_measured_by_the_finished_item_only() {
    // rule 16
    let db = tables();
    let clauses: Vec<String> = (0..150).map(|at| format!("a{at} = :v")).collect();
    let expression = format!("SET {}", clauses.join(", "));
    let key = json!({"pk": s("u")});
    let values = json!({":v": s("x".repeat(2710))});
    let members = json!({"TableName": "One", "Key": key, "UpdateExpression": expression, "ExpressionAttributeValues": values});
    assert_eq!(
        db.invalid("UpdateItem", &members),
        "Item size to update has exceeded the maximum allowed size"
    );
    db.ok("TransactWriteItems", &json!({"TransactItems": [{"Update": members}]}));
}
