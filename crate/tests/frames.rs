//! The frame codec: the golden files it shares with the JavaScript half, round trips, and bytes that follow no format.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use dynatab::storage_backend::frame::{Answer, AnswerWriter, FrameWriter, SqlText, SqlValue, Want};
use dynatab::storage_backend::framed::{Durability, FrameCarrier};
use dynatab::storage_backend::poll::now_or_never;
use dynatab::storage_backend::rusqlite_impl::RusqliteCarrier;
use dynatab::storage_backend::{BackendError, SqlParam, SystemClock};
use proptest::prelude::*;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/frames")
}

fn golden(file: &str) -> Vec<u8> {
    fs::read(directory().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every file's name without `suffix`, of those that end with it.
fn golden_names(suffix: &str) -> Vec<String> {
    let files = fs::read_dir(directory())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = files.filter_map(|file| file.strip_suffix(suffix).map(str::to_owned)).collect();
    names.sort_unstable();
    names
}

/// The native executor over an empty database, without the schema of ours.
fn executor() -> RusqliteCarrier {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    RusqliteCarrier::new(connection, Rc::new(SystemClock), Durability::Strict)
}

fn run(executor: &RusqliteCarrier, frame: &[u8]) -> Result<Answer, BackendError> {
    now_or_never(executor.carry(frame, Vec::new())).unwrap()
}

const CREATE: &str = "CREATE TABLE t (k INTEGER PRIMARY KEY, v)";
const INSERT: &str = "INSERT INTO t VALUES (?1, ?2)";

/// Writes the golden frames' statements with our codec.
struct Golden(FrameWriter);

impl Golden {
    fn with_table() -> Self {
        let mut writer = FrameWriter::default();
        writer.statement(0, SqlText::Once(CREATE), Want::Nothing, &[]);
        Self(writer)
    }

    fn insert(&mut self, key: i64, value: SqlParam<'_>) {
        self.0
            .statement(1, SqlText::New(INSERT), Want::Changes, &[SqlParam::Integer(key), value]);
    }

    fn again(&mut self, key: i64, value: SqlParam<'_>) {
        self.0.statement(1, SqlText::Known, Want::Changes, &[SqlParam::Integer(key), value]);
    }
}

#[test]
fn our_frames_are_the_golden_ones() {
    assert_eq!(FrameWriter::default().bytes(), golden("empty.frame.bin"));

    let mut wants = Golden::with_table();
    wants.insert(1, SqlParam::Text("a"));
    wants.again(2, SqlParam::Text("bb"));
    wants.again(3, SqlParam::Text("ccc"));
    wants
        .0
        .statement(2, SqlText::New("SELECT k, v FROM t ORDER BY k"), Want::FirstRow, &[]);
    wants.0.statement(2, SqlText::Known, Want::AllRows, &[]);
    wants.0.statement(
        3,
        SqlText::New("SELECT v FROM t WHERE k = ?1"),
        Want::FirstRow,
        &[SqlParam::Integer(1)],
    );
    wants.0.statement(
        4,
        SqlText::New("DELETE FROM t WHERE k = ?1"),
        Want::Changes,
        &[SqlParam::Integer(9)],
    );
    wants.0.statement(2, SqlText::Known, Want::Nothing, &[]);
    wants.0.statement(2, SqlText::Known, Want::Forget, &[]);
    wants.0.statement(77, SqlText::Known, Want::Forget, &[]);
    assert_eq!(wants.0.bytes(), golden("wants.frame.bin"));

    let mut tags = Golden::with_table();
    tags.insert(1, SqlParam::Null);
    tags.insert(2, SqlParam::Integer(300));
    tags.insert(i64::MIN, SqlParam::Integer(-1));
    tags.insert(i64::MAX, SqlParam::Real(1.5));
    tags.insert(3, SqlParam::Text("nul \0 inside"));
    tags.insert(4, SqlParam::Text("größer 🎲"));
    tags.insert(5, SqlParam::Text(""));
    tags.insert(6, SqlParam::Blob(&[0, 1, 254, 255]));
    tags.0
        .statement(2, SqlText::New("SELECT k, v FROM t ORDER BY k"), Want::AllRows, &[]);
    assert_eq!(tags.0.bytes(), golden("tags.frame.bin"));
}

/// What an executor says to a frame: the answer's bytes, or the error it carries.
fn said(answer: Result<Answer, BackendError>) -> Result<Vec<u8>, BackendError> {
    answer.map(Answer::into_buffer)
}

#[test]
fn the_native_executor_answers_golden_frames_as_the_files_say() {
    for name in golden_names(".answer.bin") {
        let expected = golden(&format!("{name}.answer.bin"));
        let length = expected.len();
        let answer = said(run(&executor(), &golden(&format!("{name}.frame.bin"))));
        assert_eq!(answer, said(Answer::new(expected, length)), "{name}");
    }
    assert!(golden_names(".answer.bin").len() >= 6);
}

#[test]
fn the_native_executor_refuses_malformed_golden_frames() {
    let malformed: Vec<_> = golden_names(".frame.bin")
        .into_iter()
        .filter(|name| name.starts_with("malformed-"))
        .collect();
    assert!(malformed.len() >= 12);
    for name in malformed {
        let refused = run(&executor(), &golden(&format!("{name}.frame.bin")));
        assert!(matches!(refused, Err(BackendError::Frame(_))), "{name}: {refused:?}");
    }
}

#[test]
fn statements_before_a_failing_one_have_run_and_those_behind_it_have_not() {
    let executor = executor();
    let failed = run(&executor, &golden("error.frame.bin"));
    assert!(matches!(failed, Err(BackendError::Sqlite { code: 1, .. })), "{failed:?}");
    let mut frame = FrameWriter::default();
    frame.statement(9, SqlText::New("SELECT group_concat(v) FROM t"), Want::FirstRow, &[]);
    assert_eq!(
        run(&executor, frame.bytes()).unwrap().first_text().unwrap().as_deref(),
        Some("kept")
    );
}

#[test]
fn a_failed_answer_is_the_error_it_holds() {
    let answer = |status, code, message| {
        let mut writer = AnswerWriter::new(vec![9; 100]);
        writer.changes(7);
        writer.fail(status, 3, code, message);
        let bytes = writer.finish();
        let length = bytes.len();
        Answer::new(bytes, length).unwrap_err()
    };
    assert_eq!(answer(1, 2067, "UNIQUE"), BackendError::Constraint("UNIQUE".into()));
    assert_eq!(answer(1, 13, "full"), BackendError::Full("full".into()));
    assert_eq!(
        answer(1, 1, "no such table: t"),
        BackendError::Sqlite {
            code: 1,
            message: "no such table: t".into()
        }
    );
    assert!(matches!(answer(2, 0, "cut off"), BackendError::Frame(_)));
    assert!(
        matches!(Answer::new(vec![2, 0, 0, 0, 0, 0, 0, 0], 8), Err(BackendError::Frame(_))),
        "another version"
    );
    assert!(
        matches!(Answer::new(vec![1, 0, 0, 0, 0, 0, 0, 0], 9), Err(BackendError::Frame(_))),
        "longer than its buffer"
    );
}

#[test]
fn a_row_count_that_no_answer_could_hold_is_refused_before_room_is_made_for_it() {
    for (rows, columns) in [(u32::MAX, 19), (u32::MAX, 0), (1, 0), (2, 5)] {
        let mut bytes = vec![1, 0, 0, 0, 1, 0, 0, 0];
        bytes.extend(rows.to_le_bytes());
        bytes.extend([1, 0]);
        bytes.extend(u16::to_le_bytes(columns));
        bytes.extend([0; 9]);
        let length = bytes.len();
        let refused = Answer::new(bytes, length).unwrap().rows().map(|rows| rows.len());
        assert!(
            matches!(refused, Err(BackendError::Frame(_))),
            "{rows} rows of {columns} columns: {refused:?}"
        );
    }
}

/// An owned parameter.
#[derive(Debug, Clone, PartialEq)]
enum Owned {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Owned {
    fn param(&self) -> SqlParam<'_> {
        match self {
            Self::Null => SqlParam::Null,
            Self::Integer(value) => SqlParam::Integer(*value),
            Self::Real(value) => SqlParam::Real(*value),
            Self::Text(text) => SqlParam::Text(text),
            Self::Blob(bytes) => SqlParam::Blob(bytes),
        }
    }

    fn value(&self) -> SqlValue<'_> {
        match self {
            Self::Null => SqlValue::Null,
            Self::Integer(value) => SqlValue::Integer(*value),
            Self::Real(value) => SqlValue::Real(*value),
            Self::Text(text) => SqlValue::Text(text.as_bytes()),
            Self::Blob(bytes) => SqlValue::Blob(bytes),
        }
    }
}

/// Values of every type; some texts are long, and from a small choice, so that a frame holds them more than once.
fn owned() -> impl Strategy<Value = Owned> {
    prop_oneof![
        Just(Owned::Null),
        any::<i64>().prop_map(Owned::Integer),
        prop_oneof![any::<f64>().prop_filter("SQLite has no NaN", |value| !value.is_nan()), Just(0.5)].prop_map(Owned::Real),
        any::<String>().prop_map(Owned::Text),
        (0..6usize, 40..56usize)
            .prop_map(|(letter, length)| Owned::Text("abcd\0é".chars().nth(letter).unwrap().to_string().repeat(length))),
        prop::collection::vec(any::<u8>(), 0..80).prop_map(Owned::Blob),
    ]
}

/// Rows of one width.
fn rows() -> impl Strategy<Value = Vec<Vec<Owned>>> {
    (1..6usize).prop_flat_map(|columns| prop::collection::vec(prop::collection::vec(owned(), columns), 0..8))
}

/// Reads an answer in every way there is, as far as it goes.
fn read_every_way(bytes: &[u8], length: usize) {
    let open = || Answer::new(bytes.to_vec(), length);
    let Ok(mut answer) = open() else { return };
    while answer.changes().is_ok() {}
    let Ok(mut answer) = open() else { return };
    while let Ok(mut rows) = answer.rows() {
        let (mut read, announced) = (0, rows.len());
        while let Ok(Some(mut row)) = rows.next_row() {
            read += 1;
            let mut texts = row.clone();
            while row.value().is_ok() {}
            let _ = (texts.text(), texts.optional_integer(), texts.size(), texts.string());
        }
        assert!(read <= announced && announced <= length);
    }
    if let Ok(mut answer) = open() {
        while answer.first_integer().is_ok() {}
    }
    if let Ok(mut answer) = open() {
        while answer.first_text().is_ok() {}
    }
    if let Some(page) = open().ok().and_then(|answer| answer.into_page().ok()) {
        assert!(page.rows().count() <= page.len());
    }
}

/// A golden file with some of its bytes changed, and cut off somewhere.
fn mutated(suffix: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let files: Vec<Vec<u8>> = golden_names(suffix).iter().map(|name| golden(&format!("{name}{suffix}"))).collect();
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    (
        prop::sample::select(files),
        edits,
        any::<prop::sample::Index>(),
        prop::bool::weighted(0.3),
    )
        .prop_map(|(mut bytes, edits, end, cut)| {
            for (at, byte) in edits {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            if cut {
                bytes.truncate(end.index(bytes.len() + 1));
            }
            bytes
        })
}

proptest! {
    #[test]
    fn parameters_come_back_as_they_went(statements in prop::collection::vec(prop::collection::vec(owned(), 1..8), 1..6)) {
        let mut frame = FrameWriter::default();
        for params in &statements {
            let places: Vec<_> = (1..=params.len()).map(|n| format!("?{n}")).collect();
            let params: Vec<_> = params.iter().map(Owned::param).collect();
            frame.statement(0, SqlText::Once(&format!("SELECT {}", places.join(", "))), Want::AllRows, &params);
        }
        let mut answer = run(&executor(), frame.bytes()).unwrap();
        for params in &statements {
            let mut rows = answer.rows().unwrap();
            let mut row = rows.next_row().unwrap().unwrap();
            for param in params {
                prop_assert_eq!(row.value().unwrap(), param.value());
            }
            prop_assert!(rows.next_row().unwrap().is_none());
        }
    }

    #[test]
    fn an_answer_reads_as_it_was_written(sets in prop::collection::vec((rows(), any::<bool>(), any::<u32>()), 0..4), spare in 0..50usize) {
        let mut writer = AnswerWriter::new(vec![7; 30]);
        for (rows, ended, changes) in &sets {
            writer.changes(*changes);
            let at = writer.open_rows();
            for value in rows.iter().flatten() {
                writer.value(value.value());
            }
            let columns = rows.first().map_or(0, Vec::len);
            writer.close_rows(at, u32::try_from(rows.len()).unwrap(), *ended, u16::try_from(columns).unwrap());
        }
        let mut bytes = writer.finish();
        let length = bytes.len();
        bytes.resize(length + spare, 0xff);
        let mut answer = Answer::new(bytes, length).unwrap();
        for (rows, ended, changes) in &sets {
            prop_assert_eq!(answer.changes().unwrap(), *changes);
            let mut read = answer.rows().unwrap();
            prop_assert_eq!((read.ended(), read.len(), read.is_empty()), (*ended, rows.len(), rows.is_empty()));
            for row in rows {
                let mut columns = read.next_row().unwrap().unwrap();
                for value in row {
                    prop_assert_eq!(columns.value().unwrap(), value.value());
                }
                prop_assert!(columns.value().is_err(), "a column too many");
            }
            prop_assert!(read.next_row().unwrap().is_none());
        }
        prop_assert!(answer.changes().is_err(), "a result too many");
    }

    #[test]
    fn a_text_that_repeats_travels_once(letter in "[a-zé]", length in 48..3000usize, times in 2..5usize) {
        let text = letter.repeat(length);
        let mut frame = FrameWriter::default();
        for _ in 0..times {
            frame.statement(0, SqlText::Once("SELECT ?1, ?2"), Want::AllRows, &[SqlParam::Text(&text), SqlParam::Integer(1)]);
        }
        prop_assert!(frame.bytes().len() < text.len() + times * 60, "{} bytes", frame.bytes().len());
        let mut answer = run(&executor(), frame.bytes()).unwrap();
        for _ in 0..times {
            let mut rows = answer.rows().unwrap();
            prop_assert_eq!(rows.next_row().unwrap().unwrap().text().unwrap(), &text);
        }
    }

    #[test]
    fn any_bytes_are_an_answer_or_none(mut bytes in prop::collection::vec(any::<u8>(), 0..200), length in 0..220usize) {
        read_every_way(&bytes, length);
        // Most random bytes fail at the header: with a good one the rest is read.
        if bytes.len() >= 8 {
            bytes[..2].copy_from_slice(&[1, 0]);
            read_every_way(&bytes, length.min(bytes.len()));
        }
    }

    #[test]
    fn a_damaged_answer_is_read_or_refused(bytes in mutated(".answer.bin")) {
        read_every_way(&bytes, bytes.len());
    }

    #[test]
    fn a_damaged_frame_is_answered_or_refused(bytes in mutated(".frame.bin")) {
        let executor = executor();
        if let Ok(answer) = run(&executor, &bytes) {
            let bytes = answer.into_buffer();
            read_every_way(&bytes, bytes.len());
        }
        // Whatever it was, the executor is as good as before.
        let mut frame = FrameWriter::default();
        frame.statement(1, SqlText::New("SELECT 1"), Want::FirstRow, &[]);
        prop_assert_eq!(run(&executor, frame.bytes()).unwrap().first_integer(), Ok(Some(1)));
    }

    #[test]
    fn any_bytes_are_a_frame_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = run(&executor(), &bytes);
        let mut framed = vec![1, 0, 0, 0, 1, 0, 0, 0];
        framed.extend(bytes);
        let _ = run(&executor(), &framed);
    }
}
