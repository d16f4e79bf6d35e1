//! DescribeLimits: the quotas an account has before it asks for more.

use crate::api::Operation;
use crate::api::error::ApiError;
use crate::api::request::check;
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;

/// The documented default quotas of a region (Service, account, and table quotas): for all tables, and for one.
const QUOTAS: [(&str, i64); 4] = [
    ("AccountMaxReadCapacityUnits", 80_000),
    ("AccountMaxWriteCapacityUnits", 80_000),
    ("TableMaxReadCapacityUnits", 40_000),
    ("TableMaxWriteCapacityUnits", 40_000),
];

/// Answers with the quotas. Nothing here exceeds them, since no capacity is ever refused.
pub fn run(request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    check(Operation::DescribeLimits, request)?;
    let mut reply = ObjectWriter::begin(out);
    for (member, units) in QUOTAS {
        reply.integer(member, units);
    }
    reply.end();
    Ok(())
}
