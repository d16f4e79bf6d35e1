//! Which items a Query finds and in which order: every key operator on tables and indexes, keys of every type and of many attributes
//! (rule 55, A1).

use crate::database::{Db, INVALID, NOT_VALID, Table, all, b, keys_only, n, s};
use serde_json::{Value, json};

/// A Query with a key condition and its values.
fn request(condition: &str, values: &Value) -> Value {
    json!({"KeyConditionExpression": condition, "ExpressionAttributeValues": values})
}

/// The attribute `id` of what a Query finds, in its order.
fn ids(db: &Db, request: &Value) -> Vec<i64> {
    let id = |item: &Value| item["id"]["N"].as_str().unwrap().parse().unwrap();
    db.items(request).iter().map(id).collect()
}

/// Values in ascending order of a key of each type.
fn ascending(key_type: &str) -> Vec<Value> {
    match key_type {
        "S" => [
            "\0",
            "\0\0",
            "\0a",
            "\u{1}",
            "\u{1}\u{1}",
            "\u{2}",
            " ",
            "A",
            "AB",
            "B",
            "a",
            "aa",
            "b",
            "~",
            "é",
            "\u{ffff}",
            "😀",
        ]
        .map(s)
        .to_vec(),
        "N" => [
            "-1e125",
            "-123456789012345678901234567890",
            "-100",
            "-99.5",
            "-10",
            "-1.5",
            "-1",
            "-0.5",
            "-1e-130",
            "0",
            "1e-130",
            "0.05",
            "0.5",
            "1",
            "1.5",
            "2",
            "9",
            "10",
            "10.5",
            "99",
            "100",
            "1e30",
            "9.9e125",
        ]
        .map(n)
        .to_vec(),
        _ => [
            &[0][..],
            &[0, 0],
            &[0, 1],
            &[1],
            &[1, 0],
            &[2],
            &[127],
            &[128],
            &[128, 255],
            &[255],
            &[255, 0],
            &[255, 255],
        ]
        .map(b)
        .to_vec(),
    }
}

/// A table whose items have the keys `pk` = "p" and `sk` in ascending order, numbered by `id`, put in a scrambled order.
fn ordered_table(key_type: &str) -> (Db, Vec<Value>) {
    let keys = ascending(key_type);
    let sk = format!("sk:{key_type}");
    let ordered = format!("o:{key_type}");
    let table = Table::new(&["pk:S", &sk])
        .gsi("byO", &["g:N"], &[&ordered], &all())
        .lsi("byL", &format!("l:{key_type}"), &all());
    let db = Db::holding(&table);
    for step in 0..keys.len() {
        let at = step * 7 % keys.len();
        let key = &keys[at];
        db.put(&json!({"pk": s("p"), "sk": key, "g": n(7), "o": key, "l": key, "id": n(at)}));
        db.put(&json!({"pk": s("other"), "sk": key, "g": n(8), "o": key, "l": key, "id": n(1000 + at)}));
    }
    (db, keys)
}

