//! One import while it lasts: what was read of its source, and the run that is gathered or being written.

use super::checksum::Checksum;
use super::records::{Found, RecordReader};
use super::run::Run;
use crate::actions::item_change::{canonical_text, key_text};
use crate::api::error::ApiError;
use crate::api::request::{ImportItemsRequest, RecordFormat, StartImportRequest, read_import_item};
use crate::model::hash_prefix;
use crate::model::json::{Document, Tape};
use crate::schema::{ImportProgress, ImportRun, TableDefinition, TableName};
use crate::storage_backend::BaseItemRow;

/// Most rejections told of in one reply; all are counted.
const MOST_REJECTIONS: usize = 100;

/// What an import is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its source is read.
    Reading,
    /// What was read is written.
    Writing,
    /// Everything is stored, or the import has stopped.
    Ended,
}

/// A record that is no item for the table.
#[derive(Debug)]
pub struct Rejection {
    /// Its place in the source, counted from 1.
    pub record: i64,
    /// Why: what `PutItem` would answer.
    pub error: ApiError,
}

/// One import while it lasts.
#[allow(clippy::struct_excessive_bools)] // what has been asked for, and what has happened: each by itself
pub struct Session {
    /// Its number.
    pub id: i64,
    /// The table, by name and identity.
    pub table_name: TableName,
    /// See there.
    pub table_id: String,
    /// Whether the database remembers the import, by the token in `done`.
    pub remembered: bool,
    format: RecordFormat,
    stop_at_first: bool,
    reader: RecordReader,
    /// What was parsed last was parsed onto this.
    tape: Tape,
    run: Run,
    state: State,
    /// Nothing of the source follows what is in the reader.
    source_ended: bool,
    /// Nothing can be done before more of the source comes.
    starved: bool,
    /// A record was refused and the import is to stop there.
    stopped: bool,
    /// Records read, from the source's beginning, and the sum over them.
    records: i64,
    checksum: Checksum,
    /// Items and rejections among those of the run.
    run_items: i64,
    run_rejected: i64,
    /// What the database knows of the import.
    done: ImportProgress,
    /// Rejections nobody was told of yet.
    rejections: Vec<Rejection>,
    /// When it was last asked for something.
    pub asked_at: i64,
}

impl Session {
    /// Begins, or goes on from what is known of the import.
    pub fn new(id: i64, request: &StartImportRequest, table: &TableDefinition, done: ImportProgress, now: i64) -> Self {
        Self {
            id,
            table_name: table.name.clone(),
            table_id: table.id.clone(),
            remembered: request.token.is_some(),
            format: request.format,
            stop_at_first: request.stop_at_first,
            reader: RecordReader::default(),
            tape: Tape::default(),
            run: Run::default(),
            state: if done.complete { State::Ended } else { State::Reading },
            source_ended: false,
            starved: true,
            stopped: false,
            records: 0,
            checksum: Checksum::default(),
            run_items: 0,
            run_rejected: 0,
            done,
            rejections: Vec::new(),
            asked_at: now,
        }
    }

    /// What it is at.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether there is something to do before more of the source is taken.
    pub fn has_work(&self) -> bool {
        self.state == State::Writing || (self.state == State::Reading && !self.starved)
    }

    /// Whether it stopped at a record.
    pub fn has_stopped(&self) -> bool {
        self.stopped
    }

    /// The import's token; empty where there is none.
    pub fn token(&self) -> &str {
        &self.done.token
    }

    /// Records that were read, or that an earlier call had read.
    pub fn records(&self) -> i64 {
        self.records.max(self.done.records)
    }

    /// Items that were taken and records that were refused so far.
    pub fn counts(&self) -> (i64, i64) {
        (self.done.items + self.run_items, self.done.rejected + self.run_rejected)
    }

    /// The rejections nobody was told of yet.
    pub fn take_rejections(&mut self) -> Vec<Rejection> {
        std::mem::take(&mut self.rejections)
    }

    /// Takes a piece of the source.
    pub fn feed(&mut self, request: ImportItemsRequest, piece: &[u8]) {
        self.reader.feed(piece);
        if request.text_ends || request.source_ends {
            self.reader.end();
        }
        self.source_ended |= request.source_ends;
        self.starved = false;
    }

