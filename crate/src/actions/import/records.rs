//! Cuts a text that arrives in pieces into its records: the lines of a text, or the elements of a JSON array.
//!
//! Which of the two it is the first character tells. A line that is no JSON spoils itself only, which is why lines are cut before anything is
//! parsed. However long a source is, what is kept of it is the record that is being read, and no more of that than a record may have.

use std::ops::Range;

/// Most bytes of a record: an item of 400 kB, however much its text is escaped and indented.
const MOST_RECORD_BYTES: usize = 4 << 20;

/// The mark of byte order that some editors put in front of a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How the records of a text are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Layout {
    /// Nothing but blanks has come yet.
    #[default]
    Unknown,
    /// One record a line.
    Lines,
    /// The elements of an array.
    Array,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A record: [`RecordReader::text`] gives its bytes.
    Record(Range<usize>),
    /// A record longer than any item's.
    TooLong,
    /// The text ends inside an array.
    Unclosed,
}

/// Where in an element of an array the reading has got to.
#[derive(Debug, Default)]
struct Place {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

/// Reads records out of pieces of text.
#[derive(Debug, Default)]
pub struct RecordReader {
    buffer: Vec<u8>,
    /// Where the next record begins.
    at: usize,
    /// What lies before it was looked at.
    scanned: usize,
    layout: Layout,
    place: Place,
    /// The record that is being read is too long: its bytes are let go.
    skipping: bool,
    /// No more of this text will come.
    ended: bool,
}

impl RecordReader {
    /// Takes the next piece of the text.
    pub fn feed(&mut self, piece: &[u8]) {
        self.buffer.drain(..self.at);
        self.scanned -= self.at;
        self.at = 0;
        self.buffer.extend_from_slice(piece);
    }

    /// The text ends here.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// The bytes of a record, until the next piece is taken.
    pub fn text(&self, record: Range<usize>) -> &[u8] {
        self.buffer.get(record).unwrap_or_default()
    }

    /// Bytes held.
    #[cfg(test)]
    fn held(&self) -> usize {
        self.buffer.len() - self.at
    }

    /// The next record, or `None` when it has not come whole. At the end of a text everything begins anew.
    pub fn next(&mut self) -> Option<Found> {
        loop {
            match self.layout {
                Layout::Unknown => {
                    self.at = self.behind_blanks(self.at);
                    self.scanned = self.at;
                    let rest = self.buffer.get(self.at..).unwrap_or_default();
                    if rest.len() < MARK.len() && MARK.starts_with(rest) && !self.ended {
                        return None;
                    }
                    match rest.first() {
                        None => {
                            self.ended = false;
                            return None;
                        }
                        Some(b'[') => {
                            self.at += 1;
                            self.scanned = self.at;
                            self.layout = Layout::Array;
                        }
                        Some(_) => self.layout = Layout::Lines,
                    }
                }
                Layout::Lines => match self.next_line()? {
                    Found::Record(record) if record.is_empty() => {}
                    found => return Some(found),
                },
                Layout::Array => match self.next_element()? {
                    Found::Record(record) if record.is_empty() => {}
                    found => return Some(found),
                },
            }
        }
    }

    /// Behind blanks, and the mark of byte order.
    fn behind_blanks(&self, mut at: usize) -> usize {
        if self.buffer.get(at..).is_some_and(|rest| rest.starts_with(MARK)) {
            at += MARK.len();
        }
        while self.buffer.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        at
    }

    /// What was read up to `end` without its blanks, and the reading goes on at `next`.
    fn cut(&mut self, end: usize, next: usize) -> Found {
        let start = self.at;
        self.at = next;
        self.scanned = next;
        self.place = Place::default();
        if std::mem::take(&mut self.skipping) {
            return Found::TooLong;
        }
        let text = self.buffer.get(start..end).unwrap_or_default();
        let blank = |byte: &&u8| byte.is_ascii_whitespace();
        let before = text.iter().take_while(blank).count();
        let behind = text.iter().rev().take_while(blank).count();
        let end = (start + text.len() - behind).max(start + before);
        Found::Record(start + before..end)
    }

