//! A COMMIT that fails in a way that leaves open whether it happened: everyone hears what is in the file.

mod packed_batch;
mod scratch;

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use dynatab::engine::{Database, Options};
use dynatab::storage_backend::frame::Answer;
use dynatab::storage_backend::framed::{Durability, FrameCarrier, FramedBackend};
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::rusqlite_impl::{RusqliteCarrier, Storage};
use dynatab::storage_backend::{BackendError, Clock, StorageBackend, SystemClock};
use packed_batch::{batch, create_table, get, put};
use rusqlite::Connection;
use scratch::Scratch;

/// What goes wrong, and is reported as an I/O error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// A commit, after it has reached the file.
    AfterCommit,
    /// A commit, before it has.
    BeforeCommit,
    /// Any frame, none of it run.
    Frame,
}

/// The faults to come, and what SQLite has committed.
#[derive(Default)]
struct Device {
    faults: RefCell<Vec<Fault>>,
    refuses_to_open: Cell<bool>,
    opened: Cell<usize>,
    veto: Arc<AtomicBool>,
    commits: Arc<AtomicUsize>,
}

impl Device {
    fn open(&self, path: &Path) -> Result<Connection, BackendError> {
        if self.refuses_to_open.get() {
            return Err(io_error());
        }
        self.opened.set(self.opened.get() + 1);
        let mut connection = Connection::open(path).unwrap();
        let (veto, commits) = (self.veto.clone(), self.commits.clone());
        connection
            .commit_hook(Some(move || {
                commits.fetch_add(1, Relaxed);
                veto.load(Relaxed)
            }))
            .unwrap();
        Ok(connection)
    }

    /// The next fault, if it is one of these.
    fn take(&self, wanted: &[Fault]) -> Option<Fault> {
        let mut faults = self.faults.borrow_mut();
        if faults.first().is_some_and(|fault| wanted.contains(fault)) {
            Some(faults.remove(0))
        } else {
            None
        }
    }
}

fn io_error() -> BackendError {
    BackendError::from_sqlite(1034, "disk I/O error")
}

/// A carrier to a file on a device with faults.
struct Faulty {
    inner: RusqliteCarrier,
    device: Rc<Device>,
}

impl FrameCarrier for Faulty {
    async fn carry(&self, frame: &[u8], buffer: Vec<u8>) -> Result<Answer, BackendError> {
        if self.device.take(&[Fault::Frame]).is_some() {
            return Err(io_error());
        }
        self.device
            .veto
            .store(self.device.faults.borrow().first() == Some(&Fault::BeforeCommit), Relaxed);
        let before = self.device.commits.load(Relaxed);
        let answer = self.inner.carry(frame, buffer).await;
        if self.device.commits.load(Relaxed) == before {
            return answer;
        }
        match self.device.take(&[Fault::BeforeCommit, Fault::AfterCommit]) {
            Some(_) => Err(io_error()),
            None => answer,
        }
    }

    fn clock(&self) -> &dyn Clock {
        self.inner.clock()
    }

    fn durability(&self) -> Durability {
        self.inner.durability()
    }

    fn volatile(&self) -> bool {
        self.inner.volatile()
    }

    async fn reopen(&self) -> Result<(), BackendError> {
        // The old connection's last doing is not to be a fault's.
        self.device.veto.store(false, Relaxed);
        self.inner.reopen().await
    }
}

struct Opened {
    db: Database<FramedBackend<Faulty>>,
    device: Rc<Device>,
    scratch: Scratch,
}

/// A database on a file with the table `Txx`, on a device that works so far.
fn open() -> Opened {
    let (scratch, device) = (Scratch::new(), Rc::new(Device::default()));
    let (path, opening) = (scratch.file(), device.clone());
    let inner = RusqliteCarrier::on_file(move || opening.open(&path), Rc::new(SystemClock), Durability::Strict).unwrap();
    let carrier = Faulty {
        inner,
        device: device.clone(),
    };
    let backend = now_or_never(FramedBackend::connect(carrier)).unwrap().unwrap();
    let db = database(backend);
    assert_eq!(batch(&db, &[create_table("Txx")])[0].0, 200);
    Opened { db, device, scratch }
}

fn database<B: StorageBackend>(backend: B) -> Database<B> {
    now_or_never(Database::open(backend, Options::default(), Box::new(|| 0.5)))
        .unwrap()
        .unwrap()
}

impl Opened {
    fn fail(&self, faults: &[Fault]) {
        *self.device.faults.borrow_mut() = faults.to_vec();
    }

