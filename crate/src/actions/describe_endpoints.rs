//! DescribeEndpoints.

use super::Context;
use crate::api::Operation;
use crate::api::error::ApiError;
use crate::api::request::check;
use crate::model::json::Document;
use crate::schema::json_text::{ObjectWriter, write_array};

/// How long a client may keep the answer, as the service has it.
const CACHE_MINUTES: i64 = 1440;

/// Answers with the region's one endpoint.
pub fn run<B>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    check(Operation::DescribeEndpoints, request)?;
    let mut reply = ObjectWriter::begin(out);
    write_array(reply.name("Endpoints"), [cx.region], |out, region| {
        let mut endpoint = ObjectWriter::begin(out);
        endpoint.string("Address", &format!("dynamodb.{region}.amazonaws.com"));
        endpoint.integer("CachePeriodInMinutes", CACHE_MINUTES);
        endpoint.end();
    });
    reply.end();
    Ok(())
}
