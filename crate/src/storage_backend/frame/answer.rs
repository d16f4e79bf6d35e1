//! Reading an answer.

use super::{Cursor, VERSION};
use crate::storage_backend::error::BackendError;

/// One value of a result row. Texts are bytes: whoever needs characters checks them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SqlValue<'a> {
    /// NULL.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// Text as it is stored.
    Text(&'a [u8]),
    /// A blob.
    Blob(&'a [u8]),
}

/// A frame's answer: the results of its statements, read in order.
#[derive(Debug)]
pub struct Answer {
    bytes: Vec<u8>,
    /// The written part of `bytes`, which is kept at full length so that it can be lent out again without clearing.
    length: usize,
    at: usize,
}

impl Answer {
    /// Takes an answer of `length` bytes; a failed frame becomes the failing statement's error.
    pub fn new(bytes: Vec<u8>, length: usize) -> Result<Self, BackendError> {
        let mut answer = Self { bytes, length, at: 0 };
        answer.open()?;
        Ok(answer)
    }

    fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn open(&mut self) -> Result<(), BackendError> {
        let mut cursor = Cursor::new(self.written(), 0);
        if cursor.u8()? != VERSION {
            return Err(BackendError::Frame("the answer has another version"));
        }
        let status = cursor.u8()?;
        cursor.take(6)?;
        if status != 0 {
            let code = cursor.u32()?.cast_signed();
            let message = String::from_utf8_lossy(cursor.run()?);
            return Err(if status == 2 {
                BackendError::Frame("the executor refused the frame")
            } else {
                BackendError::from_sqlite(code, &message)
            });
        }
        self.at = cursor.at();
        Ok(())
    }

    /// The next result, of a statement that wanted [`Want::Changes`].
    pub fn changes(&mut self) -> Result<u32, BackendError> {
        let mut cursor = Cursor::new(self.written(), self.at);
        let changes = cursor.u32()?;
        self.at = cursor.at();
        Ok(changes)
    }

    /// The next result, of a statement that wanted rows. The rows must be read to their end before the next result is.
    pub fn rows(&mut self) -> Result<RowSet<'_>, BackendError> {
        let mut cursor = Cursor::new(self.bytes.get(..self.length).unwrap_or_default(), self.at);
        let header = RowSetHeader::read(&mut cursor)?;
        self.at = cursor.at();
        Ok(RowSet {
            left: header.rows,
            ended: header.ended,
            columns: header.columns,
            cursor,
            end: &mut self.at,
        })
    }

    /// The next result's only value as an integer, or `None` when there is no row.
    pub fn first_integer(&mut self) -> Result<Option<i64>, BackendError> {
        let mut rows = self.rows()?;
        match rows.next_row()? {
            Some(mut row) => row.optional_integer(),
            None => Ok(None),
        }
    }

    /// The next result's only value as a text, or `None` when there is no row.
    pub fn first_text(&mut self) -> Result<Option<String>, BackendError> {
        let mut rows = self.rows()?;
        match rows.next_row()? {
            Some(mut row) => row.optional_string(),
            None => Ok(None),
        }
    }

    /// The rest of the answer as a page of rows, with the buffer it borrows from.
    pub fn into_page(self) -> Result<RowPage, BackendError> {
        let mut cursor = Cursor::new(self.written(), self.at);
        let header = RowSetHeader::read(&mut cursor)?;
        if header.rows > 0 && header.columns != 2 {
            return Err(BackendError::Frame("a page has two columns"));
        }
        let first = cursor.at();
        Ok(RowPage {
            bytes: self.bytes,
            length: self.length,
            first,
            rows: header.rows,
            ended: header.ended,
        })
    }

    /// Gives the buffer back, to be lent to the next frame.
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }
}

struct RowSetHeader {
    rows: u32,
    ended: bool,
    columns: u16,
}

impl RowSetHeader {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, BackendError> {
        let rows = cursor.u32()?;
        let ended = cursor.u8()? != 0;
        cursor.u8()?;
        let columns = cursor.u16()?;
        // A value takes a byte at least: a count the answer cannot hold is refused before anyone makes room for so many rows.
        let least = u64::from(rows) * u64::from(columns.max(1));
        if (rows > 0 && columns == 0) || least > cursor.left() as u64 {
            return Err(BackendError::Frame("a row set is longer than its answer"));
        }
        Ok(Self { rows, ended, columns })
    }
}

/// The rows of one statement.
#[derive(Debug)]
pub struct RowSet<'a> {
    left: u32,
    ended: bool,
    columns: u16,
    cursor: Cursor<'a>,
    end: &'a mut usize,
}

impl<'a> RowSet<'a> {
    /// Whether the statement has no row beyond these.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The number of rows not read yet.
    pub fn len(&self) -> usize {
        self.left as usize
    }

