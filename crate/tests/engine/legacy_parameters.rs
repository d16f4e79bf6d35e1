//! The parameters from before there were expressions do what the expressions do, and are refused in their own words (rule 36,
//! messages-items 7).

use crate::database::{Db, INVALID, P, Table, all, b, in_table, n, s};
use serde_json::{Value, json};

fn sample() -> Value {
    json!({
        "pk": s("a"), "s": s("middle"), "n": n(5), "b": b(&[1, 2, 3]), "bool": {"BOOL": true}, "null": {"NULL": true},
        "ss": {"SS": ["x", "y"]}, "l": {"L": [n(1), s("x")]}, "m": {"M": {"k": n(1)}},
    })
}

fn with_values(operator: &str, values: &[Value]) -> Value {
    if values.is_empty() {
        json!({"ComparisonOperator": operator})
    } else {
        json!({"ComparisonOperator": operator, "AttributeValueList": values})
    }
}

/// Whether an item passes; asked of Expected on PutItem and DeleteItem and of `QueryFilter`, which must agree.
fn holds(conditions: &Value, conditional_operator: Option<&str>) -> bool {
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&sample());
    let mut request = in_table(&json!({}));
    if let Some(operator) = conditional_operator {
        request["ConditionalOperator"] = json!(operator);
    }
    let mut query = request.clone();
    query["KeyConditions"] = json!({"pk": with_values("EQ", &[s("a")])});
    query["QueryFilter"] = conditions.clone();
    let found = db.ok("Query", &query)["Count"] == 1;
    request["Expected"] = conditions.clone();
    for (operation, member, value) in [("PutItem", "Item", sample()), ("DeleteItem", "Key", json!({"pk": s("a")}))] {
        let mut request = request.clone();
        request[member] = value;
        let (status, reply) = db.ask(operation, &request);
        assert_eq!(status == 200, found, "{operation} {conditions}: {reply}");
        if !found {
            assert_eq!(reply["message"], "The conditional request failed", "{operation} {conditions}");
        }
    }
    assert_eq!(db.get(&json!({"pk": s("a")})).is_none(), found, "{conditions}: deleted if it holds");
    found
}

#[test]
fn every_comparison_operator_decides_as_its_expression_does() {
    for (attribute, operator, values, expected) in [
        ("n", "EQ", vec![n("5.0")], true),
        ("n", "EQ", vec![s("5")], false),
        ("ss", "EQ", vec![json!({"SS": ["y", "x"]})], true),
        ("m", "EQ", vec![json!({"M": {"k": n(1)}})], true),
        ("none", "EQ", vec![n(1)], false),
        ("n", "NE", vec![n(5)], false),
        ("n", "NE", vec![s("5")], true),
        ("none", "NE", vec![n(1)], true),
        ("n", "LT", vec![n(6)], true),
        ("n", "LT", vec![n(5)], false),
        ("n", "LE", vec![n(5)], true),
        ("s", "GT", vec![s("m")], true),
        ("b", "GE", vec![b(&[1, 2, 3])], true),
        ("b", "GT", vec![b(&[1, 2, 3])], false),
        ("none", "LT", vec![n(6)], false),
        ("n", "BETWEEN", vec![n(5), n(5)], true),
        ("n", "BETWEEN", vec![n(6), n(7)], false),
        ("s", "IN", vec![s("left"), s("middle")], true),
        ("s", "IN", vec![s("left"), n(1)], false),
        ("none", "NULL", vec![], true),
        ("null", "NULL", vec![], false),
        ("null", "NOT_NULL", vec![], true),
        ("none", "NOT_NULL", vec![], false),
        ("s", "CONTAINS", vec![s("dd")], true),
        ("ss", "CONTAINS", vec![s("x")], true),
        ("l", "CONTAINS", vec![n(1)], true),
        ("l", "CONTAINS", vec![n(2)], false),
        ("ss", "NOT_CONTAINS", vec![s("x")], false),
        ("ss", "NOT_CONTAINS", vec![s("z")], true),
        ("s", "BEGINS_WITH", vec![s("mid")], true),
        ("b", "BEGINS_WITH", vec![b(&[2])], false),
    ] {
        assert_eq!(
            holds(&json!({attribute: with_values(operator, &values)}), None),
            expected,
            "{attribute} {operator} {values:?}"
        );
    }
}