    /// How often the file was opened after the first time.
    fn reopened(&self) -> usize {
        self.device.opened.get() - 1
    }

    /// The values of the items as another process finds them, and that their count is right.
    fn in_the_file(&self) -> Vec<String> {
        let storage = Storage::open(&self.scratch.file(), Rc::new(SystemClock), Durability::Strict).unwrap();
        let read = |sql: &str| {
            let connection = storage.conn();
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map((), |row| row.get::<_, String>(0)).unwrap();
            rows.map(Result::unwrap).collect::<Vec<_>>()
        };
        let items = read("SELECT item FROM t1 ORDER BY pk");
        assert_eq!(
            now_or_never(storage.count_items("Txx")).unwrap().unwrap(),
            i64::try_from(items.len()).unwrap()
        );
        assert_eq!(read("PRAGMA integrity_check"), ["ok"]);
        items
    }
}

fn count(key: &str) -> (&'static str, String) {
    let body = format!(
        r#"{{"TableName":"Txx","Key":{{"a":{{"S":"{key}"}}}},"UpdateExpression":"ADD n :one",
        "ExpressionAttributeValues":{{":one":{{"N":"1"}}}},"ReturnValues":"UPDATED_NEW"}}"#
    );
    ("UpdateItem", body)
}

fn requests() -> [(&'static str, String); 4] {
    [put("Txx", "a", "1"), get("Txx", "a"), count("b"), count("b")]
}

/// What `requests` are answered, and what they leave, if they happen once.
const ANSWERED: [&str; 4] = [
    "{}",
    r#"{"Item":{"a":{"S":"a"},"v":{"S":"1"}}}"#,
    r#"{"Attributes":{"n":{"N":"1"}}}"#,
    r#"{"Attributes":{"n":{"N":"2"}}}"#,
];
const LEFT: [&str; 2] = [r#"{"a":{"S":"a"},"v":{"S":"1"}}"#, r#"{"a":{"S":"b"},"n":{"N":"2"}}"#];

fn bodies(replies: &[(u16, String)]) -> Vec<&str> {
    replies.iter().map(|(_, body)| body.as_str()).collect()
}

#[test]
fn a_commit_that_reached_the_file_is_answered_with_success_and_happens_once() {
    let opened = open();
    opened.fail(&[Fault::AfterCommit]);
    assert_eq!(bodies(&batch(&opened.db, &requests())), ANSWERED);
    assert_eq!(opened.reopened(), 1);
    assert_eq!(opened.in_the_file(), LEFT);
    assert_eq!(
        bodies(&batch(&opened.db, &[count("b")])),
        [r#"{"Attributes":{"n":{"N":"3"}}}"#],
        "and it goes on"
    );
}

#[test]
fn a_commit_that_did_not_reach_the_file_is_run_again_one_by_one() {
    let opened = open();
    opened.fail(&[Fault::BeforeCommit]);
    assert_eq!(bodies(&batch(&opened.db, &requests())), ANSWERED);
    assert_eq!(opened.in_the_file(), LEFT);
}

#[test]
fn requests_whose_own_commits_fail_too_hear_so_and_have_not_happened() {
    let opened = open();
    opened.fail(&[Fault::BeforeCommit; 3]);
    let replies = batch(&opened.db, &requests());
    let statuses: Vec<_> = replies.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [400, 200, 400, 200]);
    assert!(replies[0].1.starts_with(r#"{"__type":"dynatab#StorageError""#), "{}", replies[0].1);
    assert_eq!(replies[1].1, "{}", "the item is not there");
    assert_eq!(replies[3].1, ANSWERED[2], "counted once");
    assert_eq!(opened.in_the_file(), [r#"{"a":{"S":"b"},"n":{"N":"1"}}"#]);
}

#[test]
fn requests_run_again_whose_commits_are_in_doubt_are_settled_one_by_one() {
    let opened = open();
    opened.fail(&[Fault::BeforeCommit, Fault::AfterCommit, Fault::BeforeCommit, Fault::AfterCommit]);
    let replies = batch(&opened.db, &requests());
    let statuses: Vec<_> = replies.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 200, 400, 200]);
    assert_eq!(opened.reopened(), 4);
    assert_eq!(opened.in_the_file(), [LEFT[0], r#"{"a":{"S":"b"},"n":{"N":"1"}}"#]);
}

#[test]
fn an_error_of_the_device_inside_a_group_opens_the_file_again_and_loses_nobody() {
    let opened = open();
    opened.fail(&[Fault::Frame]);
    assert_eq!(bodies(&batch(&opened.db, &requests())), ANSWERED);
    assert_eq!(opened.in_the_file(), LEFT);
}

#[test]
fn where_the_file_cannot_be_opened_again_the_outcome_is_said_to_be_unknown() {
    for (fault, left) in [(Fault::AfterCommit, LEFT.as_slice()), (Fault::BeforeCommit, &[])] {
        let opened = open();
        opened.fail(&[fault]);
        opened.device.refuses_to_open.set(true);
        for (status, body) in batch(&opened.db, &requests()) {
            assert_eq!(status, 400);
            assert!(body.starts_with(r#"{"__type":"dynatab#CommitInDoubtError""#), "{body}");
            assert!(body.contains("whether this request was carried out is unknown"), "{body}");
        }
        let (_, body) = batch(&opened.db, &[put("Txx", "c", "1")]).remove(0);
        assert!(body.starts_with(r#"{"__type":"dynatab#DatabaseClosedError""#), "{body}");
        assert_eq!(opened.in_the_file(), left, "{fault:?}");
    }
}

/// Found by the histories of `js/tests/engine`: with the old number in mind, a later commit that was lost was taken for the one in the file.
#[test]
fn where_the_file_opens_and_cannot_be_read_nothing_known_of_it_is_used_again() {
    let opened = open();
    opened.fail(&[Fault::AfterCommit, Fault::Frame]);
    for (_, body) in batch(&opened.db, &requests()) {
        assert!(body.starts_with(r#"{"__type":"dynatab#CommitInDoubtError""#), "{body}");
    }
    opened.fail(&[Fault::BeforeCommit]);
    let (_, body) = batch(&opened.db, &[get("Txx", "a")]).remove(0);
    assert!(body.starts_with(r#"{"__type":"dynatab#DatabaseClosedError""#), "{body}");
    // A write opens the file again; its own commit fails.
    let replies = batch(&opened.db, &[put("Txx", "c", "1"), get("Txx", "a")]);
    assert!(replies[0].1.starts_with(r#"{"__type":"dynatab#StorageError""#), "{}", replies[0].1);
    assert_eq!(replies[1].1, ANSWERED[1]);
    assert_eq!(opened.in_the_file(), LEFT);
    assert_eq!(
        bodies(&batch(&opened.db, &[count("b")])),
        [r#"{"Attributes":{"n":{"N":"3"}}}"#],
        "and it goes on"
    );
}

#[test]
fn a_table_operation_in_doubt_is_settled_as_well() {
    let opened = open();
    opened.fail(&[Fault::AfterCommit]);
    let replies = batch(&opened.db, &[create_table("Second"), put("Second", "a", "1"), put("Txx", "a", "1")]);
    assert!(replies.iter().all(|(status, _)| *status == 200), "{replies:?}");
    opened.fail(&[Fault::BeforeCommit]);
    let replies = batch(&opened.db, &[create_table("Third"), create_table("Third"), get("Second", "a")]);
    let statuses: Vec<_> = replies.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [400, 200, 200]);
    assert_eq!(replies[2].1, r#"{"Item":{"a":{"S":"a"},"v":{"S":"1"}}}"#);
}

#[test]
fn a_group_in_which_every_condition_fails_leaves_the_file_as_it_is() {
    let opened = open();
    let refused = (
        "PutItem",
        r#"{"TableName":"Txx","Item":{"a":{"S":"b"}},"ConditionExpression":"attribute_exists(a)"}"#.to_owned(),
    );
    let number = || {
        let connection = Connection::open(opened.scratch.file()).unwrap();
        let number = "SELECT sequence FROM counters WHERE table_number = 0";
        connection.query_row(number, (), |row| row.get::<_, i64>(0)).unwrap()
    };
    let before = number();
    assert_eq!(batch(&opened.db, &[refused.clone(), refused])[0].0, 400);
    assert_eq!(number(), before, "nothing was written");
    batch(&opened.db, &requests());
    assert_eq!(number(), before + 1, "a group is one commit");
}

/// Memory cannot be opened again: what SQLite says of the transaction is all there is.
#[test]
fn a_database_in_memory_numbers_no_commits() {
    let db = database(Storage::open_in_memory().unwrap());
    batch(&db, &[create_table("Txx"), put("Txx", "a", "1")]);
    let numbered = "SELECT count(*) FROM counters WHERE table_number = 0";
    let found: i64 = db.backend().conn().query_row(numbered, (), |row| row.get(0)).unwrap();
    assert_eq!(found, 0);
}
