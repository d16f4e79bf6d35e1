//! Table definitions from outside: which of their members are refused, in which order and words, and the bounds of indexes (rules 22, 81,
//! 84, 86, A1).

use crate::database::{Db, INVALID, NOT_VALID, P, Table, all, include, n, s};
use serde_json::{Value, json};

fn refused(table: &Table) -> String {
    Db::new().invalid("CreateTable", &table.request())
}

/// A table with so many global and so many local indexes, each over a sort key of its own.
fn indexed(global: usize, local: usize) -> Table {
    let mut table = Table::new(&["pk:S", "sk:S"]);
    for at in 0..global {
        table = table.gsi(&format!("global{at}"), &["pk:S"], &[&format!("g{at}:S")], &all());
    }
    for at in 0..local {
        table = table.lsi(&format!("local{at}"), &format!("l{at}:S"), &all());
    }
    table
}

#[test]
fn a_table_has_at_most_20_global_and_5_local_indexes() {
    // rule 22; messages-tables 49
    Db::holding(&indexed(20, 5));
    assert_eq!(
        refused(&indexed(21, 0)),
        format!("{INVALID}GlobalSecondaryIndex count exceeds the per-table limit of 20")
    );
    assert_eq!(
        refused(&indexed(0, 6)),
        format!("{INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of 5")
    );
}

#[test]
fn an_index_includes_at_most_20_attributes() {
    // rule 22; messages-tables 50
    let with = |count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("x{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Table::new(&["pk:S"]).gsi("index", &["g:S"], &[], &include(&names))
    };
    Db::holding(&with(20));
    let list: Vec<String> = (0..21).map(|at| format!("x{at}")).collect();
    assert_eq!(
        refused(&with(21)),
        format!(
            "{P}Value '[{}]' at 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes' failed to satisfy constraint: \
             Member must have length less than or equal to 20",
            list.join(", ")
        )
    );
}

#[test]
fn only_global_indexes_have_several_keys_of_a_kind_and_hash_keys_come_first() {
    // rule A1; messages-tables 43, 44, 47
    let global = |hash: &[&str], range: &[&str]| Table::new(&["pk:S"]).gsi("many", hash, range, &all());
    let (h, r) = (["h1:S", "h2:N", "h3:B", "h4:S", "h5:S"], ["r1:S", "r2:N", "r3:B", "r4:S", "r5:S"]);
    let db = Db::holding(&global(&h[..4], &r[..4]));
    // Descriptions keep the order.
    let table = db.ok("DescribeTable", &json!({"TableName": "Tab"}));
    let element = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let elements: Vec<Value> = ["h1", "h2", "h3", "h4"]
        .iter()
        .map(|name| element(name, "HASH"))
        .chain(["r1", "r2", "r3", "r4"].iter().map(|name| element(name, "RANGE")))
        .collect();
    assert_eq!(table["Table"]["GlobalSecondaryIndexes"][0]["KeySchema"], json!(elements));
    for (table, message) in [
        (
            global(&h, &[]),
            format!("{INVALID}The KeySchema exceeds the maximum allowed number of HASH key attributes"),
        ),
        (
            global(&h[..1], &r),
            format!("{INVALID}The KeySchema exceeds the maximum allowed number of RANGE key attributes"),
        ),
        (
            global(&["h1:S", "h2:S"], &["h1:S"]),
            "The KeySchema contains multiple key attributes with the same name".to_owned(),
        ),
    ] {
        assert_eq!(refused(&table), message);
    }
    let mut mixed = global(&h[..2], &r[..1]).request();
    let schema = mixed["GlobalSecondaryIndexes"][0]["KeySchema"].as_array_mut().unwrap();
    schema.swap(1, 2);
    assert_eq!(
        Db::new().invalid("CreateTable", &mixed),
        format!("{INVALID}All HASH key attributes must precede RANGE key attributes in the KeySchema")
    );
}

#[test]
fn an_item_of_a_many_attribute_index_has_all_keys_in_their_types_or_is_not_in_it() {
    // rule A1; messages-items 1
    let db = Db::holding(&Table::new(&["pk:S"]).gsi("many", &["h1:S", "h2:N"], &["r1:S", "r2:N"], &all()));
    let item = || json!({"pk": s("a"), "h1": s("x"), "h2": n(1), "r1": s("y"), "r2": n(2)});
    let query = json!({
        "IndexName": "many", "KeyConditionExpression": "h2 = :one AND h1 = :x",
        "ExpressionAttributeValues": {":one": n(1), ":x": s("x")},
    });
    for name in ["h1", "h2", "r1", "r2"] {
        db.put(&item());
        assert_eq!(db.items(&query), [item()]);
        let mut without = item();
        without.as_object_mut().unwrap().remove(name);
        db.put(&without);
        assert!(db.items(&query).is_empty(), "{name}");
    }
    for (name, value, message) in [
        (
            "h2",
            s("1"),
            format!("{INVALID}Type mismatch for Index Key h2 Expected: N Actual: S IndexName: many"),
        ),
        (
            "r1",
            n(1),
            format!("{INVALID}Type mismatch for Index Key r1 Expected: S Actual: N IndexName: many"),
        ),
        (
            "r1",
            s(""),
            format!(
                "{NOT_VALID}A value specified for a secondary index key is not supported. The AttributeValue for a key attribute \
                 cannot contain an empty string value. IndexName: many, IndexKey: r1"
            ),
        ),
    ] {
        let mut wrong = item();
        wrong[name] = value;
        assert_eq!(db.invalid("PutItem", &json!({"TableName": "Tab", "Item": wrong})), message);
    }
}

#[test]
fn members_of_table_definitions_are_refused_together_ten_at_most() {
    // rules 81, 84, 86
    let db = Db::new();
    let definition = json!({
        "TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "X"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    });
    assert_eq!(
        db.invalid("CreateTable", &definition),
        format!(
            "{P}Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: \
             Member must satisfy enum value set: [B, N, S]"
        )
    );
    let null = |member: &str| format!("Value null at '{member}' failed to satisfy constraint: Member must not be null");
    let mut indexes = definition;
    indexes["AttributeDefinitions"][0]["AttributeType"] = json!("S");
    let key = json!([{"AttributeName": "pk", "KeyType": "HASH"}]);
    indexes["LocalSecondaryIndexes"] = json!([{"KeySchema": key, "Projection": {}}]);
    indexes["GlobalSecondaryIndexes"] = json!([{"KeySchema": key, "Projection": {}}]);
    assert_eq!(
        db.invalid("CreateTable", &indexes),
        format!(
            "2 validation errors detected: {}; {}",
            null("globalSecondaryIndexes.1.member.indexName"),
            null("localSecondaryIndexes.1.member.indexName")
        )
    );
    indexes["GlobalSecondaryIndexes"] = json!(vec![json!({"KeySchema": key, "Projection": {}}); 12]);
    let ten: Vec<String> = (1..=10)
        .map(|at| null(&format!("globalSecondaryIndexes.{at}.member.indexName")))
        .collect();
    assert_eq!(
        db.invalid("CreateTable", &indexes),
        format!("10 validation errors detected: {}", ten.join("; "))
    );
}
