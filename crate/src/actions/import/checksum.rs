//! A sum over the records of a source, by which one is known again that is sent from its beginning.

/// An odd number whose bits look like chance (the golden ratio's).
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The sum over the records read so far, in their order. Sources that differ by mistake differ in it; it is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checksum(u64);

impl Checksum {
    /// Goes on with the next record.
    pub fn add(&mut self, record: &[u8]) {
        for chunk in record.chunks(8) {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(bytes));
        }
        self.mix(record.len() as u64);
    }

    fn mix(&mut self, bits: u64) {
        self.0 = (self.0 ^ bits).wrapping_mul(FACTOR).rotate_left(29);
    }

    /// As it is stored.
    #[allow(clippy::cast_possible_wrap)] // the bits count
    pub fn number(self) -> i64 {
        self.0 as i64
    }
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    fn sum(records: &[&str]) -> i64 {
        let mut sum = Checksum::default();
        for record in records {
            sum.add(record.as_bytes());
        }
        sum.number()
    }

    #[test]
    fn another_record_another_order_and_another_cut_are_another_sum() {
        let source = sum(&["first record", "second"]);
        assert_eq!(source, sum(&["first record", "second"]));
        for other in [
            sum(&["first record"]),
            sum(&["second", "first record"]),
            sum(&["first record ", "second"]),
            sum(&["first recor", "dsecond"]),
            sum(&["first record", "second", ""]),
            sum(&["first record", "secone"]),
        ] {
            assert_ne!(source, other);
        }
    }
}