    /// Everything was looked at and the record has no end yet.
    fn starve(&mut self) {
        self.scanned = self.buffer.len();
        if self.scanned - self.at > MOST_RECORD_BYTES {
            self.skipping = true;
        }
        if self.skipping {
            self.at = self.scanned;
        }
    }

    /// Goes on with the next text.
    fn restart(&mut self) {
        self.layout = Layout::Unknown;
        self.ended = false;
    }

    fn next_line(&mut self) -> Option<Found> {
        let rest = self.buffer.get(self.scanned..).unwrap_or_default();
        if let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
            let end = self.scanned + length;
            return Some(self.cut(end, end + 1));
        }
        self.starve();
        if !self.ended {
            return None;
        }
        let end = self.buffer.len();
        let last = self.cut(end, end);
        self.restart();
        Some(last)
    }

    fn next_element(&mut self) -> Option<Found> {
        while let Some(&byte) = self.buffer.get(self.scanned) {
            let end = self.scanned;
            self.scanned += 1;
            let place = &mut self.place;
            if place.in_string {
                match byte {
                    _ if place.escaped => place.escaped = false,
                    b'\\' => place.escaped = true,
                    b'"' => place.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => place.in_string = true,
                b'{' | b'[' => place.depth += 1,
                b']' if place.depth == 0 => {
                    // Another text may follow.
                    self.layout = Layout::Unknown;
                    return Some(self.cut(end, end + 1));
                }
                b'}' | b']' => place.depth = place.depth.saturating_sub(1),
                b',' if place.depth == 0 => return Some(self.cut(end, end + 1)),
                _ => {}
            }
        }
        self.starve();
        if !self.ended {
            return None;
        }
        self.skipping = false;
        let end = self.buffer.len();
        self.cut(end, end);
        self.restart();
        Some(Found::Unclosed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of texts that come in pieces of a length.
    fn records(texts: &[&str], piece: usize) -> Vec<String> {
        let mut reader = RecordReader::default();
        let mut found = Vec::new();
        let mut take = |reader: &mut RecordReader| {
            while let Some(next) = reader.next() {
                found.push(match next {
                    Found::Record(record) => String::from_utf8_lossy(reader.text(record)).into_owned(),
                    Found::TooLong => "too long".to_owned(),
                    Found::Unclosed => "unclosed".to_owned(),
                });
            }
        };
        for text in texts {
            for bytes in text.as_bytes().chunks(piece) {
                reader.feed(bytes);
                take(&mut reader);
            }
            reader.end();
            take(&mut reader);
        }
        found
    }

    #[test]
    fn records_do_not_depend_on_how_their_text_is_cut() {
        let texts = [
            "\u{feff}{\"a\":1}\r\n\n  {\"b\":\"\\\"}\"}  \nnonsense {\n{\"c\":[1,2]}",
            " [ {\"a\":\"],\\\"\"} , 7,[1,[2]],\n{\"b\":{\"c\":[]}} ]\n",
            "[]",
            "",
            "[1][2]\n",
            "[{\"a\":1},{\"b\":",
            "{\"last\":1}\n",
        ];
        let expected = [
            "{\"a\":1}",
            "{\"b\":\"\\\"}\"}",
            "nonsense {",
            "{\"c\":[1,2]}",
            "{\"a\":\"],\\\"\"}",
            "7",
            "[1,[2]]",
            "{\"b\":{\"c\":[]}}",
            "1",
            "2",
            "{\"a\":1}",
            "unclosed",
            "{\"last\":1}",
        ];
        for piece in [1, 2, 3, 7, 1000] {
            assert_eq!(records(&texts, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn a_record_longer_than_any_item_is_let_go_while_it_is_read() {
        let long = "x".repeat(MOST_RECORD_BYTES * 2);
        let line = format!("1\n{long}\n2\n");
        let array = format!("[1,\"{long}\",2]");
        for text in [line, array] {
            assert_eq!(records(&[&text], 1 << 20), ["1", "too long", "2"]);
            let mut reader = RecordReader::default();
            let mut most = 0;
            for piece in text.as_bytes().chunks(1 << 16) {
                reader.feed(piece);
                while reader.next().is_some() {}
                most = most.max(reader.held());
            }
            assert!(most <= MOST_RECORD_BYTES + (1 << 16), "{most} bytes held");
        }
    }
}
