//! What a Query shows of the items it finds: Select, projections, filters, local indexes that reach into their table, consistency
//! (rules 56, 57, 60, 61).

use crate::database::{Db, INVALID, P, Table, all, in_table, include, keys_only, n, s};
use serde_json::{Value, json};

fn table() -> Db {
    let table = Table::new(&["pk:S", "sk:N"])
        .gsi("gAll", &["g:S"], &[], &all())
        .gsi("gKeys", &["g:S"], &[], &keys_only())
        .gsi("gInc", &["g:S"], &[], &include(&["a"]))
        .lsi("lKeys", "l:N", &keys_only())
        .lsi("lInc", "l:N", &include(&["a"]));
    let db = Db::holding(&table);
    for sk in 0..3 {
        db.put(&item(sk));
    }
    db
}

fn item(sk: i64) -> Value {
    json!({"pk": s("p"), "sk": n(sk), "g": s("g"), "l": n(sk), "a": n(10 * sk), "o": json!({"M": {"x": n(sk)}})})
}

/// A Query of everything in the table or an index, with other members.
fn request(index: Option<&str>, others: &Value) -> Value {
    let global = index.is_some_and(|index| index.starts_with('g'));
    let mut request = if global {
        json!({"KeyConditionExpression": "g = :k", "ExpressionAttributeValues": {":k": s("g")}})
    } else {
        json!({"KeyConditionExpression": "pk = :k", "ExpressionAttributeValues": {":k": s("p")}})
    };
    if let Some(index) = index {
        request["IndexName"] = json!(index);
    }
    for (name, value) in others.as_object().unwrap() {
        match value.as_object() {
            Some(map) => request[name].as_object_mut().unwrap().extend(map.clone()),
            None => request[name] = value.clone(),
        }
    }
    request
}

fn first(db: &Db, index: Option<&str>, others: &Value) -> Value {
    db.items(&request(index, others))[0].clone()
}

fn refused(db: &Db, index: Option<&str>, others: &Value) -> String {
    db.invalid("Query", &in_table(&request(index, others)))
}

#[test]
fn an_index_shows_what_it_projects() {
    // rule 61
    let db = table();
    let keys = json!({"pk": s("p"), "sk": n(0), "g": s("g")});
    assert_eq!(first(&db, None, &json!({})), item(0));
    assert_eq!(first(&db, Some("gAll"), &json!({})), item(0));
    assert_eq!(first(&db, Some("gKeys"), &json!({})), keys);
    assert_eq!(
        first(&db, Some("gInc"), &json!({})),
        json!({"pk": s("p"), "sk": n(0), "g": s("g"), "a": n(0)})
    );
    assert_eq!(first(&db, Some("lKeys"), &json!({})), json!({"pk": s("p"), "sk": n(0), "l": n(0)}));
    assert_eq!(
        first(&db, Some("lInc"), &json!({"Select": "ALL_PROJECTED_ATTRIBUTES"})),
        json!({"pk": s("p"), "sk": n(0), "l": n(0), "a": n(0)})
    );
}

#[test]
fn a_local_index_fetches_what_it_does_not_project_and_a_global_one_refuses() {
    // rule 61, messages-items 6
    let db = table();
    for index in ["lKeys", "lInc"] {
        assert_eq!(first(&db, Some(index), &json!({"Select": "ALL_ATTRIBUTES"})), item(0));
        assert_eq!(
            first(&db, Some(index), &json!({"ProjectionExpression": "o.x, a"})),
            json!({"o": {"M": {"x": n(0)}}, "a": n(0)})
        );
    }
    assert_eq!(first(&db, Some("gAll"), &json!({"Select": "ALL_ATTRIBUTES"})), item(0));
    for index in ["gKeys", "gInc"] {
        assert_eq!(
            refused(&db, Some(index), &json!({"Select": "ALL_ATTRIBUTES"})),
            format!(
                "{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index {index} because its projection type is not ALL"
            )
        );
        let message = format!("{INVALID}Global secondary index {index} does not project [o]");
        assert_eq!(refused(&db, Some(index), &json!({"ProjectionExpression": "pk, o.x"})), message);
    }
    assert_eq!(
        first(&db, Some("gInc"), &json!({"ProjectionExpression": "a, sk"})),
        json!({"a": n(0), "sk": n(0)})
    );
}

#[test]
fn select_count_counts_and_shows_nothing() {
    // rule 60
    let db = table();
    assert_eq!(
        db.query(&request(None, &json!({"Select": "COUNT"}))),
        json!({"Count": 3, "ScannedCount": 3})
    );
    let filtered = json!({"Select": "COUNT", "FilterExpression": "a > :a", "ExpressionAttributeValues": {":a": n(5)}});
    assert_eq!(db.query(&request(None, &filtered)), json!({"Count": 2, "ScannedCount": 3}));
    let limited = json!({"Select": "COUNT", "Limit": 2});
    let expected = json!({"Count": 2, "ScannedCount": 2, "LastEvaluatedKey": {"pk": s("p"), "sk": n(1)}});
    assert_eq!(db.query(&request(None, &limited)), expected);
}

