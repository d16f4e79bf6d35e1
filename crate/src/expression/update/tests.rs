//! Rules 16 and 37-47.

use crate::expression::{Placeholders, UpdateError, Updated, parse_update};
use crate::model::{AttributeValue, Item, Number};

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(text: &str) -> AttributeValue {
    AttributeValue::N(Number::parse(text).unwrap())
}

fn map<const N: usize>(members: [(&str, AttributeValue); N]) -> Item {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn strings(members: &[&str]) -> AttributeValue {
    AttributeValue::string_set(members.iter().map(|&member| member.to_owned()).collect())
}

fn numbers(members: &[&str]) -> AttributeValue {
    AttributeValue::number_set(members.iter().map(|member| Number::parse(member).unwrap()).collect())
}

fn binaries(members: &[u8]) -> AttributeValue {
    AttributeValue::binary_set(members.iter().map(|&member| vec![member]).collect())
}

fn letters(letters: &str) -> AttributeValue {
    AttributeValue::L(letters.chars().map(|letter| text(&letter.to_string())).collect())
}

fn item() -> Item {
    map([
        ("pk", text("key")),
        ("n", number("5")),
        ("ss", strings(&["x", "y"])),
        ("ns", numbers(&["1", "2"])),
        ("bs", binaries(&[1, 2])),
        ("l", letters("abcd")),
        ("m", AttributeValue::M(map([("n", number("1")), ("l", letters("ab"))]))),
    ])
}

fn placeholders() -> Placeholders {
    let values = [
        (":v", text("v")),
        (":w", text("w")),
        (":n", number("2")),
        (":big", number(&"9".repeat(38))),
        (":max", number("9e125")),
        (":xy", strings(&["x", "y"])),
        (":yz", strings(&["y", "z"])),
        (":23", numbers(&["2.0", "3"])),
        (":bytes", binaries(&[2, 3])),
        (":l", letters("z")),
    ];
    Placeholders::new(None, Some(values.map(|(key, value)| (key.to_owned(), value)).to_vec())).unwrap()
}

fn updated(expression: &str) -> Result<Updated, UpdateError> {
    parse_update(expression, &placeholders()).unwrap().apply(&item())
}

/// The attribute after the update.
#[track_caller]
fn after(expression: &str, attribute: &str) -> Option<AttributeValue> {
    updated(expression).unwrap().item.get(attribute).cloned()
}

#[test]
fn right_sides_read_the_item_as_it_was() {
    // Rule 37.
    let updated = updated("SET n = m.n, m.n = n, copy1 = n REMOVE ss").unwrap().item;
    assert_eq!(updated.get("n"), Some(&number("1")));
    assert_eq!(
        updated.get("m"),
        Some(&AttributeValue::M(map([("n", number("5")), ("l", letters("ab"))])))
    );
    assert_eq!(updated.get("copy1"), Some(&number("5")));
    assert_eq!(updated.get("ss"), None);
}

#[test]
fn indexes_past_the_end_append_in_index_order_and_never_pad() {
    // Rule 38.
    assert_eq!(after("SET l[9] = :w, l[7] = :v, l[0] = :v", "l"), Some(letters("vbcdvw")));
    for past in ["4", "4294967294"] {
        assert_eq!(after(&format!("SET l[{past}] = :v"), "l"), Some(letters("abcdv")));
    }
}

#[test]
fn removed_elements_shift_the_rest_after_all_indexes_are_used() {
    // Rule 39.
    assert_eq!(after("REMOVE l[0], l[2], l[8]", "l"), Some(letters("bd")));
    assert_eq!(after("REMOVE l[0] SET l[1] = :v, l[9] = :w", "l"), Some(letters("vcdw")));
    // The place an element is appended to is no element to remove.
    assert_eq!(after("REMOVE l[4] SET l[9] = :v", "l"), Some(letters("abcdv")));
}

#[test]
fn a_path_needs_its_parent() {
    // Rule 40.
    for expression in [
        "SET nope.a = :v",
        "SET n.a = :v",
        "SET m[0] = :v",
        "SET l.a = :v",
        "SET l[9].a = :v",
        "REMOVE nope.a",
        "REMOVE l[9][0]",
        "ADD nope.a :n",
        "DELETE nope.a :xy",
    ] {
        let error = updated(expression).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The document path provided in the update expression is invalid for update",
            "{expression}"
        );
    }
    assert_eq!(updated("REMOVE nope, m.nope, l[9] DELETE m.other1 :xy").unwrap().item, item());
}

#[test]
fn arithmetic_needs_numbers_that_are_there() {
    assert_eq!(after("SET n = n + :n", "n"), Some(number("7")));
    assert_eq!(after("SET n = (:n - n)", "n"), Some(number("-3")));
    assert_eq!(after("SET a1 = if_not_exists(a1, :n) + :n", "a1"), Some(number("4")));
    assert_eq!(
        updated("SET a1 = pk + :n").unwrap_err().to_string(),
        "An operand in the update expression has an incorrect data type"
    );
    for expression in ["SET a1 = nope", "SET n = n + nope", "SET a1 = list_append(nope, :l)"] {
        let error = updated(expression).unwrap_err().to_string();
        assert_eq!(
            error,
            "The provided expression refers to an attribute that does not exist in the item"
        );
    }
}