    /// Reads what came into the run, until the run is to be written or nothing is left. Fails where the source is another one than an earlier
    /// call has read.
    pub fn read(&mut self, table: &TableDefinition) -> Result<(), ApiError> {
        loop {
            // A run that was being written when the import was interrupted ends where it ended.
            let is_due = match &self.done.run {
                Some(run) if self.records >= run.records => {
                    self.recognize(run.checksum)?;
                    true
                }
                Some(_) => false,
                None => self.run.is_full(),
            };
            if is_due {
                self.begin_writing();
                return Ok(());
            }
            let Some(found) = self.reader.next() else {
                self.starved = true;
                if self.source_ended {
                    if self.records < self.done.records || self.done.run.is_some() {
                        return Err(self.source_changed());
                    }
                    self.begin_writing();
                }
                return Ok(());
            };
            let before = self.checksum;
            self.records += 1;
            if let Found::Record(record) = &found {
                self.checksum.add(self.reader.text(record.clone()));
            }
            if self.records <= self.done.records {
                if self.records == self.done.records {
                    self.recognize(self.done.checksum)?;
                }
                continue;
            }
            match self.row_of(found, table) {
                Ok(row) => {
                    self.run_items += 1;
                    if !self.is_stored(&row) {
                        self.run.push(row);
                    }
                }
                Err(error) if self.stop_at_first => {
                    self.reject(error);
                    // Not done with: it is tried again when the import goes on.
                    self.records -= 1;
                    self.checksum = before;
                    self.stopped = true;
                    self.begin_writing();
                    return Ok(());
                }
                Err(error) => {
                    self.run_rejected += 1;
                    self.reject(error);
                }
            }
        }
    }

    /// The records read so far must be those that an earlier call has read.
    fn recognize(&mut self, checksum: Option<i64>) -> Result<(), ApiError> {
        if checksum.is_none_or(|checksum| checksum == self.checksum.number()) {
            return Ok(());
        }
        Err(self.source_changed())
    }

    fn source_changed(&mut self) -> ApiError {
        self.state = State::Ended;
        ApiError::storage(
            "ImportSourceChangedError",
            "The source is not the one that an earlier call with this token has read a part of: its records are others, or fewer. Nothing of \
             it was written. Import it under a token of its own, or begin anew with `restart: true`.",
        )
    }

    fn reject(&mut self, error: ApiError) {
        if self.rejections.len() < MOST_REJECTIONS {
            let record = self.records;
            self.rejections.push(Rejection { record, error });
        }
    }

    /// Whether an earlier call has stored the item, which is of the run that was being written.
    fn is_stored(&self, row: &BaseItemRow) -> bool {
        let Some(run) = &self.done.run else { return false };
        let [pk, sk] = &run.written_to;
        (hash_prefix(&row.pk), &row.pk, &row.sk) <= (hash_prefix(pk), pk, sk)
    }

    fn row_of(&mut self, found: Found, table: &TableDefinition) -> Result<BaseItemRow, ApiError> {
        let record = match found {
            Found::Record(record) => record,
            Found::TooLong => return Err(ApiError::serialization("The record is longer than any item can be")),
            Found::Unclosed => return Err(ApiError::serialization("The source ends inside a JSON array")),
        };
        let document = Document::parse_on(std::mem::take(&mut self.tape), self.reader.text(record));
        let document = document.map_err(|error| ApiError::serialization(error.to_string()))?;
        let row = row_of_item(&document, self.format, table);
        self.tape = document.into_tape();
        row
    }

    fn begin_writing(&mut self) {
        self.run.arrange();
        self.state = State::Writing;
    }

    /// The rows to write next, and what the database is to know of the import when they are written.
    pub fn next_step(&self) -> (&[BaseItemRow], ImportProgress) {
        let rows = self.run.step();
        let mut progress = self.done.clone();
        if self.run.ends_with(rows.len()) {
            progress.records = self.records();
            progress.checksum = Some(self.checksum.number());
            (progress.items, progress.rejected) = self.counts();
            progress.run = None;
            progress.complete = self.is_last_run() && !self.stopped;
        } else if let Some(last) = rows.last() {
            progress.run = Some(ImportRun {
                records: self.records,
                checksum: Some(self.checksum.number()),
                written_to: [last.pk.clone(), last.sk.clone()],
            });
        }
        (rows, progress)
    }

    /// Nothing comes behind the run at hand.
    fn is_last_run(&self) -> bool {
        self.stopped || (self.source_ended && self.starved)
    }

    /// The step is done.
    pub fn wrote(&mut self, count: usize, progress: ImportProgress) {
        self.done = progress;
        if self.run.wrote(count) {
            self.state = if self.is_last_run() { State::Ended } else { State::Reading };
            self.run = Run::default();
            (self.run_items, self.run_rejected) = (0, 0);
        }
    }
}

/// The row of a record's item, which must be one that `PutItem` would take.
fn row_of_item(document: &Document<'_>, format: RecordFormat, table: &TableDefinition) -> Result<BaseItemRow, ApiError> {
    let item = read_import_item(document.root(), format)?;
    let key = table.check_item(&item).map_err(ApiError::validation_of)?;
    let pk = key_text(&key.hash);
    Ok(BaseItemRow {
        sk: key_text(&key.range),
        item_json: canonical_text(&item),
        item_size: item.size(),
        cached_at: None,
        hash_prefix: format!("{:06x}", hash_prefix(&pk)),
        pk,
    })
}