#[test]
fn select_and_projection_must_agree() {
    // rule 60, messages-items 6
    let db = table();
    for (select, rest) in [
        ("COUNT", "when choosing to get only the Count"),
        ("ALL_ATTRIBUTES", "when choosing to get ALL_ATTRIBUTES"),
        ("ALL_PROJECTED_ATTRIBUTES", "when choosing to get ALL_PROJECTED_ATTRIBUTES"),
    ] {
        let others = json!({"Select": select, "ProjectionExpression": "a"});
        assert_eq!(
            refused(&db, Some("lInc"), &others),
            format!("{P}Cannot specify the ProjectionExpression {rest}")
        );
    }
    assert_eq!(
        refused(&db, None, &json!({"Select": "SPECIFIC_ATTRIBUTES"})),
        format!("{P}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
    );
    assert_eq!(
        refused(&db, None, &json!({"Select": "ALL_PROJECTED_ATTRIBUTES"})),
        format!("{P}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
    );
    let set = "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]";
    assert_eq!(
        refused(&db, None, &json!({"Select": "BOGUS"})),
        format!("{P}Value 'BOGUS' at 'select' failed to satisfy constraint: Member must satisfy enum value set: {set}")
    );
    assert_eq!(
        first(&db, None, &json!({"Select": "SPECIFIC_ATTRIBUTES", "ProjectionExpression": "a"})),
        json!({"a": n(0)})
    );
}

#[test]
fn a_filter_decides_about_whole_items_before_they_are_projected() {
    let db = table();
    let values = json!({":a": n(10)});
    let others =
        json!({"FilterExpression": "a >= :a AND attribute_exists(o.x)", "ExpressionAttributeValues": values, "ProjectionExpression": "sk"});
    let reply = db.query(&request(None, &others));
    assert_eq!(reply, json!({"Items": [{"sk": n(1)}, {"sk": n(2)}], "Count": 2, "ScannedCount": 3}));
}

#[test]
fn a_filter_on_a_key_of_what_is_queried_is_refused() {
    // rule 56, A1
    let db = table();
    let refused_filter = |index: Option<&str>, filter: &str| {
        refused(
            &db,
            index,
            &json!({"FilterExpression": filter, "ExpressionAttributeValues": {":v": n(1)}}),
        )
    };
    let message = |key: &str| format!("Filter Expression can only contain non-primary key attributes: Primary key attribute: {key}");
    assert_eq!(refused_filter(None, "a = :v OR sk = :v"), message("sk"));
    assert_eq!(refused_filter(None, "size(pk) > :v"), message("pk"));
    assert_eq!(refused_filter(Some("gAll"), "g = :v"), message("g"));
    assert_eq!(refused_filter(Some("lKeys"), "l = :v"), message("l"));
    // The table's keys are no keys of the index.
    let others = json!({"FilterExpression": "sk = :v", "ExpressionAttributeValues": {":v": n(1)}});
    assert_eq!(db.items(&request(Some("gAll"), &others)), [item(1)]);
}

#[test]
fn consistent_reads_are_for_tables_and_local_indexes() {
    // rule 57
    let db = table();
    let consistent = json!({"ConsistentRead": true});
    assert_eq!(db.items(&request(None, &consistent)).len(), 3);
    assert_eq!(db.items(&request(Some("lKeys"), &consistent)).len(), 3);
    assert_eq!(
        refused(&db, Some("gAll"), &consistent),
        "Consistent reads are not supported on global secondary indexes"
    );
}

#[test]
fn placeholders_are_defined_and_used() {
    // rules 27-29
    let db = table();
    let invalid = "Invalid FilterExpression: An expression attribute";
    for (others, message) in [
        (
            json!({"FilterExpression": "#n = :k"}),
            format!("{invalid} name used in the document path is not defined; attribute name: #n"),
        ),
        (
            json!({"FilterExpression": "a = :w"}),
            format!("{invalid} value used in expression is not defined; attribute value: :w"),
        ),
        (
            json!({"ExpressionAttributeValues": {":z": n(1), ":w": n(1)}}),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w, :z}".to_owned(),
        ),
    ] {
        assert_eq!(refused(&db, None, &others), message);
    }
    let mut unused = in_table(&request(None, &json!({})));
    unused["ExpressionAttributeNames"] = json!({"#y": "y", "#x": "x"});
    assert_eq!(
        db.invalid("Query", &unused),
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}"
    );
    let without = json!({"TableName": "Tab", "ExpressionAttributeValues": {":v": n(1)}});
    assert_eq!(
        db.invalid("Query", &without),
        "ExpressionAttributeValues can only be specified when using expressions: FilterExpression and KeyConditionExpression are null"
    );
}
