//! ListTables.

use super::Context;
use crate::api::error::ApiError;
use crate::api::request::ListTablesRequest;
use crate::model::json::{Document, write_json_string};
use crate::schema::json_text::ObjectWriter;
use crate::storage_backend::StorageBackend;

/// Lists table names in order (rule 93).
pub fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = ListTablesRequest::parse(request)?;
    let (names, more) = cx
        .catalog
        .borrow()
        .names(request.exclusive_start_table_name.as_deref(), request.limit);
    let mut reply = ObjectWriter::begin(out);
    reply.array("TableNames", &names, |out, name| write_json_string(out, name));
    if let (true, Some(last)) = (more, names.last()) {
        reply.string("LastEvaluatedTableName", last);
    }
    reply.end();
    Ok(())
}
