//! JSON as a flat tape: one array of nodes for the whole document, no allocation per node, the text borrowed.
//!
//! A request is parsed once into a [`Document`]; the rooms above read it through [`Value`], a position on the tape. Strings are unescaped
//! only when somebody asks for them, and every value keeps its byte span, so that errors can name a line and a column.
//!
//! The grammar is RFC 8259, strictly. Three decisions where the RFC leaves room: of duplicate member names the last wins; an escaped
//! lone surrogate (`\ud800`) becomes `?`, which is what Java's UTF-8 encoder (and so the service) makes of it; nesting beyond
//! [`MAX_DEPTH`] is an error. Parsing is a loop and not a recursion, so deep input cannot overflow the stack.

mod parser;
mod text;
mod value;

pub(super) use parser::skip_ordinary;
pub use text::write_json_string;
pub use value::{Elements, Kind, Members, Value};

use std::fmt;

/// How many arrays and objects may lie inside each other: far beyond the 32 levels an item may have (two of ours each), and small
/// enough for a reader that does recurse.
pub const MAX_DEPTH: usize = 1000;

/// Most nodes of a tape that is kept for the next document.
const KEPT_NODES: usize = 1 << 16;

/// One value or member name on the tape. An object's children alternate name, value, name, value.
#[derive(Clone, Copy)]
struct Node {
    /// Byte offset of the first character (the quote of a string, the bracket of an array).
    start: u32,
    /// Byte offset after the last character.
    end: u32,
    /// Tape index after this node and everything in it; the parent's index while a container is still open.
    next: u32,
    tag: Tag,
}

/// What a node is. Strings without a backslash are told apart, because they are their own text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Null,
    True,
    False,
    Integer,
    Decimal,
    Plain,
    Escaped,
    Array,
    Object,
}

/// The memory of a document that is done with, for the next one.
#[derive(Default)]
pub struct Tape(Vec<Node>);

/// A parsed JSON text.
pub struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// Parses a whole text; anything but blanks after the value is an error.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, JsonError> {
        Self::parse_on(Tape::default(), bytes)
    }

    /// The same on a used tape. [`Document::into_tape`] gives it back.
    pub fn parse_on(tape: Tape, bytes: &'a [u8]) -> Result<Self, JsonError> {
        let text = std::str::from_utf8(bytes).map_err(|error| JsonError::new(error.valid_up_to(), JsonErrorKind::InvalidUtf8))?;
        let nodes = parser::parse(text, tape.0)?;
        Ok(Self { text, nodes })
    }

    /// The tape, to be used again; that of an uncommonly large text is let go.
    pub fn into_tape(self) -> Tape {
        if self.nodes.capacity() > KEPT_NODES {
            return Tape::default();
        }
        Tape(self.nodes)
    }

    /// The document's value.
    pub fn root(&self) -> Value<'_> {
        Value::at(self, 0)
    }

    /// Line and column of a byte offset, both from 1, columns in bytes: the place where a strict deserialiser says it stopped.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let line = before.split(|&byte| byte == b'\n').count();
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        (line, before.len() - line_start + 1)
    }
}

/// Why a text is not JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Byte offset in the text.
    pub offset: usize,
    /// What is wrong there.
    pub kind: JsonErrorKind,
}

/// What can be wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The text ends inside a value.
    UnexpectedEnd,
    /// A character that cannot stand here.
    UnexpectedCharacter,
    /// A control character inside a string; it has to be escaped.
    ControlCharacter,
    /// A backslash that starts no escape sequence.
    InvalidEscape,
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// Longer than 4 GiB, which the tape's offsets cannot count.
    TooLong,
}

impl JsonError {
    fn new(offset: usize, kind: JsonErrorKind) -> Self {
        Self { offset, kind }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            JsonErrorKind::UnexpectedEnd => "the JSON text ends too early",
            JsonErrorKind::UnexpectedCharacter => "unexpected character",
            JsonErrorKind::ControlCharacter => "control character in a string",
            JsonErrorKind::InvalidEscape => "invalid escape sequence",
            JsonErrorKind::InvalidUtf8 => "invalid UTF-8",
            JsonErrorKind::TooDeep => "nested too deep",
            JsonErrorKind::TooLong => "the JSON text is too long",
        };
        write!(f, "{what} at byte {}", self.offset)
    }
}

impl std::error::Error for JsonError {}

#[cfg(test)]
mod tests;
