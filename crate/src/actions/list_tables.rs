//! ListTables.

use super::Context;
use crate::api::error::ApiError;
use crate::api::request::ListTablesRequest;
use crate::model::json::{Document, write_json_string};
use crate::storage_backend::StorageBackend;

/// Lists table names in order (rule 93).
pub fn run<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = ListTablesRequest::parse(request)?;
    let (names, more) = cx
        .catalog
        .borrow()
        .names(request.exclusive_start_table_name.as_deref(), request.limit);
    out.extend_from_slice(b"{\"TableNames\":[");
    for (n, name) in names.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        write_json_string(out, name);
    }
    out.push(b']');
    if let (true, Some(last)) = (more, names.last()) {
        out.extend_from_slice(b",\"LastEvaluatedTableName\":");
        write_json_string(out, last);
    }
    out.push(b'}');
    Ok(())
}
