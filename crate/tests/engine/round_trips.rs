//! What is put is what is got: every type of value, in the form the service gives it back.

use crate::database::{Db, Table, b, n, s};
use serde_json::{Value, json};

fn kept(db: &Db, value: &Value) -> Value {
    db.put(&json!({"pk": s("a"), "v": value}));
    db.get(&json!({"pk": s("a")})).unwrap()["v"].clone()
}

#[test]
fn a_value_of_every_type_comes_back_as_it_went() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    let mut values = vec![
        s(""),
        s("plain"),
        s("quote \" backslash \\ slash / tab \t newline \n return \r nul \0 unit \u{1f} delete \u{7f}"),
        s("ä€😀\u{10ffff}\u{2028}"),
        n(0),
        n(-1),
        n("12345678901234567890123456789012345678"),
        n("-0.00000000001"),
        b(&[]),
        b(&[0, 1, 2, 254, 255]),
        json!({"BOOL": true}),
        json!({"BOOL": false}),
        json!({"NULL": true}),
        json!({"SS": ["a", "b", ""]}),
        json!({"NS": ["-1", "0", "2.5"]}),
        json!({"BS": ["", "AA==", "AQ=="]}),
        json!({"L": []}),
        json!({"M": {}}),
        json!({"L": [{"N": "1"}, {"L": [{"NULL": true}]}, {"M": {"x": {"SS": ["one"]}}}, {"N": "1"}]}),
        json!({"M": {"a": {"L": []}, "": {"S": "x"}}}),
        json!({"S": "x".repeat(400_000)}),
    ];
    // An attribute may not be named "" (messages-items 2), so not in maps either.
    values.retain(|value| value["M"].get("").is_none());
    for value in values {
        let mut expected = value.clone();
        for set in ["SS", "NS", "BS"] {
            if let Some(members) = expected.get_mut(set).and_then(Value::as_array_mut) {
                // Sets have no order; the engine keeps strings and binaries by their bytes and numbers by their value.
                if set == "SS" {
                    members.sort_by_key(ToString::to_string);
                }
            }
        }
        assert_eq!(kept(&db, &value), expected);
    }
}

#[test]
fn numbers_come_back_expanded_and_without_ornament() {
    // rules 1, 2
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (given, kept_as) in [
        ("+1", "1"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.e5", "100000"),
        ("00042", "42"),
        ("1.500", "1.5"),
        ("-0", "0"),
        ("-0.0e10", "0"),
        ("0e125", "0"),
        ("1E3", "1000"),
        ("1e-3", "0.001"),
        ("-12.340E-2", "-0.1234"),
    ] {
        assert_eq!(kept(&db, &n(given)), n(kept_as), "{given}");
    }
    let largest = format!("{}{}", "9".repeat(38), "0".repeat(88));
    assert_eq!(kept(&db, &n("9.9999999999999999999999999999999999999e125")), n(&largest));
    assert_eq!(kept(&db, &n("1e-130")), n(format!("0.{}1", "0".repeat(129))));
    assert_eq!(kept(&db, &json!({"NS": ["1.0", "+2", "-3e0"]})), json!({"NS": ["-3", "1", "2"]}));
}

#[test]
fn keys_of_every_type_find_their_item_whatever_way_they_are_written() {
    for (hash, range, key, same) in [
        (
            "pk:S",
            "sk:N",
            json!({"pk": s("\0é"), "sk": n("1.0")}),
            json!({"pk": s("\0é"), "sk": n("1e0")}),
        ),
        (
            "pk:N",
            "sk:B",
            json!({"pk": n("-0.5"), "sk": b(&[0, 255])}),
            json!({"pk": n("-.50"), "sk": b(&[0, 255])}),
        ),
        (
            "pk:B",
            "sk:S",
            json!({"pk": b(&[1]), "sk": s("\u{1}")}),
            json!({"pk": b(&[1]), "sk": s("\u{1}")}),
        ),
    ] {
        let db = Db::holding(&Table::new(&[hash, range]));
        db.put(&key);
        let got = db.get(&same).unwrap_or_else(|| panic!("{same} finds nothing"));
        assert_eq!(db.get(&got), Some(got.clone()));
        db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": same}));
        assert_eq!(db.get(&key), None);
    }
}

#[test]
fn a_put_replaces_the_whole_item() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&json!({"pk": s("a"), "old": n(1)}));
    db.put(&json!({"pk": s("a"), "new": n(2)}));
    assert_eq!(db.get(&json!({"pk": s("a")})), Some(json!({"pk": s("a"), "new": n(2)})));
}