#[test]
fn arithmetic_out_of_range_has_the_number_texts() {
    // Rule 47; without the prefix.
    assert_eq!(
        updated("SET n = :big + :max").unwrap_err().to_string(),
        "Attempting to store more than 38 significant digits in a Number"
    );
    let overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    assert_eq!(updated("SET n = :max + :max").unwrap_err().to_string(), overflow);
}

#[test]
fn functions_of_set_give_values() {
    assert_eq!(after("SET n = if_not_exists(n, :v)", "n"), Some(number("5")));
    assert_eq!(after("SET a1 = if_not_exists(a1, l[0])", "a1"), Some(text("a")));
    assert_eq!(
        after("SET l = list_append(:l, list_append(l, if_not_exists(nope, :l)))", "l"),
        Some(letters("zabcdz"))
    );
    assert_eq!(updated("SET l = list_append(l, n)").unwrap_err(), UpdateError::OperandType);
}

#[test]
fn add_counts_up_from_nothing_and_joins_sets() {
    // Rule 43.
    assert_eq!(after("ADD n :n", "n"), Some(number("7")));
    assert_eq!(after("ADD fresh1 :n", "fresh1"), Some(number("2")));
    assert_eq!(after("ADD ss :yz", "ss"), Some(strings(&["x", "y", "z"])));
    assert_eq!(after("ADD ns :23", "ns"), Some(numbers(&["1", "2", "3"])));
    assert_eq!(after("ADD bs :bytes", "bs"), Some(binaries(&[1, 2, 3])));
    assert_eq!(after("ADD fresh1 :yz", "fresh1"), Some(strings(&["y", "z"])));
    assert_eq!(
        after("ADD m.count1 :n", "m"),
        Some(AttributeValue::M(map([
            ("n", number("1")),
            ("count1", number("2")),
            ("l", letters("ab"))
        ])))
    );
    for expression in ["ADD ss :n", "ADD n :xy", "ADD pk :n", "ADD ss :23", "ADD ns :bytes"] {
        assert_eq!(updated(expression).unwrap_err(), UpdateError::OperandType);
    }
}

#[test]
fn delete_takes_members_out_and_the_last_one_takes_the_set() {
    // Rule 42.
    assert_eq!(after("DELETE ss :yz", "ss"), Some(strings(&["x"])));
    assert_eq!(after("DELETE ns :23", "ns"), Some(numbers(&["1"])));
    assert_eq!(after("DELETE bs :bytes", "bs"), Some(binaries(&[1])));
    assert_eq!(after("DELETE ss :xy", "ss"), None);
    assert_eq!(after("DELETE fresh1 :xy", "fresh1"), None);
    for expression in ["DELETE n :xy", "DELETE ss :23"] {
        assert_eq!(updated(expression).unwrap_err(), UpdateError::OperandType);
    }
}

#[test]
fn only_what_was_touched_is_returned() {
    // Rule 44 and part D on it.
    let new_values = |expression: &str| updated(expression).unwrap().new_values;
    let old_values = |expression: &str| parse_update(expression, &placeholders()).unwrap().old_values(&item());
    assert_eq!(
        new_values("SET n = :v, m.n = :w, l[2] = :v REMOVE l[0]"),
        map([
            ("l", letters("v")),
            ("m", AttributeValue::M(map([("n", text("w"))]))),
            ("n", text("v")),
        ])
    );
    assert_eq!(new_values("SET l[9] = :v"), Item::new());
    assert_eq!(new_values("REMOVE n, m.n"), Item::new());
    assert_eq!(new_values("DELETE ss :xy"), Item::new());
    assert_eq!(new_values("ADD n :n"), map([("n", number("7"))]));
    assert_eq!(
        old_values("SET n = :v, fresh1 = :v REMOVE m.l[1], l[9]"),
        map([("m", AttributeValue::M(map([("l", letters("b"))]))), ("n", number("5")),])
    );
}

#[test]
fn an_update_says_whether_it_changes_a_key() {
    // Rule 45.
    for (expression, changed) in [
        ("SET a1 = :v REMOVE pk.x1", Some("pk")),
        ("ADD sk :n", Some("sk")),
        ("SET a1 = pk", None),
    ] {
        assert_eq!(
            parse_update(expression, &placeholders()).unwrap().first_attribute_of(&["pk", "sk"]),
            changed
        );
    }
}

#[test]
fn an_update_costs_what_its_clauses_do() {
    // Rule 16: 3, and for each clause its own, its target and its value.
    let cost = |expression: &str| parse_update(expression, &placeholders()).unwrap().cost();
    assert_eq!(cost("SET abc = :v"), 3 + 19 + 3 + 1);
    assert_eq!(cost("SET a.bcd = b"), 3 + 19 + (1 + 4 + 3) + (15 + 1));
    assert_eq!(cost("SET a = a + :n"), 3 + 19 + 1 + 34 + (15 + 1) + 2);
    assert_eq!(cost("SET a = a - :n"), 3 + 19 + 1 + 37 + (15 + 1) + 2);
    assert_eq!(cost("SET a = if_not_exists(b, :v)"), 3 + 19 + 1 + 39 + (15 + 1) + 1);
    assert_eq!(cost("SET a = list_append(b, :l)"), 3 + 19 + 1 + 37 + (15 + 1) + (3 + 1 + 1));
    assert_eq!(
        cost("ADD a :n REMOVE b, c[10] DELETE d :xy"),
        3 + (19 + 1 + 2) + (1 + 1) + (1 + 1 + 4 + 2) + (1 + 1)
    );
}
