//! The wire: operation names, request shapes, constraint validation, typed requests, the error envelope and response writers.
//!
//! A request's body is parsed once ([`Document`](crate::model::json::Document)), held against the shapes of the service model
//! ([`shape_check`]), against its constraints ([`constraints`]), and read into the operation's type ([`request`]). Past that door nothing
//! is checked again unless it needs the table. Every error leaves as an [`ApiError`]. Uses `model` and `schema`.

pub mod constraints;
pub mod error;
mod generated;
pub mod operation;
pub mod pattern;
pub mod request;
pub mod response;
pub mod shape;
pub mod shape_check;
pub mod strict;
mod wording;

pub use error::{ApiError, CancellationReason, ErrorKind, ModelledError};
pub use operation::Operation;
