//! Imports: a source of any size, read in pieces, becomes items, as `PutItem` would take them one by one.
//!
//! A client starts an import, brings piece after piece, and asks for steps between them while there is something to write; every request is a
//! few milliseconds of work, so that others are answered in between. [`records`] cuts the pieces into records, [`session`] makes items of
//! them, [`run`] puts some megabytes of them in the order they are stored in, [`writing`] stores a step of them.
//!
//! How far an import has got is stored with the items of every step: the records that are done with, and of the run that is being written
//! its end and the key that was got to. A client that comes again with the same token sends the source from its beginning, and what is
//! stored is passed over: no item is lost, none is written twice, and what others have written meanwhile stays. A [`checksum`] tells whether
//! it is the same source.
//!
//! Into an empty table global indexes are filled behind the items ([`super::backfill`]); in a table with items they are kept with each item,
//! as local indexes always are, whose entries lie in the order of the run anyway. A table with a stream records what an import changes, as
//! every other write: DynamoDB itself imports into new tables only, which have no stream yet.

mod checksum;
mod records;
mod run;
mod session;
mod writing;

use std::cell::{Cell, RefCell};

use super::{Context, backfill, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{ImportItemsRequest, StartImportRequest, table_of_import};
use crate::model::json::Document;
use crate::schema::json_text::ObjectWriter;
use crate::schema::{ImportProgress, TableDefinition};
use crate::storage_backend::{BackendError, StorageBackend};
use session::{Rejection, Session, State};
use writing::write_step;

/// Imports that can be under way at once; each may hold a run.
const MOST_SESSIONS: usize = 4;

/// How many numbers an import may have: those that JavaScript can count.
const IMPORT_NUMBERS: f64 = 9_007_199_254_740_992.0;

/// How long after a request an import counts as under way, in milliseconds: until then the indexes of its table are left alone.
const LEASE_MILLIS: i64 = 5000;

/// The imports that are under way.
#[derive(Default)]
pub struct Imports {
    sessions: RefCell<Vec<Session>>,
    bulk_loading: Cell<bool>,
}

#[waits]
impl Imports {
    async fn begin_bulk_loading<B: StorageBackend>(&self, backend: &B) -> Result<(), BackendError> {
        if !self.bulk_loading.get() {
            backend.enable_bulk_loading().await?;
            self.bulk_loading.set(true);
        }
        Ok(())
    }

    /// Makes what was loaded durable, and every commit from here on by itself: before anybody else is answered.
    pub async fn end_bulk_loading<B: StorageBackend>(&self, backend: &B) -> Result<(), BackendError> {
        if self.bulk_loading.get() {
            backend.disable_bulk_loading().await?;
            self.bulk_loading.set(false);
        }
        Ok(())
    }

    /// Until when the indexes of a table are not to be filled, because items of an import are still to come.
    pub fn holds_until(&self, table: &TableDefinition) -> Option<i64> {
        let sessions = self.sessions.borrow();
        let held = sessions
            .iter()
            .filter(|session| session.table_id == table.id && session.state() != State::Ended);
        held.map(|session| session.asked_at + LEASE_MILLIS).max()
    }

    fn take(&self, id: i64) -> Option<Session> {
        let mut sessions = self.sessions.borrow_mut();
        let at = sessions.iter().position(|session| session.id == id)?;
        Some(sessions.remove(at))
    }

    /// Puts a session behind the others: what stands in front was not asked for longest.
    fn put(&self, session: Session) {
        let mut sessions = self.sessions.borrow_mut();
        sessions.retain(|other| other.table_id != session.table_id || !session.remembered || other.token() != session.token());
        sessions.push(session);
        if sessions.len() > MOST_SESSIONS {
            sessions.remove(0);
        }
    }
}

fn ended() -> ApiError {
    ApiError::storage(
        "ImportEndedException",
        "This import is not under way any more: the engine was started anew, or another call has taken the import over. Import the \
         source again to go on.",
    )
}

/// Begins an import, or takes one up again.
#[waits]
pub async fn start<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let request = StartImportRequest::parse(request)?;
    let table = cx.table(&request.table_name)?;
    let token = request.token.clone().unwrap_or_default();
    let known = request.token.as_ref().and_then(|token| table.import(token));
    let known = known
        .filter(|known| !(request.restart || request.only_resume && known.complete))
        .cloned();
    let done = known.unwrap_or_else(|| ImportProgress {
        token,
        ..ImportProgress::default()
    });
    if !done.complete {
        defer_indexes(cx, &table).await?;
    }
    // Drawn, so that the number of an import of an engine that has died means nothing to the next one.
    let id = ((cx.random)() * IMPORT_NUMBERS) as i64;
    let mut session = Session::new(id, &request, &table, done, cx.now());
    write_reply(&mut session, out);
    if session.state() != State::Ended {
        cx.imports.put(session);
    }
    Ok(())
}