#[test]
fn conditions_are_joined_by_and_unless_or_is_asked_for() {
    let (yes, no) = (with_values("EQ", &[n(5)]), with_values("EQ", &[n(6)]));
    for (conditions, operator, expected) in [
        (
            json!({"n": yes, "none": with_values("NULL", &[]), "s": with_values("NOT_NULL", &[])}),
            None,
            true,
        ),
        (json!({"n": yes, "none": yes}), None, false),
        (json!({"n": yes, "none": yes}), Some("AND"), false),
        (json!({"n": yes, "none": yes, "s": no}), Some("OR"), true),
        (json!({"n": no, "none": yes, "s": no}), Some("OR"), false),
        (json!({}), None, true),
    ] {
        assert_eq!(holds(&conditions, operator), expected, "{conditions} {operator:?}");
    }
}

#[test]
fn thousands_of_conditions_are_no_burden() {
    let mut conditions = json!({});
    for at in 0..5_000 {
        conditions[format!("none{at}")] = with_values("NULL", &[]);
    }
    assert!(holds(&conditions, None));
    conditions["n"] = with_values("EQ", &[n(6)]);
    assert!(!holds(&conditions, None));
    assert!(holds(&conditions, Some("OR")));
}

#[test]
fn expected_knows_values_to_be_equal_to_and_attributes_to_be_absent() {
    let put = |expected: Value| {
        let db = Db::holding(&Table::new(&["pk:S"]));
        db.put(&sample());
        let request =
            json!({"TableName": "Tab", "Item": {"pk": s("a")}, "Expected": expected, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"});
        let (status, reply) = db.ask("PutItem", &request);
        if status == 400 {
            assert_eq!(reply["Item"], sample(), "{reply}");
        }
        status
    };
    assert_eq!(put(json!({"n": {"Value": n(5)}})), 200);
    assert_eq!(put(json!({"n": {"Value": n(6)}})), 400);
    assert_eq!(put(json!({"n": {"Exists": true, "Value": n(5)}, "s": {"Value": s("middle")}})), 200);
    assert_eq!(put(json!({"none": {"Exists": false}})), 200);
    assert_eq!(put(json!({"n": {"Exists": false}})), 400);
    // A boolean may be a word (messages-items 9).
    assert_eq!(
        put(json!({"n": {"Exists": "true", "Value": n(5)}, "none": {"Exists": "false"}})),
        200
    );
    assert_eq!(put(json!({"n": {"Exists": "false"}})), 400);
    assert_eq!(put(json!({"n": {"ComparisonOperator": "GT", "Value": n(4)}})), 200);
    assert_eq!(put(json!({"n": {"ComparisonOperator": "GT", "Value": n(5)}})), 400);
}

#[test]
fn key_conditions_read_what_the_expression_reads() {
    let table = Table::new(&["pk:S", "sk:S"]).gsi("gix", &["g:N"], &["sk:S"], &all());
    let db = Db::holding(&table);
    for sk in ["a", "ab", "b", "bc", "c"] {
        db.put(&json!({"pk": s("p"), "sk": s(sk), "g": n(1), "v": s(sk)}));
        db.put(&json!({"pk": s("q"), "sk": s(sk), "g": n(2), "v": s(sk)}));
    }
    let found = |index: Option<&str>, range: Option<Value>, others: &Value| {
        let mut request = json!({"KeyConditions": {"pk": with_values("EQ", &[s("p")])}});
        if let Some(index) = index {
            request["IndexName"] = json!(index);
            request["KeyConditions"] = json!({"g": with_values("EQ", &[n("1.0")])});
        }
        if let Some(range) = range {
            request["KeyConditions"]["sk"] = range;
        }
        request.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        let sk = |item: &Value| item["sk"]["S"].as_str().unwrap().to_owned();
        db.items(&request).iter().map(sk).collect::<Vec<_>>().join(" ")
    };
    for index in [None, Some("gix")] {
        for (range, expected) in [
            (None, "a ab b bc c"),
            (Some(with_values("EQ", &[s("b")])), "b"),
            (Some(with_values("LT", &[s("b")])), "a ab"),
            (Some(with_values("LE", &[s("b")])), "a ab b"),
            (Some(with_values("GT", &[s("b")])), "bc c"),
            (Some(with_values("GE", &[s("b")])), "b bc c"),
            (Some(with_values("BEGINS_WITH", &[s("a")])), "a ab"),
            (Some(with_values("BETWEEN", &[s("ab"), s("bc")])), "ab b bc"),
        ] {
            assert_eq!(found(index, range, &json!({})), expected);
        }
        let filter = json!({"QueryFilter": {"v": with_values("GE", &[s("b")])}, "AttributesToGet": ["sk"], "ScanIndexForward": false});
        assert_eq!(found(index, None, &filter), "c bc b");
    }
}

/// The message of a Query with these `KeyConditions` and other members.
fn query_refused(conditions: &Value, others: &Value) -> String {
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    let mut request = in_table(others);
    request["KeyConditions"] = conditions.clone();
    db.invalid("Query", &request)
}

#[test]
fn key_conditions_that_cannot_be_are_refused() {
    let pk = with_values("EQ", &[s("a")]);
    for (conditions, message) in [
        (
            json!({"sk": with_values("EQ", &[n(1)])}),
            "Query condition missed key schema element: pk".to_owned(),
        ),
        (
            json!({"pk": pk, "x": with_values("EQ", &[n(1)])}),
            "Query condition missed key schema element: sk".to_owned(),
        ),
        (
            json!({"pk": with_values("GT", &[s("a")])}),
            "Query key condition not supported".to_owned(),
        ),
        (
            json!({"pk": with_values("EQ", &[n(1)])}),
            format!("{INVALID}Condition parameter type does not match schema type"),
        ),
        (
            json!({"pk": pk, "sk": with_values("BETWEEN", &[n(1)])}),
            format!("{INVALID}Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
        ),
        (
            json!({"pk": with_values("EQ", &[])}),
            format!("{INVALID}Invalid number of argument(s) for the EQ ComparisonOperator"),
        ),
        (
            json!({"pk": pk, "sk": with_values("BEGINS_WITH", &[n(1)])}),
            format!("{INVALID}ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
        ),
        (
            json!({"pk": pk, "sk": with_values("BETWEEN", &[n(1), s("2")])}),
            format!("{INVALID}AttributeValues inside AttributeValueList must be of same type"),
        ),
        (
            json!({"pk": pk, "sk": with_values("BETWEEN", &[n(2), n(1)])}),
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound".to_owned(),
        ),
        (
            json!({"pk": pk, "sk": {"AttributeValueList": [n(1)]}}),
            format!("{P}Value null at 'keyConditions.sk.member.comparisonOperator' failed to satisfy constraint: Member must not be null"),
        ),
        // the reference server, for want of a rule
        (
            json!({"pk": with_values("LIKE", &[s("a")])}),
            format!("{INVALID}Invalid comparison operator"),
        ),
        (
            json!({}),
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.".to_owned(),
        ),
        (
            json!({"pk": with_values("EQ", &[n("x")])}),
            "The parameter cannot be converted to a numeric value: x".to_owned(),
        ),
    ] {
        assert_eq!(query_refused(&conditions, &json!({})), message, "{conditions}");
    }
    for (operator, values) in [
        ("NE", vec![n(1)]),
        ("IN", vec![n(1)]),
        ("CONTAINS", vec![n(1)]),
        ("NULL", vec![]),
        ("NOT_NULL", vec![]),
    ] {
        let conditions = json!({"pk": pk, "sk": with_values(operator, &values)});
        assert_eq!(
            query_refused(&conditions, &json!({})),
            "Attempted conditional constraint is not an indexable operation",
            "{operator}"
        );
    }
    let once = query_refused(
        &json!({"pk": pk, "sk": with_values("EQ", &[n(1)])}),
        &json!({"ExclusiveStartKey": {"pk": s("a"), "sk": n(1)}}),
    );
    assert_eq!(once, "The query can return at most one row and cannot be restarted");
}

#[test]
fn a_conditional_operator_wants_two_conditions_to_join() {
    let alone = "ConditionalOperator cannot be used without Filter or Expected";
    let one = "ConditionalOperator can only be used when Filter or Expected has two or more elements";
    let pk = json!({"pk": with_values("EQ", &[s("a")])});
    assert_eq!(query_refused(&pk, &json!({"ConditionalOperator": "OR"})), alone);
    let filter = json!({"ConditionalOperator": "OR", "QueryFilter": {"x": with_values("NULL", &[])}});
    assert_eq!(query_refused(&pk, &filter), one);
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (operation, member) in [("PutItem", "Item"), ("DeleteItem", "Key")] {
        let mut request = json!({"TableName": "Tab", member: {"pk": s("a")}, "ConditionalOperator": "AND"});
        assert_eq!(db.invalid(operation, &request), format!("{P}{alone}"), "{operation}");
        request["Expected"] = json!({"x": {"Exists": false}});
        assert_eq!(db.invalid(operation, &request), format!("{P}{one}"), "{operation}");
    }
}

#[test]
fn words_of_legacy_parameters_are_refused_where_they_are_read() {
    // part C: the reference server's texts, for want of a rule; after the number of conditions
    let joined = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
    let compared = format!("{INVALID}Invalid comparison operator");
    let pk = json!({"pk": with_values("EQ", &[s("a")])});
    let two = json!({"x": with_values("NULL", &[]), "y": with_values("NULL", &[])});
    let unknown = json!({"x": with_values("LIKE", &[s("a")])});
    assert_eq!(
        query_refused(&pk, &json!({"QueryFilter": two, "ConditionalOperator": "XOR"})),
        joined
    );
    assert_eq!(query_refused(&pk, &json!({"QueryFilter": unknown})), compared);
    let db = Db::holding(&Table::new(&["pk:S"]));
    assert_eq!(
        db.invalid("Scan", &in_table(&json!({"ScanFilter": two, "ConditionalOperator": "XOR"}))),
        joined
    );
    for (operation, member) in [("PutItem", "Item"), ("DeleteItem", "Key"), ("UpdateItem", "Key")] {
        let write = |expected: &Value| json!({"TableName": "Tab", member: {"pk": s("a")}, "Expected": expected});
        let mut xor = write(&two);
        xor["ConditionalOperator"] = json!("XOR");
        assert_eq!(db.invalid(operation, &xor), format!("{P}{joined}"), "{operation}");
        assert_eq!(db.invalid(operation, &write(&unknown)), format!("{P}{compared}"), "{operation}");
    }
}

#[test]
fn a_query_filter_on_a_key_is_refused_by_its_own_name() {
    // messages-items 6
    let pk = json!({"pk": with_values("EQ", &[s("a")])});
    let filter = json!({"QueryFilter": {"sk": with_values("EQ", &[n(1)]), "a": with_values("EQ", &[n(1)])}});
    assert_eq!(
        query_refused(&pk, &filter),
        "QueryFilter can only contain non-primary key attributes: Primary key attribute: sk"
    );
}

#[test]
fn members_of_expected_that_do_not_go_together_are_refused() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (element, message) in [
        (json!({}), "Value must be provided when Exists is null for Attribute: a"),
        (
            json!({"Exists": true}),
            "Value must be provided when Exists is true for Attribute: a",
        ),
        (
            json!({"Exists": false, "Value": n(1)}),
            "Value cannot be used when Exists is false for Attribute: a",
        ),
        (
            json!({"ComparisonOperator": "EQ", "Value": n(1), "AttributeValueList": [n(1)]}),
            "Value and AttributeValueList cannot be used together for Attribute: a",
        ),
        (
            json!({"ComparisonOperator": "EQ"}),
            "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
        ),
        (
            json!({"ComparisonOperator": "EQ", "Exists": true, "Value": n(1)}),
            "Exists and ComparisonOperator cannot be used together for Attribute: a",
        ),
        (
            json!({"AttributeValueList": [n(1)]}),
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a",
        ),
        (
            with_values("BETWEEN", &[n(1)]),
            "Invalid number of argument(s) for the BETWEEN ComparisonOperator",
        ),
        (
            with_values("NULL", &[n(1)]),
            "Invalid number of argument(s) for the NULL ComparisonOperator",
        ),
        (
            with_values("LT", &[json!({"SS": ["x"]})]),
            "ComparisonOperator LT is not valid for SS AttributeValue type",
        ),
        (json!({"Value": {"SS": []}}), "An string set  may not be empty"),
    ] {
        for (operation, member) in [("PutItem", "Item"), ("DeleteItem", "Key")] {
            let request = json!({"TableName": "Tab", member: {"pk": s("a")}, "Expected": {"a": element}});
            assert_eq!(
                db.invalid(operation, &request),
                format!("{P}{INVALID}{message}"),
                "{operation} {element}"
            );
        }
    }
    assert_eq!(db.get(&json!({"pk": s("a")})), None);
}

#[test]
fn faults_of_values_keep_the_surroundings_they_have_elsewhere() {
    // rule 11, messages-items 1, 2
    let db = Db::holding(&Table::new(&["pk:S"]));
    let two_types = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    let serialization = "Base64 encoded length is expected a multiple of 4 bytes but found: 3";
    let filter = |value: &Value| json!({"TableName": "Tab", "ScanFilter": {"a": with_values("EQ", std::slice::from_ref(value))}});
    let expected = |value: &Value| json!({"TableName": "Tab", "Item": {"pk": s("a")}, "Expected": {"a": {"Value": value}}});
    for (value, name, on_write, on_read) in [
        (
            json!({"S": "x", "N": "1"}),
            "ValidationException",
            two_types.to_owned(),
            two_types.to_owned(),
        ),
        (
            json!({"B": "AAA"}),
            "SerializationException",
            serialization.to_owned(),
            serialization.to_owned(),
        ),
        (
            json!({"NULL": false}),
            "ValidationException",
            format!("{P}{INVALID}Null attribute value types must have the value of true"),
            format!("{INVALID}Null attribute value types must have the value of true"),
        ),
    ] {
        assert_eq!(db.fails("PutItem", &expected(&value)), (name.to_owned(), on_write), "{value}");
        assert_eq!(db.fails("Scan", &filter(&value)), (name.to_owned(), on_read), "{value}");
    }
}

#[test]
fn legacy_parameters_and_expressions_do_not_mix() {
    // rule 36
    let db = Db::holding(&Table::new(&["pk:S"]));
    let text = "Can not use both expression and non-expression parameters in the same request: Non-expression parameters:";
    let request = json!({
        "TableName": "Tab", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": s("a")},
        "AttributesToGet": ["x"], "QueryFilter": {"x": with_values("NULL", &[])},
    });
    assert_eq!(
        db.invalid("Query", &request),
        format!("{text} {{AttributesToGet, QueryFilter}} Expression parameters: {{KeyConditionExpression}}")
    );
    for (operation, member) in [("PutItem", "Item"), ("DeleteItem", "Key")] {
        let request = json!({
            "TableName": "Tab", member: {"pk": s("a")}, "Expected": {"x": {"Exists": false}}, "ConditionExpression": "attribute_exists(pk)",
        });
        assert_eq!(
            db.invalid(operation, &request),
            format!("{P}{text} {{Expected}} Expression parameters: {{ConditionExpression}}")
        );
    }
}

#[test]
fn an_attributes_last_condition_counts() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let body = |first: &str, last: &str| {
        format!(
            r#"{{"TableName":"Tab","Item":{{"pk":{{"S":"a"}}}},"Expected":{{"x":{{"Exists":{first}}},"pk":{{"Exists":{first}}},"pk":{{"Exists":{last}}}}}}}"#
        )
    };
    db.ok("PutItem", &json!({"TableName": "Tab", "Item": {"pk": s("a")}}));
    let send = |body: String| db.send("DynamoDB_20120810.PutItem", body.as_bytes()).0;
    assert_eq!(send(body("false", "false")), 400);
    assert_eq!(send(body("false", r#"false,"Value":null"#)), 400);
    assert_eq!(send(body("false", r#"true,"Value":{"S":"a"}"#)), 200);
}