#[test]
fn a_get_of_nothing_is_an_empty_reply_and_a_projection_of_nothing_an_empty_item() {
    // rule 48
    let db = Db::holding(&Table::new(&["pk:S"]));
    assert_eq!(db.ok("GetItem", &json!({"TableName": "Tab", "Key": {"pk": s("a")}})), json!({}));
    db.put(&json!({"pk": s("a")}));
    let request = json!({"TableName": "Tab", "Key": {"pk": s("a")}, "ProjectionExpression": "nothing"});
    assert_eq!(db.ok("GetItem", &request), json!({"Item": {}}));
    let request = json!({"TableName": "Tab", "Key": {"pk": s("b")}, "ProjectionExpression": "nothing"});
    assert_eq!(db.ok("GetItem", &request), json!({}));
}

#[test]
fn a_projection_shows_what_it_names_and_packs_list_elements() {
    // rules 49, 50
    let db = Db::holding(&Table::new(&["pk:S"]));
    db.put(&json!({"pk": s("a"), "l": {"L": [n(0), n(1), n(2)]}, "m": {"M": {"x": n(1), "y": n(2), "z": n(3)}}, "o": n(9)}));
    let get = |projection: &str| {
        let request = json!({"TableName": "Tab", "Key": {"pk": s("a")}, "ProjectionExpression": projection, "ConsistentRead": true});
        db.ok("GetItem", &request)["Item"].clone()
    };
    assert_eq!(
        get("l[2], l[0], m.z, m.x"),
        json!({"l": {"L": [n(0), n(2)]}, "m": {"M": {"x": n(1), "z": n(3)}}})
    );
    let request = json!({"TableName": "Tab", "Key": {"pk": s("a")}, "AttributesToGet": ["o"]});
    assert_eq!(db.ok("GetItem", &request), json!({"Item": {"o": n(9)}}), "the keys are not added");
}

#[test]
fn an_item_of_409600_bytes_fits_and_one_byte_more_does_not() {
    // rules 13, 14
    let db = Db::holding(&Table::new(&["pk:S"]));
    let item = |bytes: usize| json!({"pk": s("k"), "v": s("x".repeat(bytes - 4))});
    db.put(&item(409_600));
    assert_eq!(db.get(&json!({"pk": s("k")})), Some(item(409_600)));
    let message = db.invalid("PutItem", &json!({"TableName": "Tab", "Item": item(409_601)}));
    assert_eq!(message, "Item size has exceeded the maximum allowed size");
}

#[test]
fn values_that_are_none_are_refused_in_the_words_of_the_service() {
    // rules 1, 3, 6-11; messages-items 2
    use crate::database::{INVALID, P};
    let db = Db::holding(&Table::new(&["pk:S"]));
    for (value, message) in [
        (n("abc"), format!("{P}The parameter cannot be converted to a numeric value: abc")),
        (n(""), format!("{P}The parameter cannot be converted to a numeric value: ")),
        (
            n("1e126"),
            format!("{P}Number overflow. Attempting to store a number with magnitude larger than supported range"),
        ),
        (
            n("1e-131"),
            format!("{P}Number underflow. Attempting to store a number with magnitude smaller than supported range"),
        ),
        (
            n("1".repeat(39)),
            format!("{P}Attempting to store more than 38 significant digits in a Number"),
        ),
        (
            json!({"NS": ["1", "1.0"]}),
            format!("{P}{INVALID}Input collection contains duplicates."),
        ),
        (
            json!({"SS": ["b", "a", "b"]}),
            format!("{P}{INVALID}Input collection [\"a\", \"b\", \"b\"] contains duplicates."),
        ),
        (
            json!({"BS": ["AQ==", "AA==", "AQ=="]}),
            format!("{P}{INVALID}Input collection [\"AA==\",\"AQ==\",\"AQ==\"]of type BS contains duplicates."),
        ),
        (json!({"SS": []}), format!("{P}{INVALID}An string set  may not be empty")),
        (
            json!({"NULL": false}),
            format!("{P}{INVALID}Null attribute value types must have the value of true"),
        ),
        (
            json!({"S": "a", "N": "1"}),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes".to_owned(),
        ),
        (
            json!({}),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".to_owned(),
        ),
        (json!({"M": {"": n(1)}}), format!("{P}Empty attribute name")),
    ] {
        let request = json!({"TableName": "Tab", "Item": {"pk": s("a"), "v": value}});
        assert_eq!(db.invalid("PutItem", &request), message, "{value}");
    }
}

#[test]
fn values_nest_32_levels_and_no_deeper() {
    // rule 17
    use crate::database::P;
    let db = Db::holding(&Table::new(&["pk:S"]));
    let nested = |levels: usize| (1..levels).fold(s("x"), |inner, _| json!({"L": [inner]}));
    assert_eq!(kept(&db, &nested(32)), nested(32));
    let text = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
    let refused = |levels| db.invalid("PutItem", &json!({"TableName": "Tab", "Item": {"pk": s("a"), "v": nested(levels)}}));
    assert_eq!(refused(33), format!("{P}{text}"));
    assert_eq!(refused(64), text);
}
