//! Building a frame.

use super::{FLAG_ITEM_ROWS, FLAG_ONCE, FLAG_SQL, SqlText, TAG_BLOB, TAG_INTEGER, TAG_NULL, TAG_REAL, TAG_SHARED, TAG_TEXT, VERSION, Want};
use crate::storage_backend::sql_builders::SqlParam;

/// Texts from this length on are looked up among the frame's recent long texts, and travel once.
const SHARED_FROM: usize = 48;

/// Builds one frame.
#[derive(Debug)]
pub struct FrameWriter {
    bytes: Vec<u8>,
    count: u32,
    /// Offset and length of the frame's latest long texts, newest last.
    long_texts: [(u32, u32); 4],
    next_long: usize,
}

impl Default for FrameWriter {
    fn default() -> Self {
        let mut writer = Self {
            bytes: Vec::with_capacity(1024),
            count: 0,
            long_texts: [(0, 0); 4],
            next_long: 0,
        };
        writer.clear();
        writer
    }
}

impl FrameWriter {
    /// Empties the frame and keeps its memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.extend_from_slice(&[VERSION, 0, 0, 0, 0, 0, 0, 0]);
        self.count = 0;
        self.long_texts = [(0, 0); 4];
        self.next_long = 0;
    }

    /// The number of statements in the frame.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Appends one statement.
    pub fn statement(&mut self, id: u32, sql: SqlText<'_>, want: Want, params: &[SqlParam<'_>]) {
        self.bytes.extend_from_slice(&id.to_le_bytes());
        self.bytes.push(want.code());
        let (flags, text) = match sql {
            SqlText::Known => (0, None),
            SqlText::New(text) => (FLAG_SQL, Some(text)),
            SqlText::Once(text) => (FLAG_ONCE, Some(text)),
        };
        let item_rows = if matches!(want, Want::Page { .. }) { FLAG_ITEM_ROWS } else { 0 };
        self.bytes.push(flags | item_rows);
        self.bytes.extend_from_slice(&(params.len() as u16).to_le_bytes());
        if let Some(text) = text {
            self.bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
            self.bytes.extend_from_slice(text.as_bytes());
        }
        if let Want::Page { most_rows, most_weight } = want {
            // The size is the first column.
            self.bytes.extend_from_slice(&0u16.to_le_bytes());
            self.bytes.extend_from_slice(&most_rows.to_le_bytes());
            self.bytes.extend_from_slice(&most_weight.to_le_bytes());
        }
        for param in params {
            self.param(*param);
        }
        self.count += 1;
        let count = self.count.to_le_bytes();
        self.bytes[4..8].copy_from_slice(&count);
    }

    fn param(&mut self, param: SqlParam<'_>) {
        match param {
            SqlParam::Null => self.bytes.push(TAG_NULL),
            SqlParam::Integer(value) => {
                self.bytes.push(TAG_INTEGER);
                self.bytes.extend_from_slice(&value.to_le_bytes());
            }
            SqlParam::Real(value) => {
                self.bytes.push(TAG_REAL);
                self.bytes.extend_from_slice(&value.to_le_bytes());
            }
            SqlParam::Blob(value) => self.run_of_bytes(TAG_BLOB, value),
            SqlParam::Text(value) if value.len() < SHARED_FROM => self.run_of_bytes(TAG_TEXT, value.as_bytes()),
            SqlParam::Text(value) => self.long_text(value.as_bytes()),
        }
    }

    /// A text that is worth looking for among the earlier ones.
    fn long_text(&mut self, value: &[u8]) {
        let length = value.len() as u32;
        if let Some(offset) = self.shared(value) {
            self.bytes.push(TAG_SHARED);
            self.bytes.extend_from_slice(&offset.to_le_bytes());
            self.bytes.extend_from_slice(&length.to_le_bytes());
            return;
        }
        self.run_of_bytes(TAG_TEXT, value);
        self.long_texts[self.next_long % 4] = (self.bytes.len() as u32 - length, length);
        self.next_long += 1;
    }

    fn run_of_bytes(&mut self, tag: u8, value: &[u8]) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(value);
    }

    /// Where the same bytes stand in this frame already, if they are among the latest long texts.
    fn shared(&self, value: &[u8]) -> Option<u32> {
        self.long_texts.iter().find_map(|&(offset, length)| {
            let earlier = self.bytes.get(offset as usize..(offset + length) as usize)?;
            (earlier == value).then_some(offset)
        })
    }

    /// The frame's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
