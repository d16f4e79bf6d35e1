//! Keys, definitions and indexes that `CreateTable` refuses, by the rows of messages-tables, and those it keeps.

use crate::schema::create::tests::*;
use crate::schema::{IndexKind, Projection};

#[test]
fn keys_and_definitions_match() {
    for (definition, key, expected) in [
        // messages-tables 38
        (
            "q:S",
            "p:HASH",
            "{P}Some index key attributes are not defined in AttributeDefinitions. Keys: [p], AttributeDefinitions: [q]",
        ),
        // messages-tables 39
        ("", "p:HASH", "Invalid KeySchema: Some index key attribute have no definition"),
        (
            "p:S",
            "p:HASH r:RANGE",
            "Invalid KeySchema: Some index key attribute have no definition",
        ),
        // messages-tables 40
        (
            "p:S q:S",
            "p:HASH",
            "{P}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
        ),
        // messages-tables 42
        ("p:S p:N", "p:HASH", "Attribute Name is duplicated: p"),
        ("", "", "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
        // messages-tables 43
        (
            "p:S",
            "p:RANGE",
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            "p:S r:S",
            "p:RANGE r:HASH",
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            "p:S r:S",
            "p:HASH r:HASH",
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
        ),
        // messages-tables 44
        (
            "p:S",
            "p:HASH p:RANGE",
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ),
    ] {
        assert_refused(on_demand(definition, key, ""), expected);
    }
    // messages-tables 41
    assert_refused(
        on_demand(
            "x:S g:S p:S",
            "p:HASH",
            &format!(r#","GlobalSecondaryIndexes":[{}]"#, index("gix", "g:HASH", ALL)),
        ),
        "{P}Some AttributeDefinitions are not used. AttributeDefinitions: [x, g, p], keys used: [p, g]",
    );
    // messages-tables 38, for an index
    assert_refused(
        on_demand(
            "p:S",
            "p:HASH",
            &format!(r#","GlobalSecondaryIndexes":[{}]"#, index("gix", "g:HASH", ALL)),
        ),
        "{P}Some index key attributes are not defined in AttributeDefinitions. Keys: [g], AttributeDefinitions: [p]",
    );
}

#[test]
fn global_indexes_may_have_four_attributes_of_each_kind() {
    // A1; messages-tables 44, 47
    let all = "p:S a:S b:N c:B d:S e:S f:S g:S h:S";
    let with = |key: &str, names: &str| {
        on_demand(
            names,
            "p:HASH",
            &format!(r#","GlobalSecondaryIndexes":[{}]"#, index("gix", key, ALL)),
        )
    };
    let table = with("a:HASH b:HASH c:HASH d:HASH e:RANGE f:RANGE g:RANGE h:RANGE", all).unwrap();
    let schema = &table.definition.global_indexes.first().unwrap().key_schema;
    assert_eq!((schema.hash.len(), schema.range.len()), (4, 4));
    assert!(schema.is_multi_attribute());
    for (key, expected) in [
        (
            "p:HASH a:HASH b:HASH c:HASH d:HASH",
            "{P}The KeySchema exceeds the maximum allowed number of HASH key attributes",
        ),
        (
            "p:HASH a:RANGE b:RANGE c:RANGE d:RANGE e:RANGE",
            "{P}The KeySchema exceeds the maximum allowed number of RANGE key attributes",
        ),
        (
            "a:HASH b:RANGE c:HASH",
            "{P}All HASH key attributes must precede RANGE key attributes in the KeySchema",
        ),
        (
            "a:HASH b:HASH a:RANGE",
            "The KeySchema contains multiple key attributes with the same name",
        ),
        (
            "a:HASH a:RANGE",
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ),
        ("a:RANGE", "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    ] {
        assert_refused(with(key, all), expected);
    }
}

#[test]
fn indexes_are_few_and_differ_in_name() {
    let global = |names: &[String]| {
        let list: Vec<String> = names.iter().map(|name| index(name, "g:HASH", ALL)).collect();
        format!(r#","GlobalSecondaryIndexes":[{}]"#, list.join(","))
    };
    let local = |names: &[String]| {
        let list: Vec<String> = names.iter().map(|name| index(name, "p:HASH g:RANGE", ALL)).collect();
        format!(r#","LocalSecondaryIndexes":[{}]"#, list.join(","))
    };
    let names = |count: usize| (0..count).map(|n| format!("i{n:02}")).collect::<Vec<_>>();
    let table = |rest: &str| on_demand("p:S r:S g:S", "p:HASH r:RANGE", rest);
    // messages-tables 48
    assert_refused(
        table(&global(&["g1x".to_owned(), "g1x".to_owned()])),
        "{P}Duplicate index name: g1x",
    );
    assert_refused(
        table(&format!("{}{}", global(&["g1x".to_owned()]), local(&["g1x".to_owned()]))),
        "{P}Duplicate index name: g1x",
    );
    // messages-tables 49
    assert_refused(
        table(&global(&names(21))),
        "{P}GlobalSecondaryIndex count exceeds the per-table limit of 20",
    );
    assert_refused(
        table(&local(&names(6))),
        "{P}Number of LocalSecondaryIndexes exceeds per-table limit of 5",
    );
    assert_refused(table(&global(&[])), "{P}List of GlobalSecondaryIndexes is empty");
    assert_refused(table(&local(&[])), "{P}List of LocalSecondaryIndexes is empty");
    let full = table(&format!("{}{}", global(&names(20)), local(&names(25)[20..])))
        .unwrap()
        .definition;
    assert_eq!((full.global_indexes.len(), full.local_indexes.len()), (20, 5));
    assert!(full.index("i24").is_some_and(|index| index.kind == IndexKind::Local));
}

#[test]
fn projections_name_attributes_only_to_include_them() {
    let with = |projection: &str| {
        let index = index("gix", "g:HASH", &format!(r#""Projection":{projection}"#));
        on_demand("p:S g:S", "p:HASH", &format!(r#","GlobalSecondaryIndexes":[{index}]"#))
    };
    // messages-tables 50
    for (projection, expected) in [
        ("{}", "{P}Unknown ProjectionType: null"),
        (
            r#"{"ProjectionType":"INCLUDE"}"#,
            "{P}ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        ),
        (
            r#"{"ProjectionType":"ALL","NonKeyAttributes":["x"]}"#,
            "{P}ProjectionType is ALL, but NonKeyAttributes is specified",
        ),
        (
            r#"{"ProjectionType":"KEYS_ONLY","NonKeyAttributes":["x"]}"#,
            "{P}ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified",
        ),
        (
            r#"{"ProjectionType":"INCLUDE","NonKeyAttributes":["x","y","x"]}"#,
            "{P}Duplicate element in NonKeyAttributes: x",
        ),
    ] {
        assert_refused(with(projection), expected);
    }
    // Naming a key is accepted.
    let table = with(r#"{"ProjectionType":"INCLUDE","NonKeyAttributes":["p","x"]}"#).unwrap();
    let projection = &table.definition.global_indexes.first().unwrap().projection;
    assert_eq!(*projection, Projection::Include(vec!["p".to_owned(), "x".to_owned()]));
}

#[test]
fn indexes_of_a_table_include_100_attributes_and_no_more() {
    // rule 22
    let with = |counts: &[usize]| {
        let list: Vec<String> = counts
            .iter()
            .enumerate()
            .map(|(at, count)| {
                let names: Vec<String> = (0..*count).map(|n| format!(r#""x{n}""#)).collect();
                let projection = format!(
                    r#""Projection":{{"ProjectionType":"INCLUDE","NonKeyAttributes":[{}]}}"#,
                    names.join(",")
                );
                index(&format!("gix{at}"), "g:HASH", &projection)
            })
            .collect();
        on_demand("p:S g:S", "p:HASH", &format!(r#","GlobalSecondaryIndexes":[{}]"#, list.join(",")))
    };
    assert!(with(&[20; 5]).is_ok());
    assert!(with(&[20, 20, 20, 20, 20, 1]).is_err());
}

#[test]
fn local_indexes_share_the_partition_key() {
    // messages-tables 51
    let with = |table_key: &str, key: &str| {
        on_demand(
            "p:S r:S l:S",
            table_key,
            &format!(r#","LocalSecondaryIndexes":[{}]"#, index("l1x", key, ALL)),
        )
    };
    assert_refused(
        on_demand(
            "p:S l:S",
            "p:HASH",
            &format!(r#","LocalSecondaryIndexes":[{}]"#, index("l1x", "p:HASH l:RANGE", ALL)),
        ),
        "{P}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
    );
    assert_refused(
        with("p:HASH r:RANGE", "p:HASH"),
        "{P}Index KeySchema does not have a range key for index: l1x",
    );
    assert_refused(
        with("p:HASH r:RANGE", "r:HASH l:RANGE"),
        "{P}Index KeySchema does not have the same leading hash key as table KeySchema for index: l1x. \
         index hash key: r, table hash key: p",
    );
    assert!(with("p:HASH r:RANGE", "p:HASH l:RANGE").is_ok());
}

#[test]
fn vector_indexes_are_checked_and_kept() {
    // rule A2
    let vector = |name: &str, dimensions: i64, rest: &str| {
        format!(
            r#"{{"IndexName":"{name}","VectorAttribute":{{"AttributeName":"v"}},"Dimensions":{dimensions},"DistanceFunction":"COSINE",{ALL}{rest}}}"#
        )
    };
    let with = |list: &str| on_demand("p:S", "p:HASH", &format!(r#","VectorIndexes":[{list}]"#));
    assert_refused(
        with(&vector("vix", 0, "")),
        "{P}Number of dimensions must be between 1 and 4096 inclusive.",
    );
    assert_refused(
        with(&vector("vix", 4097, "")),
        "{P}Number of dimensions must be between 1 and 4096 inclusive.",
    );
    assert_refused(
        with(&vector(
            "vix",
            3,
            r#","SearchSchema":[{"AttributeName":"h","SearchSchemaElementType":"HASH"}]"#,
        )),
        "{P}One element in SearchSchema is not defined in attribute definitions",
    );
    assert_refused(
        with(&format!("{},{}", vector("vi1", 3, ""), vector("vi2", 4, ""))),
        "{P}Conflicting attribute definition for 'v'. All VectorIndexes on the same vector attribute must use the same dimensions.",
    );
    let six = (0..6).map(|n| vector(&format!("vi{n}"), 3, "")).collect::<Vec<_>>().join(",");
    assert_refused(with(&six), "{P}VectorIndex count exceeds the per-table limit of 5");
    assert_refused(
        create(&format!(
            r#"{},{},"ProvisionedThroughput":{{"ReadCapacityUnits":1,"WriteCapacityUnits":1}},"VectorIndexes":[{}]"#,
            definitions("p:S"),
            keys("p:HASH"),
            vector("vix", 3, "")
        )),
        "{P}Vector indexes are only supported for PAY_PER_REQUEST tables",
    );
    assert_refused(
        with(&format!("{},{}", vector("vix", 3, ""), vector("vix", 3, ""))),
        "{P}Duplicate index name: vix",
    );
    assert_eq!(with(&vector("vix", 3, "")).unwrap().definition.vector_indexes.len(), 1);
}

#[test]
fn key_problems_come_before_throughput_problems() {
    // rule 86
    assert_refused(
        create(&format!("{},{}", definitions("q:S"), keys("p:HASH"))),
        "{P}Some index key attributes are not defined in AttributeDefinitions. Keys: [p], AttributeDefinitions: [q]",
    );
}
