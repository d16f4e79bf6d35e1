//! What the service's deserialiser refuses by itself: `null` in a list or a map, and, where it is strict, required members that are missing
//! or `null`. A `ValidationException` that names line and column of the text (behaviour part C, messages-items section 8).

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
    let reading = Reading {
        document,
        strict: is_strict(operation),
    };
    match document.root() {
        root if reading.strict && root.kind() == Kind::Null => Err(reading.null(operation.input(), root)),
        root => reading.value(operation.input(), root),
    }
}

/// A request being read.
struct Reading<'r, 'd> {
    document: &'r Document<'d>,
    /// Whether required members must be there.
    strict: bool,
}

impl Reading<'_, '_> {
    /// Recursion is bounded by the model: attribute values, which alone nest, are not entered.
    fn value(&self, shape: Shape, value: Value<'_>) -> Result<(), ApiError> {
        match shape.kind() {
            ShapeKind::Structure => self.structure(shape, value),
            // What is not there in an attribute value is said of the value.
            ShapeKind::List | ShapeKind::Map if shape.element().name() == "AttributeValue" => Ok(()),
            ShapeKind::List => value.elements().try_for_each(|element| self.element(shape.element(), element)),
            ShapeKind::Map => value.members().try_for_each(|(_, inner)| self.element(shape.element(), inner)),
            _ => Ok(()),
        }
    }

    /// An element of a list or a map, which may not be `null`, however the operation is read.
    fn element(&self, shape: Shape, value: Value<'_>) -> Result<(), ApiError> {
        if value.kind() == Kind::Null {
            return Err(self.null(shape, value));
        }
        self.value(shape, value)
    }

    fn structure(&self, shape: Shape, value: Value<'_>) -> Result<(), ApiError> {
        let strict = self.strict && !LENIENT.contains(&shape.name());
        for (name, inner) in value.members() {
            let Some(member) = shape.member(&name).filter(|member| member.shape.name() != "AttributeValue") else {
                continue;
            };
            if inner.kind() != Kind::Null {
                self.value(member.shape, inner)?;
            } else if strict && member.required {
                return Err(self.null(member.shape, inner));
            }
        }
        let missing = |name: &str| value.get(name).is_none();
        // Of several missing members the table's name comes first.
        let required = || shape.members().filter(|member| strict && member.required && missing(member.name));
        let first = required().find(|member| member.name == "TableName").or_else(|| required().next());
        first.map_or(Ok(()), |member| Err(self.at(value, &format!("missing field `{}`", member.name))))
    }

    fn null(&self, shape: Shape, value: Value<'_>) -> ApiError {
        let expected = match shape.kind() {
            ShapeKind::Structure => format!("struct {}", shape.name()),
            ShapeKind::Map => "a map".to_owned(),
            ShapeKind::List => "a sequence".to_owned(),
            ShapeKind::Boolean => "a boolean".to_owned(),
            ShapeKind::Integer => "i32".to_owned(),
            ShapeKind::Long => "i64".to_owned(),
            _ => "a string".to_owned(),
        };
        self.at(value, &format!("invalid type: null, expected {expected}"))
    }

    /// The place is the last character of the value.
    fn at(&self, value: Value<'_>, what: &str) -> ApiError {
        let (line, column) = self.document.line_column(value.span().end.saturating_sub(1));
        ApiError::validation(format!("{what} at line {line} column {column}"))
    }
}

#[cfg(test)]
mod tests;
