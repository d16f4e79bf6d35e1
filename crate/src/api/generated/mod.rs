//! Tables made from the service models by `scripts/generate-api.mjs`: operations, shapes, members, errors.
//!
//! Read through [`Shape`](super::shape::Shape), [`Operation`](super::operation::Operation) and
//! [`ErrorKind`](super::error::ErrorKind); nothing else indexes these tables.

pub(in crate::api) mod errors;
pub(in crate::api) mod members;
pub(in crate::api) mod operations;
pub(in crate::api) mod shapes;
