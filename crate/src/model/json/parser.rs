//! From text to tape. While a container is open its `next` holds its parent's index, so the stack of open containers is the tape itself.

use super::{JsonError, JsonErrorKind, MAX_DEPTH, Node, Tag};

/// "No container is open": no tape has this many nodes, as every node takes a byte of a text shorter than this.
const NONE: u32 = u32::MAX;

/// Parses a text into its nodes, which take the place of those that are there; node 0 is the root.
pub(super) fn parse(text: &str, mut nodes: Vec<Node>) -> Result<Vec<Node>, JsonError> {
    if text.len() >= NONE as usize {
        return Err(JsonError::new(0, JsonErrorKind::TooLong));
    }
    nodes.clear();
    // DynamoDB JSON has a node every five bytes or so; large texts grow as they need.
    nodes.reserve((text.len() / 5 + 4).min(1 << 16));
    let mut parser = Parser {
        bytes: text.as_bytes(),
        at: 0,
        nodes,
    };
    parser.document()?;
    Ok(parser.nodes)
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), JsonError> {
        let mut open = NONE;
        let mut depth = 0;
        'value: loop {
            match self.peek_after_blanks()? {
                b'"' => self.string()?,
                bracket @ (b'{' | b'[') => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(self.error(JsonErrorKind::TooDeep));
                    }
                    let is_object = bracket == b'{';
                    let index = self.nodes.len() as u32;
                    let tag = if is_object { Tag::Object } else { Tag::Array };
                    self.push(self.at, open, tag);
                    open = index;
                    self.at += 1;
                    let closing = if is_object { b'}' } else { b']' };
                    if self.peek_after_blanks()? != closing {
                        if is_object {
                            self.member_name()?;
                        }
                        continue 'value;
                    }
                    // Empty: the loop below sees the closing bracket.
                }
                b't' => self.word(b"true", Tag::True)?,
                b'f' => self.word(b"false", Tag::False)?,
                b'n' => self.word(b"null", Tag::Null)?,
                _ => self.number()?,
            }
            // A value is complete, or the innermost container is empty and about to close.
            loop {
                if open == NONE {
                    self.skip_blanks();
                    return match self.bytes.get(self.at) {
                        None => Ok(()),
                        Some(_) => Err(self.error(JsonErrorKind::UnexpectedCharacter)),
                    };
                }
                let is_object = self.nodes[open as usize].tag == Tag::Object;
                match self.peek_after_blanks()? {
                    b',' => {
                        self.at += 1;
                        if is_object {
                            self.member_name()?;
                        }
                        continue 'value;
                    }
                    b'}' if is_object => {}
                    b']' if !is_object => {}
                    _ => return Err(self.error(JsonErrorKind::UnexpectedCharacter)),
                }
                self.at += 1;
                depth -= 1;
                let after = self.nodes.len() as u32;
                let container = &mut self.nodes[open as usize];
                open = container.next;
                container.next = after;
                container.end = self.at as u32;
            }
        }
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError::new(self.at, kind)
    }

    #[inline]
    fn push(&mut self, start: usize, next: u32, tag: Tag) {
        self.nodes.push(Node {
            start: start as u32,
            end: self.at as u32,
            next,
            tag,
        });
    }

    /// A finished node without children.
    #[inline]
    fn push_leaf(&mut self, start: usize, tag: Tag) {
        let next = self.nodes.len() as u32 + 1;
        self.push(start, next, tag);
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    #[inline]
    fn peek_after_blanks(&mut self) -> Result<u8, JsonError> {
        self.skip_blanks();
        self.peek()
    }

    #[inline]
    fn peek(&self) -> Result<u8, JsonError> {
        match self.bytes.get(self.at) {
            Some(&byte) => Ok(byte),
            None => Err(self.error(JsonErrorKind::UnexpectedEnd)),
        }
    }

    fn member_name(&mut self) -> Result<(), JsonError> {
        if self.peek_after_blanks()? != b'"' {
            return Err(self.error(JsonErrorKind::UnexpectedCharacter));
        }
        self.string()?;
        if self.peek_after_blanks()? != b':' {
            return Err(self.error(JsonErrorKind::UnexpectedCharacter));
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &[u8], tag: Tag) -> Result<(), JsonError> {
        let start = self.at;
        for &letter in word {
            if self.peek()? != letter {
                return Err(self.error(JsonErrorKind::UnexpectedCharacter));
            }
            self.at += 1;
        }
        self.push_leaf(start, tag);
        Ok(())
    }

    /// A string whose opening quote is at the current position.
    fn string(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        let mut tag = Tag::Plain;
        self.at += 1;
        loop {
            self.at = skip_ordinary(self.bytes, self.at);
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    self.push_leaf(start, tag);
                    return Ok(());
                }
                b'\\' => {
                    tag = Tag::Escaped;
                    self.at += 1;
                    match self.peek()? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                        b'u' => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek()?.is_ascii_hexdigit() {
                                    return Err(self.error(JsonErrorKind::InvalidEscape));
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.error(JsonErrorKind::InvalidEscape)),
                    }
                }
                _ => return Err(self.error(JsonErrorKind::ControlCharacter)),
            }
        }
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        let mut tag = Tag::Integer;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            tag = Tag::Decimal;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            tag = Tag::Decimal;
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.push_leaf(start, tag);
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), JsonError> {
        if !self.peek()?.is_ascii_digit() {
            return Err(self.error(JsonErrorKind::UnexpectedCharacter));
        }
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        Ok(())
    }
}

/// The first position from `at` on that holds a quote, a backslash or a control character, or the end; eight bytes a step.
pub(in crate::model) fn skip_ordinary(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let rest = bytes.get(at..).unwrap_or_default();
    let (chunks, tail) = rest.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        // The second bit exchanges the quote (0x22) with the blank, which then follows the control characters.
        let quote_or_control = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        // The lowest flagged byte is exact (borrows only spoil bytes above it), and the lowest is all we need.
        let found = (quote_or_control | backslash) & !word & HIGH;
        if found != 0 {
            return at + index * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    let ordinary = |byte: &&u8| **byte >= 0x20 && **byte != b'"' && **byte != b'\\';
    at + chunks.len() * 8 + tail.iter().take_while(ordinary).count()
}
