//! Packed batches: many requests in one buffer, many replies in one buffer. All integers are little-endian.
//!
//! | batch | | reply | |
//! | --- | --- | --- | --- |
//! | count | u32 | count | u32 |
//! | per request: id | u32 | per reply: id | u32 |
//! | target | u16 length + UTF-8 | status | u16 |
//! | body | u32 length + bytes | reserved | u16 |
//! | | | body | u32 length + bytes |

/// One request of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// Chosen by the client; its reply carries it.
    pub id: u32,
    /// `DynamoDB_20120810.PutItem` and its like.
    pub target: &'a str,
    /// The request's JSON.
    pub body: &'a [u8],
}

/// Reads a packed batch; ends at the first byte that does not follow the layout.
#[derive(Debug)]
pub struct Requests<'a> {
    rest: &'a [u8],
    left: u32,
}

impl<'a> Requests<'a> {
    /// Opens a batch.
    pub fn new(batch: &'a [u8]) -> Self {
        let (left, rest) = read_u32(batch).unwrap_or((0, &[]));
        Self { rest, left }
    }
}

fn read_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (head, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*head), rest))
}

fn read_request(bytes: &[u8]) -> Option<(Request<'_>, &[u8])> {
    let (id, bytes) = read_u32(bytes)?;
    let (length, bytes) = bytes.split_first_chunk()?;
    let (target, bytes) = bytes.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
    let (length, bytes) = read_u32(bytes)?;
    let (body, bytes) = bytes.split_at_checked(length as usize)?;
    // A target that is not UTF-8 names no operation, like an empty one.
    Some((
        Request {
            id,
            target: std::str::from_utf8(target).unwrap_or_default(),
            body,
        },
        bytes,
    ))
}

impl<'a> Iterator for Requests<'a> {
    type Item = Request<'a>;

    fn next(&mut self) -> Option<Request<'a>> {
        self.left = self.left.checked_sub(1)?;
        let (request, rest) = read_request(self.rest)?;
        self.rest = rest;
        Some(request)
    }
}

/// A place in packed replies to go back to.
#[derive(Debug, Clone, Copy)]
pub struct ReplyMark {
    bytes: usize,
    count: u32,
}

/// Writes packed replies.
#[derive(Debug)]
pub struct Replies {
    bytes: Vec<u8>,
    count: u32,
}

impl Replies {
    /// Starts in a used buffer.
    pub fn new(mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        buffer.extend_from_slice(&[0; 4]);
        Self { bytes: buffer, count: 0 }
    }

    /// Opens the reply of a request: its body is written straight into the buffer given to `write`, which answers with the status.
    pub fn open(&mut self, id: u32) -> (usize, &mut Vec<u8>) {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&id.to_le_bytes());
        self.bytes.extend_from_slice(&[0; 8]);
        (at, &mut self.bytes)
    }

    /// Closes the reply that was opened at `at`.
    pub fn close(&mut self, at: usize, status: u16) {
        let body = (self.bytes.len() - at - 12) as u32;
        self.bytes[at + 4..at + 6].copy_from_slice(&status.to_le_bytes());
        self.bytes[at + 8..at + 12].copy_from_slice(&body.to_le_bytes());
        self.count += 1;
        let count = self.count.to_le_bytes();
        self.bytes[..4].copy_from_slice(&count);
    }

    /// Where the replies stand now.
    pub fn mark(&self) -> ReplyMark {
        ReplyMark {
            bytes: self.bytes.len(),
            count: self.count,
        }
    }

    /// Takes back every reply since the mark.
    pub fn rewind(&mut self, mark: ReplyMark) {
        self.bytes.truncate(mark.bytes);
        self.count = mark.count;
        let count = self.count.to_le_bytes();
        self.bytes[..4].copy_from_slice(&count);
    }

    /// The packed replies.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(requests: &[Request<'_>]) -> Vec<u8> {
        let mut bytes = (requests.len() as u32).to_le_bytes().to_vec();
        for request in requests {
            bytes.extend_from_slice(&request.id.to_le_bytes());
            bytes.extend_from_slice(&(request.target.len() as u16).to_le_bytes());
            bytes.extend_from_slice(request.target.as_bytes());
            bytes.extend_from_slice(&(request.body.len() as u32).to_le_bytes());
            bytes.extend_from_slice(request.body);
        }
        bytes
    }

    #[test]
    fn a_batch_is_read_as_it_was_packed_and_a_torn_one_ends_early() {
        let requests = [
            Request {
                id: 7,
                target: "a.B",
                body: b"{}",
            },
            Request {
                id: 9,
                target: "",
                body: b"",
            },
        ];
        let packed = pack(&requests);
        assert_eq!(Requests::new(&packed).collect::<Vec<_>>(), requests);
        for end in 0..packed.len() {
            assert!(Requests::new(&packed[..end]).count() < 2, "cut at {end}");
        }
    }

    #[test]
    fn replies_carry_id_status_and_body() {
        let mut replies = Replies::new(vec![1, 2, 3]);
        let (at, body) = replies.open(7);
        body.extend_from_slice(b"{}");
        replies.close(at, 400);
        assert_eq!(
            replies.finish(),
            [&[1, 0, 0, 0, 7, 0, 0, 0, 0x90, 1, 0, 0, 2, 0, 0, 0][..], b"{}"].concat()
        );
    }
}
