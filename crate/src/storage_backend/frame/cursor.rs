//! Reading bytes in order.

use super::{SqlValue, TAG_BLOB, TAG_INTEGER, TAG_NULL, TAG_REAL, TAG_TEXT};
use crate::storage_backend::error::BackendError;

const PAST_THE_END: BackendError = BackendError::Frame("a length runs past the end");

/// Reads little-endian fields and never past the end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Bytes not read yet.
    #[inline]
    pub(super) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    #[inline]
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], BackendError> {
        let taken = self.at.checked_add(length).and_then(|end| self.bytes.get(self.at..end));
        // Not `ok_or`: an error that is made and dropped with every field costs more than the field.
        let Some(taken) = taken else { return Err(PAST_THE_END) };
        self.at += length;
        Ok(taken)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], BackendError> {
        let Some(taken) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) else {
            return Err(PAST_THE_END);
        };
        self.at += N;
        Ok(*taken)
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8, BackendError> {
        Ok(self.array::<1>()?[0])
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16, BackendError> {
        self.array().map(u16::from_le_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32, BackendError> {
        self.array().map(u32::from_le_bytes)
    }

    #[inline]
    pub(crate) fn i64(&mut self) -> Result<i64, BackendError> {
        self.array().map(i64::from_le_bytes)
    }

    pub(crate) fn f64(&mut self) -> Result<f64, BackendError> {
        self.array().map(f64::from_le_bytes)
    }

    #[inline]
    pub(crate) fn run(&mut self) -> Result<&'a [u8], BackendError> {
        let length = self.u32()? as usize;
        self.take(length)
    }

    /// An integer and a text behind it, which is what most rows are; `None`, and nothing is read, where anything else stands.
    pub(super) fn integer_and_text(&mut self) -> Option<(i64, &'a [u8])> {
        let rest = self.bytes.get(self.at..)?;
        let (head, rest) = rest.split_first_chunk::<14>()?;
        let [TAG_INTEGER, i0, i1, i2, i3, i4, i5, i6, i7, TAG_TEXT, l0, l1, l2, l3] = *head else {
            return None;
        };
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let text = rest.get(..length)?;
        self.at += head.len() + length;
        Some((i64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]), text))
    }

    pub(super) fn value(&mut self) -> Result<SqlValue<'a>, BackendError> {
        Ok(match self.u8()? {
            TAG_NULL => SqlValue::Null,
            TAG_INTEGER => SqlValue::Integer(self.i64()?),
            TAG_REAL => SqlValue::Real(self.f64()?),
            TAG_TEXT => SqlValue::Text(self.run()?),
            TAG_BLOB => SqlValue::Blob(self.run()?),
            _ => return Err(BackendError::Frame("unknown value tag")),
        })
    }
}
