//! The hash of partition keys, which orders scans and deals out the segments of a parallel one (rule 59), and digests.

use super::key::decode_binary;
use md5::{Digest, Md5};
use std::ops::Range;

/// The first 24 bits of `md5("Outliers" + partition key)`. The service deals out 4096 buckets by the first 12 of them; the others only
/// order the items within one.
///
/// The argument is the key's text (see [`key`](super::key)); hashed are the string's own bytes, a binary's bytes, and a number's text.
pub fn hash_prefix(key_text: &str) -> u32 {
    let mut digest = Md5::new();
    digest.update(b"Outliers");
    if let Some(bytes) = decode_binary(key_text) {
        digest.update(&bytes);
    } else {
        digest.update(key_text.strip_prefix('\0').unwrap_or(key_text));
    }
    let digest = digest.finalize();
    u32::from_be_bytes([0, digest[0], digest[1], digest[2]])
}

/// The hash prefixes of the partition keys in a segment of a parallel scan, whose segment is `bucket × total / 4096` rounded down. Empty
/// for a segment no bucket falls into, as happens when there are more than 4096.
pub fn segment_range(segment: u32, total: u32) -> Range<u32> {
    // The first bucket of a segment.
    let first = |segment: u64| -> u32 {
        let bucket = (segment * 4096).div_ceil(u64::from(total.max(1))).min(4096);
        (bucket as u32) << 12
    };
    first(u64::from(segment))..first(u64::from(segment) + 1)
}

/// A digest in 32 hexadecimal digits: of two requests under one token it tells whether they are the same, and it names events.
pub fn digest_text(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(32);
    for byte in Md5::digest(bytes) {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests;