/// Entries of an empty table's indexes are cheaper to make behind the items than with each.
#[waits]
async fn defer_indexes<B: StorageBackend>(cx: &Context<'_, B>, table: &TableDefinition) -> Result<(), ApiError> {
    let mut definition = table.clone();
    definition.defer_indexes();
    if definition == *table || cx.backend.count_items(&table.name).await.map_err(storage_error)? > 0 {
        return Ok(());
    }
    let stored = definition.to_stored();
    cx.transact(async || {
        let noted = cx
            .backend
            .update_table_metadata(&table.name, &stored.attribute_definitions, stored.gsi_definitions.as_deref());
        noted.await.map_err(storage_error)
    })
    .await?;
    cx.catalog.borrow_mut().insert(definition);
    Ok(())
}

/// Takes a piece of an import's source, or does a step of what is to be done with what came.
#[waits]
pub async fn import_items<B: StorageBackend>(
    cx: &Context<'_, B>,
    request: &Document<'_>,
    piece: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), ApiError> {
    let request = ImportItemsRequest::parse(request);
    let mut session = cx.imports.take(request.import).ok_or_else(ended)?;
    let table = cx.table(&session.table_name)?;
    if table.id != session.table_id {
        return Err(ApiError::resource_not_found());
    }
    session.asked_at = cx.now();
    if !piece.is_empty() || request.text_ends || request.source_ends {
        session.feed(request, piece);
    }
    let done = match session.state() {
        State::Reading => session.read(&table),
        State::Writing => write_step(cx, &table, &mut session).await,
        State::Ended => Ok(()),
    };
    if done.is_ok() {
        write_reply(&mut session, out);
    }
    cx.imports.put(session);
    done
}

/// Lets an import go; what it has stored stays.
#[waits]
pub async fn end<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    drop(cx.imports.take(ImportItemsRequest::parse(request).import));
    cx.imports.end_bulk_loading(cx.backend).await.map_err(storage_error)?;
    out.extend_from_slice(b"{}");
    Ok(())
}

/// Does a step of filling indexes, and says how far those of the table are.
#[waits]
pub async fn fill_indexes<B: StorageBackend>(cx: &Context<'_, B>, request: &Document<'_>, out: &mut Vec<u8>) -> Result<(), ApiError> {
    let name = table_of_import(request)?;
    if backfill::unfilled(&*cx.table(&name)?).is_some() {
        cx.imports.begin_bulk_loading(cx.backend).await.map_err(storage_error)?;
        backfill::step(cx).await?;
    }
    let (left, filled) = backfill::left_to_fill(&*cx.table(&name)?);
    if left == 0 {
        cx.imports.end_bulk_loading(cx.backend).await.map_err(storage_error)?;
    }
    let mut reply = ObjectWriter::begin(out);
    reply.integer("left", left);
    reply.integer("filled", filled);
    reply.end();
    Ok(())
}

fn write_reply(session: &mut Session, out: &mut Vec<u8>) {
    let (items, rejected) = session.counts();
    let rejections = session.take_rejections();
    let mut reply = ObjectWriter::begin(out);
    reply.integer("import", session.id);
    reply.integer("records", session.records());
    reply.integer("items", items);
    reply.integer("rejected", rejected);
    reply.boolean("more", session.has_work());
    reply.boolean("ended", session.state() == State::Ended);
    reply.boolean("stopped", session.has_stopped());
    if !rejections.is_empty() {
        reply.array("rejections", &rejections, write_rejection);
    }
    reply.end();
}

fn write_rejection(out: &mut Vec<u8>, rejection: &Rejection) {
    let mut object = ObjectWriter::begin(out);
    object.integer("record", rejection.record);
    object.string("name", rejection.error.type_name().1);
    object.string("message", rejection.error.message().unwrap_or_default());
    object.end();
}