#[test]
fn every_operator_reads_its_range_of_every_key_type_on_table_and_indexes_both_ways() {
    for key_type in ["S", "N", "B"] {
        let (db, keys) = ordered_table(key_type);
        for (index, hash, range) in [(None, "pk = :p", "sk"), (Some("byO"), "g = :p", "o"), (Some("byL"), "pk = :p", "l")] {
            let p = if index == Some("byO") { n(7) } else { s("p") };
            let last = i64::try_from(keys.len()).unwrap();
            let check = |condition: &str, values: Value, expected: Vec<i64>| {
                let mut values = values;
                values[":p"] = p.clone();
                let condition = if condition.is_empty() {
                    hash.to_owned()
                } else {
                    format!("{hash} AND {}", condition.replace('$', range))
                };
                let mut request = request(&condition, &values);
                if let Some(index) = index {
                    request["IndexName"] = json!(index);
                }
                assert_eq!(ids(&db, &request), expected, "{key_type} {index:?} {request}");
                request["ScanIndexForward"] = json!(false);
                assert_eq!(
                    ids(&db, &request),
                    expected.into_iter().rev().collect::<Vec<_>>(),
                    "{key_type} {index:?} {request}"
                );
            };
            check("", json!({}), (0..last).collect());
            for at in [0, 1, last / 2, last - 2, last - 1] {
                let v = json!({":v": keys[usize::try_from(at).unwrap()]});
                check("$ = :v", v.clone(), vec![at]);
                check("$ < :v", v.clone(), (0..at).collect());
                check("$ <= :v", v.clone(), (0..=at).collect());
                check("$ > :v", v.clone(), (at + 1..last).collect());
                check("$ >= :v", v.clone(), (at..last).collect());
                // Operands may stand either way round.
                check(":v < $", v, (at + 1..last).collect());
                let v = json!({":v": keys[1], ":w": keys[usize::try_from(at.max(1)).unwrap()]});
                check("$ BETWEEN :v AND :w", v, (1..=at.max(1)).collect());
            }
            if key_type == "N" {
                continue;
            }
            for (at, prefix) in keys.iter().enumerate() {
                let starts = |key: &Value| {
                    let (key, prefix) = (raw(key), raw(prefix));
                    key.starts_with(&prefix)
                };
                let expected = keys
                    .iter()
                    .enumerate()
                    .filter(|(_, key)| starts(key))
                    .map(|(id, _)| i64::try_from(id).unwrap());
                check("begins_with($, :v)", json!({":v": keys[at]}), expected.collect());
            }
        }
    }
}

/// The bytes of a string or binary.
fn raw(value: &Value) -> Vec<u8> {
    use base64::Engine as _;
    match value["S"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => base64::engine::general_purpose::STANDARD
            .decode(value["B"].as_str().unwrap())
            .unwrap(),
    }
}

#[test]
fn a_sort_key_between_equal_bounds_is_that_key() {
    let (db, keys) = ordered_table("N");
    let values = json!({":p": s("p"), ":v": keys[3]});
    assert_eq!(ids(&db, &request("pk = :p AND sk BETWEEN :v AND :v", &values)), [3]);
    assert_eq!(ids(&db, &request("sk = :v AND pk = :p", &values)), [3], "clauses in any order");
}

/// Values of four RANGE attributes.
type RangeKey = (Value, Value, Value, Value);

#[test]
fn many_attribute_keys_order_by_their_range_attributes_from_left_to_right() {
    // A1
    let table = Table::new(&["pk:S"]).gsi("many", &["h1:S", "h2:N", "h3:B"], &["r1:N", "r2:S", "r3:B", "r4:N"], &all());
    let db = Db::holding(&table);
    let (numbers, texts, binaries) = (["-2", "0", "10"], ["", "a", "a\0", "b"], [&[0u8][..], &[0, 0], &[255]]);
    let mut expected = Vec::new();
    for r1 in numbers {
        for r2 in &texts[1..] {
            for r3 in binaries {
                for r4 in numbers {
                    expected.push((n(r1), s(*r2), b(r3), n(r4)));
                }
            }
        }
    }
    let hash = |item: &mut Value, h1: &str| {
        item["h1"] = s(h1);
        item["h2"] = n(5);
        item["h3"] = b(b"x");
    };
    for step in 0..expected.len() {
        let id = step * 37 % expected.len();
        let (r1, r2, r3, r4) = &expected[id];
        let mut item = json!({"pk": s(format!("i{id}")), "id": n(id), "r1": r1, "r2": r2, "r3": r3, "r4": r4});
        hash(&mut item, "here");
        db.put(&item);
        hash(&mut item, "her");
        item["pk"] = s(format!("o{id}"));
        db.put(&item);
    }
    // An item that lacks one of the attributes has no entry.
    let mut lacking = json!({"pk": s("lacking"), "id": n(-1), "r1": n(0), "r2": s("a"), "r3": b(&[0])});
    hash(&mut lacking, "here");
    db.put(&lacking);

    let filtered = |condition: &str, values: Value, keep: &dyn Fn(&RangeKey) -> bool| {
        let mut values = values;
        for (name, value) in [(":h1", s("here")), (":h2", n(5)), (":h3", b(b"x"))] {
            values[name] = value;
        }
        let mut request = request(&format!("h1 = :h1 AND h2 = :h2 AND h3 = :h3{condition}"), &values);
        request["IndexName"] = json!("many");
        let wanted: Vec<i64> = expected
            .iter()
            .enumerate()
            .filter(|(_, key)| keep(key))
            .map(|(id, _)| i64::try_from(id).unwrap())
            .collect();
        assert_eq!(ids(&db, &request), wanted, "{condition}");
        request["ScanIndexForward"] = json!(false);
        assert_eq!(ids(&db, &request), wanted.into_iter().rev().collect::<Vec<_>>(), "{condition}");
    };
    let number = |value: &Value| value["N"].as_str().unwrap().parse::<f64>().unwrap();
    filtered("", json!({}), &|_| true);
    filtered(" AND r1 = :a", json!({":a": n(0)}), &|key| key.0 == n(0));
    filtered(" AND r1 > :a", json!({":a": n(-2)}), &|key| number(&key.0) > -2.0);
    filtered(" AND r1 BETWEEN :a AND :b", json!({":a": n(-5), ":b": n(0)}), &|key| {
        number(&key.0) <= 0.0
    });
    filtered(" AND r1 = :a AND begins_with(r2, :b)", json!({":a": n(10), ":b": s("a")}), &|key| {
        key.0 == n(10) && key.1["S"].as_str().unwrap().starts_with('a')
    });
    filtered(" AND r2 = :b AND r1 = :a", json!({":a": n(10), ":b": s("a")}), &|key| {
        key.0 == n(10) && key.1 == s("a")
    });
    filtered(
        " AND r1 = :a AND r2 = :b AND r3 >= :c",
        json!({":a": n(0), ":b": s("a\0"), ":c": b(&[0, 0])}),
        &|key| key.0 == n(0) && key.1 == s("a\0") && raw(&key.2) >= vec![0, 0],
    );
    filtered(
        " AND r1 = :a AND r2 = :b AND r3 = :c AND r4 < :d",
        json!({":a": n(0), ":b": s("b"), ":c": b(&[0]), ":d": n(10)}),
        &|key| key.0 == n(0) && key.1 == s("b") && key.2 == b(&[0]) && number(&key.3) < 10.0,
    );
}

