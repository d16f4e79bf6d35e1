//! The one door every error leaves by: status, `__type`, message field and the few members some errors carry beside them.

use std::fmt;

pub use super::generated::errors::ModelledError;
use crate::model::json::write_json_string;
use crate::schema::{KeyFault, SchemaError};

/// What went wrong, as the wire names it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `ValidationException`: the request can never be right.
    Validation,
    /// `SerializationException`: the body is not JSON, or a value is of the wrong JSON kind.
    Serialization,
    /// `UnknownOperationException`: the target names no operation.
    UnknownOperation,
    /// `AccessDeniedException`: the resource belongs to somebody else.
    AccessDenied,
    /// `MissingAuthenticationTokenException`: no or an unreadable Authorization header.
    MissingAuthenticationToken,
    /// `IncompleteSignatureException`: the Authorization header lacks a part.
    IncompleteSignature,
    /// An error the service models declare.
    Modelled(ModelledError),
    /// The storage under the engine failed, by a name of our own. A client error by its status: clients would retry a 500, which would not
    /// heal it.
    Storage(&'static str),
}

impl From<ModelledError> for ErrorKind {
    fn from(error: ModelledError) -> Self {
        Self::Modelled(error)
    }
}

/// One entry of `CancellationReasons`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CancellationReason {
    /// `None`, `ConditionalCheckFailed`, `ValidationError`, ... (rule 76).
    pub code: &'static str,
    /// Absent for code `None` (rule 75).
    pub message: Option<String>,
    /// The item as it was, as JSON, where the action asked for it.
    pub item: Option<Vec<u8>>,
}

/// What an error carries beside its message.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Extra {
    Item(Vec<u8>),
    Reasons(Vec<CancellationReason>),
}

/// An error as the client sees it: one pointer, since every function above the storage hands on what may be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiError(Box<Said>);

/// What an error says.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Said {
    kind: ErrorKind,
    message: Option<String>,
    extra: Option<Extra>,
}

/// Prefix of the messages of the request-validation layer (P in the message tables).
pub const ONE_VALIDATION_ERROR: &str = "1 validation error detected: ";