    /// Whether every row has been read.
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// The next row, if there is one.
    pub fn next_row(&mut self) -> Result<Option<Row<'a>>, BackendError> {
        if self.left == 0 {
            *self.end = self.cursor.at();
            return Ok(None);
        }
        self.left -= 1;
        let row = Row {
            cursor: self.cursor,
            left: self.columns,
        };
        for _ in 0..self.columns {
            self.cursor.value()?;
        }
        *self.end = self.cursor.at();
        Ok(Some(row))
    }
}

/// One row; its columns are read from left to right.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    cursor: Cursor<'a>,
    left: u16,
}

impl<'a> Row<'a> {
    /// The next column.
    pub fn value(&mut self) -> Result<SqlValue<'a>, BackendError> {
        if self.left == 0 {
            return Err(BackendError::Frame("a row has fewer columns than were read"));
        }
        self.left -= 1;
        self.cursor.value()
    }

    /// The next column as text, or `None` for NULL.
    pub fn optional_text(&mut self) -> Result<Option<&'a str>, BackendError> {
        match self.value()? {
            SqlValue::Null => Ok(None),
            SqlValue::Text(bytes) | SqlValue::Blob(bytes) => {
                let text = std::str::from_utf8(bytes);
                text.map(Some)
                    .map_err(|_| BackendError::Corrupt("a stored text is not UTF-8".into()))
            }
            _ => Err(BackendError::Corrupt("a stored text is a number".into())),
        }
    }

    /// The next column as text.
    pub fn text(&mut self) -> Result<&'a str, BackendError> {
        self.optional_text()?
            .ok_or_else(|| BackendError::Corrupt("a stored text is missing".into()))
    }

    /// The next column as an owned text.
    pub fn string(&mut self) -> Result<String, BackendError> {
        self.text().map(str::to_owned)
    }

    /// The next column as an owned text, or `None` for NULL.
    pub fn optional_string(&mut self) -> Result<Option<String>, BackendError> {
        Ok(self.optional_text()?.map(str::to_owned))
    }

    /// The next column as an integer, or `None` for NULL.
    pub fn optional_integer(&mut self) -> Result<Option<i64>, BackendError> {
        match self.value()? {
            SqlValue::Null => Ok(None),
            SqlValue::Integer(value) => Ok(Some(value)),
            _ => Err(BackendError::Corrupt("a stored integer has another type".into())),
        }
    }

    /// The next column as an integer.
    pub fn integer(&mut self) -> Result<i64, BackendError> {
        self.optional_integer()?
            .ok_or_else(|| BackendError::Corrupt("a stored integer is missing".into()))
    }

    /// The next column as a size in bytes.
    pub fn size(&mut self) -> Result<usize, BackendError> {
        usize::try_from(self.integer()?).map_err(|_| BackendError::Corrupt("a stored size is negative".into()))
    }
}

/// A page of items, borrowed from the answer buffer: their sizes and their canonical JSON.
#[derive(Debug)]
pub struct RowPage {
    bytes: Vec<u8>,
    length: usize,
    first: usize,
    rows: u32,
    ended: bool,
}

impl RowPage {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows as usize
    }

    /// Whether the page has no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether there is no row beyond this page; false when a bound stopped it (the next page may be empty).
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The rows in order.
    pub fn rows(&self) -> PageRows<'_> {
        let written = self.bytes.get(..self.length).unwrap_or_default();
        PageRows {
            cursor: Cursor::new(written, self.first),
            left: self.rows,
        }
    }

    /// Gives the buffer back, to be lent to the next frame.
    pub fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }
}

/// One item of a page.
#[derive(Debug, Clone, Copy)]
pub struct PageRow<'a> {
    /// The item's size by DynamoDB's rule.
    pub size: usize,
    /// The item's canonical JSON.
    pub json: &'a [u8],
}

/// The rows of a [`RowPage`].
#[derive(Debug)]
pub struct PageRows<'a> {
    cursor: Cursor<'a>,
    left: u32,
}

impl<'a> Iterator for PageRows<'a> {
    type Item = Result<PageRow<'a>, BackendError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        if let Some((size, json)) = self.cursor.integer_and_text() {
            let size = usize::try_from(size).unwrap_or(0);
            return Some(Ok(PageRow { size, json }));
        }
        self.left = 0;
        Some(Err(self.fault()))
    }
}

impl PageRows<'_> {
    /// Why the row at the cursor is none.
    #[cold]
    fn fault(&mut self) -> BackendError {
        match (self.cursor.value(), self.cursor.value()) {
            (Err(error), _) | (_, Err(error)) => error,
            _ => BackendError::Corrupt("a stored item has no size or no text".into()),
        }
    }
}
