//! What `CreateTable` refuses beyond the model's constraints, by the rows of messages-tables, and what it keeps.

mod keys;
mod settings;

use super::*;
use crate::model::json::Document;

fn create(rest: &str) -> Result<NewTable, String> {
    let body = format!(r#"{{"TableName":"abc",{rest}}}"#);
    let document = Document::parse(body.as_bytes()).unwrap();
    let name = TableName::resolve("abc").unwrap();
    NewTable::from_request(name, document.root()).map_err(|error| error.to_string())
}

/// `p:S` as `AttributeDefinitions`.
fn definitions(list: &str) -> String {
    let element = |part: &str| {
        let (name, kind) = part.split_once(':').unwrap();
        format!(r#"{{"AttributeName":"{name}","AttributeType":"{kind}"}}"#)
    };
    let elements: Vec<String> = list.split_whitespace().map(element).collect();
    format!(r#""AttributeDefinitions":[{}]"#, elements.join(","))
}

/// `p:HASH r:RANGE` as `KeySchema`.
fn keys(list: &str) -> String {
    let element = |part: &str| {
        let (name, kind) = part.split_once(':').unwrap();
        format!(r#"{{"AttributeName":"{name}","KeyType":"{kind}"}}"#)
    };
    let elements: Vec<String> = list.split_whitespace().map(element).collect();
    format!(r#""KeySchema":[{}]"#, elements.join(","))
}

fn index(name: &str, key: &str, rest: &str) -> String {
    format!(r#"{{"IndexName":"{name}",{},{rest}}}"#, keys(key))
}

fn on_demand(definition: &str, key: &str, rest: &str) -> Result<NewTable, String> {
    create(&format!(
        r#"{},{},"BillingMode":"PAY_PER_REQUEST"{rest}"#,
        definitions(definition),
        keys(key)
    ))
}

const OPMV: &str = "One or more parameter values were invalid: ";
const ALL: &str = r#""Projection":{"ProjectionType":"ALL"}"#;

#[track_caller]
fn assert_refused(result: Result<NewTable, String>, expected: &str) {
    let expected = expected.replace("{P}", OPMV);
    assert_eq!(result.map(|table| table.definition), Err(expected));
}
