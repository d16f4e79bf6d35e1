//! Are the JSON kinds of a request those of the service model? The first one that is not, in the order of the text, is a
//! `SerializationException`, and it beats every validation (rule 117, messages-items section 9).
//!
//! Members the model does not know are ignored (rule 118); `null` stands for absent. The walk keeps its own stack, so no depth of nesting
//! can overflow the program's.

use super::error::ApiError;
use super::shape::{Kind as ShapeKind, Shape};
use crate::model::binary;
use crate::model::json::{Elements, Kind, Members, Value};
use std::borrow::Cow;

/// Where a value stands: an element of a list or map is read through its generic type, which words some faults differently.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Member,
    Element,
}

/// A container whose content is still to be looked at.
enum Open<'d> {
    Structure(Shape, Members<'d>),
    Map(Shape, Members<'d>),
    List(Shape, Elements<'d>),
}

/// Holds a request against the shape of its operation's input.
pub fn check(root: Value<'_>, input: Shape) -> Result<(), ApiError> {
    let mut stack = Vec::with_capacity(8);
    stack.extend(enter(root, input, Place::Element)?);
    while let Some(open) = stack.last_mut() {
        let next = match open {
            Open::Structure(shape, members) => {
                let known = |(name, value): (Cow<'_, str>, _)| shape.member(&name).map(|member| (value, member.shape, Place::Member));
                members.next().map(known)
            }
            Open::Map(values, members) => members.next().map(|(_, value)| Some((value, *values, Place::Element))),
            Open::List(element, elements) => elements.next().map(|value| Some((value, *element, Place::Element))),
        };
        match next {
            None => {
                stack.pop();
            }
            Some(None) => {}
            Some(Some((value, shape, place))) => stack.extend(enter(value, shape, place)?),
        }
    }
    Ok(())
}

/// Checks one value; a container of the right kind is returned to be walked.
fn enter(value: Value<'_>, shape: Shape, place: Place) -> Result<Option<Open<'_>>, ApiError> {
    let kind = value.kind();
    if kind == Kind::Null {
        return Ok(None);
    }
    match (shape.kind(), kind) {
        (ShapeKind::Structure, Kind::Object) => Ok(Some(Open::Structure(shape, value.members()))),
        (ShapeKind::Map, Kind::Object) => Ok(Some(Open::Map(shape.element(), value.members()))),
        (ShapeKind::List, Kind::Array) => Ok(Some(Open::List(shape.element(), value.elements()))),
        (ShapeKind::Structure | ShapeKind::Map | ShapeKind::List, _) => Err(container_fault(kind, shape, place)),
        (_, Kind::Object) => Err(ApiError::serialization(STRUCTURE_START)),
        (_, Kind::Array) => Err(ApiError::serialization(format!(
            "Unrecognized collection type class java.lang.{}",
            java_scalar(shape.kind())
        ))),
        (ShapeKind::Blob, Kind::String) => match value.as_str().map(|text| binary::decode(&text)) {
            Some(Err(fault)) => Err(ApiError::serialization(fault.to_string())),
            _ => Ok(None),
        },
        (ShapeKind::Boolean, Kind::String) => match value.as_str().as_deref() {
            Some("true" | "false") => Ok(None),
            _ => Err(ApiError::serialization("Unexpected token received from parser")),
        },
        (ShapeKind::String, Kind::String)
        | (ShapeKind::Boolean, Kind::True | Kind::False)
        | (ShapeKind::Double | ShapeKind::Timestamp, Kind::Integer | Kind::Decimal) => Ok(None),
        (ShapeKind::Integer, Kind::Integer) if value.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => Ok(None),
        (ShapeKind::Long, Kind::Integer) if value.as_i64().is_some() => Ok(None),
        (expected, found) => Err(ApiError::serialization(format!(
            "{} cannot be converted to {}",
            token(found),
            java_scalar(expected)
        ))),
    }
}

const STRUCTURE_START: &str = "Start of structure or map found where not expected";

/// The fault of a value that should have been a structure, map or list.
fn container_fault(found: Kind, shape: Shape, place: Place) -> ApiError {
    let generic = shape.kind() != ShapeKind::Structure;
    ApiError::serialization(match (found, place) {
        // Where a list of maps or a map of lists goes on, the service's own reflection gives up.
        (_, Place::Element) if generic => concat!(
            "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class ",
            "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader ",
            "'bootstrap')"
        )
        .to_owned(),
        (Kind::Object, _) => STRUCTURE_START.to_owned(),
        (Kind::Array, _) => {
            let mut text = String::from("Unrecognized collection type ");
            if !generic {
                text.push_str("class ");
            }
            push_java_type(&mut text, shape);
            text
        }
        (_, Place::Member) => "Unexpected field type".to_owned(),
        (_, Place::Element) => "Unexpected value type in payload".to_owned(),
    })
}

fn token(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "NULL_VALUE",
        Kind::True => "TRUE_VALUE",
        Kind::False => "FALSE_VALUE",
        Kind::Integer => "NUMBER_VALUE",
        Kind::Decimal => "DECIMAL_VALUE",
        Kind::String => "STRING_VALUE",
        Kind::Array => "START_ARRAY",
        Kind::Object => "START_OBJECT",
    }
}

fn java_scalar(kind: ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Integer => "Integer",
        ShapeKind::Long => "Long",
        ShapeKind::Double => "Double",
        ShapeKind::Boolean => "Boolean",
        ShapeKind::Timestamp => "Date",
        _ => "String",
    }
}

/// The Java type the service reads a shape into.
fn push_java_type(out: &mut String, shape: Shape) {
    match shape.kind() {
        ShapeKind::Structure => {
            out.push_str("com.amazonaws.dynamodb.v20120810.");
            out.push_str(shape.name());
        }
        ShapeKind::Map => {
            out.push_str("java.util.Map<java.lang.String, ");
            push_java_type(out, shape.element());
            out.push('>');
        }
        ShapeKind::List => {
            out.push_str("java.util.List<");
            push_java_type(out, shape.element());
            out.push('>');
        }
        kind => {
            out.push_str("java.lang.");
            out.push_str(java_scalar(kind));
        }
    }
}

#[cfg(test)]
mod tests;
