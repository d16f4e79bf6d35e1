//! `Dynatab.SetTime`: lets the database's clock show another time, for tests of what happens by the clock.

use crate::actions::Context;
use crate::api::error::ApiError;
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::storage_backend::StorageBackend;

/// The clock shows `now` (milliseconds since the epoch) and goes on from there; without it, or with null, it shows its own time again.
pub fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let asked = request.root().get("now").filter(|value| !value.is_null());
    let millis = asked.map(|value| {
        value
            .as_i64()
            .ok_or_else(|| ApiError::validation("now must be a whole number of milliseconds, or null"))
    });
    cx.backend.set_time(millis.transpose()?);
    let mut reply = ObjectWriter::begin(out);
    reply.integer("now", cx.now());
    reply.end();
    Ok(())
}
