//! The hash against observations of the service, and the segments against its formula.

use super::*;
use crate::model::{AttributeValue, Number, encode_key, encode_key_part};
use proptest::prelude::*;

fn bucket(key_text: &str) -> u32 {
    hash_prefix(key_text) >> 12
}

#[test]
fn strings_fall_into_the_buckets_of_rule_59() {
    for (key, expected) in [("3635", 0), ("228", 0), ("1668", 1), ("3435", 4)] {
        assert_eq!(bucket(key), expected, "{key}");
    }
}

#[test]
fn the_bytes_of_the_value_are_hashed_and_not_their_encoding() {
    let text = |value: AttributeValue| encode_key_part(&value).unwrap();
    assert_eq!(hash_prefix(&text(AttributeValue::B(b"3435".to_vec()))), hash_prefix("3435"));
    let md5 = |bytes: &[u8]| {
        let digest = Md5::new().chain_update(b"Outliers").chain_update(bytes).finalize();
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) >> 8
    };
    assert_eq!(hash_prefix(&text(AttributeValue::B(vec![0xff, 0]))), md5(&[0xff, 0]));
    assert_eq!(hash_prefix(&text(AttributeValue::S("\u{1}a".to_owned()))), md5(b"\x01a"));
    assert_eq!(hash_prefix(&text(AttributeValue::S("\0é".to_owned()))), md5("\0é".as_bytes()));
    assert_eq!(hash_prefix(&text(AttributeValue::N(Number::from_u64(5)))), md5(b"1825"));
}

#[test]
fn composed_keys_have_a_hash_whatever_their_first_part_looks_like() {
    let binary = AttributeValue::B(vec![1]);
    let string = AttributeValue::S("\u{10ffff}".to_owned());
    for parts in [[&binary, &string], [&string, &binary], [&binary, &binary]] {
        assert!(hash_prefix(&encode_key(&parts).unwrap()) < 1 << 24);
    }
}

proptest! {
    #[test]
    fn a_prefix_lies_in_the_segment_of_its_bucket(key in "\\PC{0,8}", total in prop_oneof![1..20u32, 1..5000u32, 1..=1_000_000u32]) {
        let prefix = hash_prefix(&key);
        let segment = u64::from(prefix >> 12) * u64::from(total) / 4096;
        let range = segment_range(u32::try_from(segment).unwrap(), total);
        prop_assert!(range.contains(&prefix));
    }

    #[test]
    fn segments_follow_each_other_without_gaps(total in prop_oneof![1..20u32, 1..10_000u32]) {
        let mut end = 0;
        for segment in 0..total {
            let range = segment_range(segment, total);
            prop_assert_eq!(range.start, end);
            prop_assert!(range.end >= range.start);
            end = range.end;
        }
        prop_assert_eq!(end, 1 << 24);
    }
}