#[test]
fn many_attribute_keys_want_equality_on_every_hash_attribute_and_no_gap() {
    // A1, messages-items 6
    let table = Table::new(&["pk:S"]).gsi("many", &["t:S", "r:S"], &["a:S", "b:S", "c:S"], &all());
    let db = Db::holding(&table);
    let refused = |condition: &str| {
        let mut request = request(condition, &json!({}));
        let values = request["ExpressionAttributeValues"].as_object_mut().unwrap();
        for name in ["t", "r", "a", "b", "c"] {
            if condition.contains(&format!(":{name}")) {
                values.insert(format!(":{name}"), s("x"));
            }
        }
        request["IndexName"] = json!("many");
        request["TableName"] = json!("Tab");
        db.invalid("Query", &request)
    };
    let equality = "must have equality conditions specified in the query";
    assert_eq!(refused("t = :t"), format!("HASH key attributes r {equality}"));
    assert_eq!(refused("a = :a"), format!("HASH key attributes t, r {equality}"));
    assert_eq!(refused("t > :t AND r = :r"), format!("HASH key attributes t {equality}"));
    let because = |key| format!("{equality} because a condition is present on key attribute {key}");
    assert_eq!(
        refused("t = :t AND r = :r AND c = :c"),
        format!("RANGE key attributes a, b {}", because("c"))
    );
    assert_eq!(
        refused("t = :t AND r = :r AND a = :a AND c = :c"),
        format!("RANGE key attributes b {}", because("c"))
    );
    assert_eq!(
        refused("t = :t AND r = :r AND a > :a AND b = :b"),
        format!("RANGE key attributes a {}", because("b"))
    );
}

