//! Writing an answer: the native executor's half, and the tests'.

use super::{SqlValue, TAG_BLOB, TAG_INTEGER, TAG_NULL, TAG_REAL, TAG_TEXT, VERSION};

/// Writes one answer.
#[derive(Debug)]
pub struct AnswerWriter {
    bytes: Vec<u8>,
}

impl AnswerWriter {
    /// Starts an answer in a used buffer.
    pub fn new(mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        buffer.extend_from_slice(&[VERSION, 0, 0, 0, 0, 0, 0, 0]);
        Self { bytes: buffer }
    }

    /// Counts one more completed statement.
    pub fn ran(&mut self, statements: u32) {
        self.bytes[4..8].copy_from_slice(&statements.to_le_bytes());
    }

    /// A result of [`Want::Changes`].
    pub fn changes(&mut self, changes: u32) {
        self.bytes.extend_from_slice(&changes.to_le_bytes());
    }

    /// Opens a row set and says where its header stands.
    pub fn open_rows(&mut self) -> usize {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 8]);
        at
    }

    /// Closes the row set whose header stands at `at`.
    pub fn close_rows(&mut self, at: usize, rows: u32, ended: bool, columns: u16) {
        self.bytes[at..at + 4].copy_from_slice(&rows.to_le_bytes());
        self.bytes[at + 4] = u8::from(ended);
        self.bytes[at + 6..at + 8].copy_from_slice(&columns.to_le_bytes());
    }

    /// One value of a row.
    pub fn value(&mut self, value: SqlValue<'_>) {
        match value {
            SqlValue::Null => self.bytes.push(TAG_NULL),
            SqlValue::Integer(value) => {
                self.bytes.push(TAG_INTEGER);
                self.bytes.extend_from_slice(&value.to_le_bytes());
            }
            SqlValue::Real(value) => {
                self.bytes.push(TAG_REAL);
                self.bytes.extend_from_slice(&value.to_le_bytes());
            }
            SqlValue::Text(run) | SqlValue::Blob(run) => {
                self.bytes
                    .push(if matches!(value, SqlValue::Text(_)) { TAG_TEXT } else { TAG_BLOB });
                self.bytes.extend_from_slice(&(run.len() as u32).to_le_bytes());
                self.bytes.extend_from_slice(run);
            }
        }
    }

    /// Ends the answer with the error of the statement at `index` (`status` 1), or of the frame (`status` 2).
    pub fn fail(&mut self, status: u8, index: u32, code: i32, message: &str) {
        self.bytes.truncate(8);
        self.bytes[1] = status;
        self.ran(index);
        self.bytes.extend_from_slice(&code.to_le_bytes());
        self.bytes.extend_from_slice(&(message.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(message.as_bytes());
    }

    /// The answer's bytes.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
