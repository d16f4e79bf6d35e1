//! Hashing statements. They are a few small integers, none of them chosen by a user, for which the standard library's hash is too careful:
//! every statement of every request is looked up. Every table of every request is, too; who chose names that collide would slow down
//! nobody but his own page.

use std::hash::{BuildHasherDefault, Hasher};

/// What hash maps by statement are built with.
pub type StatementHash = BuildHasherDefault<StatementHasher>;

/// Mixes word after word by a rotation, an exclusive or and a multiplication.
#[derive(Debug, Default)]
pub struct StatementHasher(u64);

impl StatementHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for StatementHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mix(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    /// The upper half is the better mixed one, and tables look at the lower.
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