impl ApiError {
    /// An error of that kind with that message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::said(kind, Some(message.into()))
    }

    fn said(kind: ErrorKind, message: Option<String>) -> Self {
        Self(Box::new(Said {
            kind,
            message,
            extra: None,
        }))
    }

    /// `ValidationException` with the message as it is.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Validation, message)
    }

    /// `ValidationException` with the error's text as the message.
    pub fn validation_of(error: impl fmt::Display) -> Self {
        Self::validation(error.to_string())
    }

    /// `ValidationException` with `1 validation error detected: ` in front of the message.
    pub fn one_validation_error(message: impl fmt::Display) -> Self {
        Self::validation(format!("{ONE_VALIDATION_ERROR}{message}"))
    }

    /// `SerializationException` with a message.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Serialization, message)
    }

    /// The body is not JSON: `SerializationException` without a message (rule 115).
    pub fn unparseable() -> Self {
        Self::said(ErrorKind::Serialization, None)
    }

    /// No such operation; without a message (messages-tables 108).
    pub fn unknown_operation() -> Self {
        Self::said(ErrorKind::UnknownOperation, None)
    }

    /// An error the service models declare.
    pub fn modelled(error: ModelledError, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Modelled(error), message)
    }

    /// The storage failed; `name` says how.
    pub fn storage(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Storage(name), message)
    }

    /// The table of an item operation is not there (rule 88).
    pub fn resource_not_found() -> Self {
        Self::modelled(ModelledError::ResourceNotFound, "Requested resource not found")
    }

    /// The table of a table operation is not there (rule 88, messages-tables 78).
    pub fn table_not_found(table_name: &str) -> Self {
        Self::modelled(
            ModelledError::ResourceNotFound,
            format!("Requested resource not found: Table: {table_name} not found"),
        )
    }

    /// `CreateTable` of a name that is taken (messages-tables 59).
    pub fn table_exists(table_name: &str) -> Self {
        Self::modelled(ModelledError::ResourceInUse, format!("Table already exists: {table_name}"))
    }

    /// The condition did not hold; `item` is the item as it was, as JSON, when the request asked for it and it exists (rule A5).
    pub fn conditional_check_failed(item: Option<Vec<u8>>) -> Self {
        let mut error = Self::modelled(ModelledError::ConditionalCheckFailed, "The conditional request failed");
        error.0.extra = item.map(Extra::Item);
        error
    }

    /// A transaction that did not happen, with a reason for every action (rule 75).
    pub fn transaction_canceled(reasons: Vec<CancellationReason>) -> Self {
        let codes: Vec<&str> = reasons.iter().map(|reason| reason.code).collect();
        let message = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        );
        let mut error = Self::modelled(ModelledError::TransactionCanceled, message);
        error.0.extra = Some(Extra::Reasons(reasons));
        error
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The sentence the user reads, where there is one.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The status of the HTTP answer.
    pub fn status(&self) -> u16 {
        match self.0.kind {
            ErrorKind::Modelled(error) if error.is_fault() => 500,
            _ => 400,
        }
    }

    /// Namespace and name of the error: the two halves of `__type` (rule 115).
    pub fn type_name(&self) -> (&'static str, &'static str) {
        const SERVICE: &str = "com.amazon.coral.service#";
        match self.0.kind {
            ErrorKind::Validation => ("com.amazon.coral.validate#", "ValidationException"),
            ErrorKind::Serialization => (SERVICE, "SerializationException"),
            ErrorKind::UnknownOperation => (SERVICE, "UnknownOperationException"),
            ErrorKind::AccessDenied => (SERVICE, "AccessDeniedException"),
            ErrorKind::MissingAuthenticationToken => (SERVICE, "MissingAuthenticationTokenException"),
            ErrorKind::IncompleteSignature => (SERVICE, "IncompleteSignatureException"),
            ErrorKind::Modelled(error) => ("com.amazonaws.dynamodb.v20120810#", error.name()),
            ErrorKind::Storage(name) => ("dynatab#", name),
        }
    }

    /// Writes the body of the HTTP answer.
    pub fn write_body(&self, out: &mut Vec<u8>) {
        let (namespace, name) = self.type_name();
        out.extend_from_slice(b"{\"__type\":\"");
        out.extend_from_slice(namespace.as_bytes());
        out.extend_from_slice(name.as_bytes());
        out.push(b'"');
        if let Some(message) = &self.0.message {
            let field: &[u8] = if self.capital_message() {
                b",\"Message\":"
            } else {
                b",\"message\":"
            };
            out.extend_from_slice(field);
            write_json_string(out, message);
        }
        match &self.0.extra {
            None => {}
            Some(Extra::Item(item)) => {
                out.extend_from_slice(b",\"Item\":");
                out.extend_from_slice(item);
            }
            Some(Extra::Reasons(reasons)) => write_reasons(out, reasons),
        }
        out.push(b'}');
    }

    /// The body of the HTTP answer.
    pub fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        self.write_body(&mut out);
        out
    }

    fn capital_message(&self) -> bool {
        match self.0.kind {
            ErrorKind::Serialization => true,
            ErrorKind::Modelled(error) => error.capital_message(),
            _ => false,
        }
    }
}

fn write_reasons(out: &mut Vec<u8>, reasons: &[CancellationReason]) {
    out.extend_from_slice(b",\"CancellationReasons\":[");
    for (at, reason) in reasons.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"{\"Code\":" } else { b",{\"Code\":" });
        write_json_string(out, reason.code);
        if let Some(message) = &reason.message {
            out.extend_from_slice(b",\"Message\":");
            write_json_string(out, message);
        }
        if let Some(item) = &reason.item {
            out.extend_from_slice(b",\"Item\":");
            out.extend_from_slice(item);
        }
        out.push(b'}');
    }
    out.push(b']');
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.type_name().1, self.0.message.as_deref().unwrap_or_default())
    }
}

impl std::error::Error for ApiError {}

impl From<SchemaError> for ApiError {
    fn from(error: SchemaError) -> Self {
        Self::validation(error.to_string())
    }
}

impl From<KeyFault> for ApiError {
    fn from(fault: KeyFault) -> Self {
        Self::validation(fault.to_string())
    }
}

#[cfg(test)]
mod tests;
