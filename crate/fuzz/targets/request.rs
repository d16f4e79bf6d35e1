//! Any bytes as the name of an operation and its body: held against the model and read into the operation's request type, or refused with
//! a body of the wire's.
#![no_main]

use dynatab::api::Operation;
use dynatab::api::error::ApiError;
use dynatab::api::request::{
    BatchGetItemRequest, BatchWriteItemRequest, CreateTableRequest, DeleteItemRequest, DeleteTableRequest, DescribeTableRequest,
    GetItemRequest, ListTablesRequest, PutItemRequest, QueryRequest, ScanRequest, UpdateItemRequest, check, parse_body,
};
use dynatab::model::json::Document;
use libfuzzer_sys::fuzz_target;

fn read(operation: Operation, document: &Document<'_>) -> Result<(), ApiError> {
    match operation {
        Operation::BatchGetItem => BatchGetItemRequest::parse(document).map(drop),
        Operation::BatchWriteItem => BatchWriteItemRequest::parse(document).map(drop),
        Operation::CreateTable => CreateTableRequest::parse(document).map(drop),
        Operation::DeleteItem => DeleteItemRequest::parse(document).map(drop),
        Operation::DeleteTable => DeleteTableRequest::parse(document).map(drop),
        Operation::DescribeTable => DescribeTableRequest::parse(document).map(drop),
        Operation::GetItem => GetItemRequest::parse(document).map(drop),
        Operation::ListTables => ListTablesRequest::parse(document).map(drop),
        Operation::PutItem => PutItemRequest::parse(document).map(drop),
        Operation::Query => QueryRequest::parse(document).map(drop),
        Operation::Scan => ScanRequest::parse(document).map(drop),
        Operation::UpdateItem => UpdateItemRequest::parse(document).map(drop),
        _ => check(operation, document).map(drop),
    }
}

fn refused(error: &ApiError) {
    let mut body = Vec::new();
    error.write_body(&mut body);
    assert!(
        error.status() == 400 && Document::parse(&body).is_ok(),
        "{}",
        String::from_utf8_lossy(&body)
    );
}

fuzz_target!(|input: &[u8]| {
    let (name, body) = input.split_at(input.iter().position(|byte| *byte == b' ').unwrap_or(input.len()));
    let name = String::from_utf8_lossy(name);
    let operation = ["DynamoDB_20120810", "DynamoDBStreams_20120810"]
        .iter()
        .find_map(|prefix| Operation::from_target(&format!("{prefix}.{name}")).ok());
    let Some(operation) = operation else { return };
    let document = match parse_body(body) {
        Ok(document) => document,
        Err(error) => return refused(&error),
    };
    let understood = read(operation, &document);
    if let Err(error) = &understood {
        refused(error);
    }
    // No request is understood past what the model forbids.
    match check(operation, &document) {
        Ok(_) => {}
        Err(error) => {
            assert!(understood.is_err(), "{}", error.message().unwrap_or_default());
            refused(&error);
        }
    }
});