#[test]
fn key_conditions_that_do_not_fit_the_keys_are_refused_in_the_words_of_the_service() {
    // rule 55, messages-items 6
    let table = Table::new(&["pk:S", "sk:N"]).gsi("hashOnly", &["g:S"], &[], &keys_only());
    let db = Db::holding(&table);
    let bad_operator =
        |operator: &str| format!("Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: {operator}");
    for (condition, values, message) in [
        (
            "sk = :n",
            json!({":n": n(1)}),
            "Query condition missed key schema element: pk".to_owned(),
        ),
        (
            "pk = :s AND x = :n",
            json!({":s": s("a"), ":n": n(1)}),
            "Query condition missed key schema element: sk".to_owned(),
        ),
        (
            "pk = :s AND sk = :n AND x = :n",
            json!({":s": s("a"), ":n": n(1)}),
            "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)".to_owned(),
        ),
        ("pk > :s", json!({":s": s("a")}), "Query key condition not supported".to_owned()),
        (
            "begins_with(pk, :s)",
            json!({":s": s("a")}),
            "Query key condition not supported".to_owned(),
        ),
        (
            "pk = :n",
            json!({":n": n(1)}),
            format!("{INVALID}Condition parameter type does not match schema type"),
        ),
        (
            "pk = :s AND sk > :s",
            json!({":s": s("a")}),
            format!("{INVALID}Condition parameter type does not match schema type"),
        ),
        (
            "pk = :s AND pk = :t",
            json!({":s": s("a"), ":t": s("b")}),
            "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key".to_owned(),
        ),
        (
            "pk.x = :s",
            json!({":s": s("a")}),
            "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes".to_owned(),
        ),
        ("pk = :s OR sk = :n", json!({":s": s("a"), ":n": n(1)}), bad_operator("OR")),
        ("pk = :s AND sk <> :n", json!({":s": s("a"), ":n": n(1)}), bad_operator("<>")),
        ("pk = :s AND sk IN (:n)", json!({":s": s("a"), ":n": n(1)}), bad_operator("IN")),
        (
            "pk = :s AND sk BETWEEN :n AND :m",
            json!({":s": s("a"), ":n": n(2), ":m": n(1)}),
            "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
             lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"
                .to_owned(),
        ),
        // rule 19: the rules stand where the reference server is lax
        (
            "pk = :s",
            json!({":s": s("")}),
            format!("{NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"),
        ),
        // rule 18
        (
            "pk = :s",
            json!({":s": s("x".repeat(2049))}),
            format!("{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"),
        ),
    ] {
        let request = crate::database::in_table(&request(condition, &values));
        assert_eq!(db.invalid("Query", &request), message, "{condition}");
    }
    let mut hash_only = crate::database::in_table(&request("g = :s AND x = :s", &json!({":s": s("a")})));
    hash_only["IndexName"] = json!("hashOnly");
    assert_eq!(
        db.invalid("Query", &hash_only),
        "The number of query conditions (2) exceeds the number of key attributes defined in the schema (1)"
    );
    let none = "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.";
    assert_eq!(db.invalid("Query", &json!({"TableName": "Tab"})), none);
}

#[test]
fn an_index_holds_exactly_the_items_that_have_its_keys() {
    let table = Table::new(&["pk:S"]).gsi("gix", &["a:S"], &["b:N"], &keys_only());
    let db = Db::holding(&table);
    let found = || {
        let mut request = request("a = :a", &json!({":a": s("x")}));
        request["IndexName"] = json!("gix");
        db.items(&request)
    };
    db.put(&json!({"pk": s("1"), "a": s("x")}));
    assert!(found().is_empty(), "one of two keys");
    db.put(&json!({"pk": s("1"), "a": s("x"), "b": n(1), "c": n(1)}));
    assert_eq!(found(), [json!({"pk": s("1"), "a": s("x"), "b": n(1)})], "the keys, and no more");
    db.put(&json!({"pk": s("1"), "a": s("x"), "b": n("2.0")}));
    assert_eq!(found(), [json!({"pk": s("1"), "a": s("x"), "b": n(2)})], "moved");
    db.put(&json!({"pk": s("1"), "b": n(2)}));
    assert!(found().is_empty(), "gone with its key");
    db.put(&json!({"pk": s("1"), "a": s("x"), "b": n(2)}));
    db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s("1")}}));
    assert!(found().is_empty(), "gone with the item");
}

#[test]
fn a_query_of_an_index_that_is_not_there_says_so() {
    // messages-items 6
    let db = Db::holding(&Table::new(&["pk:S"]));
    let mut request = crate::database::in_table(&request("pk = :a", &json!({":a": s("x")})));
    request["IndexName"] = json!("nonexist");
    assert_eq!(
        db.invalid("Query", &request),
        "The table does not have the specified index: nonexist"
    );
}
