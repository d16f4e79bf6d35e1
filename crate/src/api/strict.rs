//! Required members of the operations the service reads with a strict deserialiser: what is missing or `null` is a `ValidationException`
//! that names line and column of the text (behaviour part C, messages-items section 8).

use super::error::ApiError;
use super::operation::Operation;
use super::shape::{Kind as ShapeKind, Shape};
use crate::model::json::{Document, Kind, Value};

/// Whether an operation is read strictly.
fn is_strict(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::BatchGetItem
            | Operation::BatchWriteItem
            | Operation::TransactGetItems
            | Operation::TransactWriteItems
            | Operation::SearchVectors
            | Operation::UpdateTimeToLive
            | Operation::DescribeStream
            | Operation::GetRecords
            | Operation::GetShardIterator
    )
}

/// Structures that are not read strictly although something around them is: their missing members are constraint violations
/// (a missing Get, messages-tables 20; TTL's attribute, section 2 of messages-tables, 97).
const LENIENT: [&str; 3] = ["TransactGetItem", "TimeToLiveSpecification", "Condition"];

/// Checks a request of that operation; the shapes must have been checked before. Comes before the constraints.
pub fn check(operation: Operation, document: &Document<'_>) -> Result<(), ApiError> {
    if is_strict(operation) {
        check_value(document, operation.input(), document.root())
    } else {
        Ok(())
    }
}

/// Recursion is bounded by the model: attribute values have no required members and are not entered.
fn check_value(document: &Document<'_>, shape: Shape, value: Value<'_>) -> Result<(), ApiError> {
    if !shape.constrained() {
        return Ok(());
    }
    match shape.kind() {
        ShapeKind::Structure => check_structure(document, shape, value),
        ShapeKind::List => value
            .elements()
            .try_for_each(|element| check_value(document, shape.element(), element)),
        ShapeKind::Map => value
            .members()
            .try_for_each(|(_, inner)| check_value(document, shape.element(), inner)),
        _ => Ok(()),
    }
}

fn check_structure(document: &Document<'_>, shape: Shape, value: Value<'_>) -> Result<(), ApiError> {
    if value.kind() == Kind::Null {
        return Ok(());
    }
    let strict = !LENIENT.contains(&shape.name());
    for (name, inner) in value.members() {
        let Some(member) = shape.member(&name) else { continue };
        if strict && member.required && inner.kind() == Kind::Null {
            let expected = match member.shape.kind() {
                ShapeKind::Structure => format!("struct {}", member.shape.name()),
                ShapeKind::Map => "a map".to_owned(),
                ShapeKind::List => "a sequence".to_owned(),
                ShapeKind::Boolean => "a boolean".to_owned(),
                ShapeKind::Integer => "i32".to_owned(),
                ShapeKind::Long => "i64".to_owned(),
                _ => "a string".to_owned(),
            };
            return Err(at(document, inner, &format!("invalid type: null, expected {expected}")));
        }
        check_value(document, member.shape, inner)?;
    }
    let missing = |name: &str| value.get(name).is_none();
    // Of several missing members the table's name comes first.
    let required = || shape.members().filter(|member| strict && member.required && missing(member.name));
    let first = required().find(|member| member.name == "TableName").or_else(|| required().next());
    first.map_or(Ok(()), |member| {
        Err(at(document, value, &format!("missing field `{}`", member.name)))
    })
}

/// The place is the last character of the value.
fn at(document: &Document<'_>, value: Value<'_>, what: &str) -> ApiError {
    let (line, column) = document.line_column(value.span().end.saturating_sub(1));
    ApiError::validation(format!("{what} at line {line} column {column}"))
}

#[cfg(test)]
mod tests;
