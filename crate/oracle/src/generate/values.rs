//! Random values and items.

use std::collections::BTreeSet;

use crate::database::START;
use crate::decimal::Decimal;
use crate::random::Random;
use crate::table::Table;
use crate::value::{Item, Value};

/// Attributes that keys of indexes are made of, and their types.
pub const KEY_POOL: [(&str, &str); 8] = [
    ("a", "S"),
    ("b", "N"),
    ("c", "B"),
    ("d", "S"),
    ("e", "N"),
    ("f", "B"),
    ("g", "S"),
    ("h", "N"),
];

/// Attributes that are keys of nothing.
pub const OTHERS: [&str; 11] = [
    "num",
    "lst",
    "doc",
    "tags",
    "nums",
    "blobs",
    "spare",
    "status",
    "expires",
    "odd name.x-1",
    "é",
];

/// Members of maps.
const FIELDS: [&str; 6] = ["x", "y", "lst", "num", "status", "odd name.x-1"];

const STRINGS: [&str; 10] = ["\0", "\0a", "\u{1}", "a", "a\0", "ab", "abc", "b", "é", "\u{1F600}"];
const NUMBERS: [&str; 10] = ["-10", "-1.5", "-1", "0", "0.5", "1", "9.75", "10", "120", "100000000000000000000"];
/// Numbers with which arithmetic goes wrong.
const EXTREMES: [&str; 6] = [
    "9.9999999999999999999999999999999999999e125",
    "-9.9999999999999999999999999999999999999e125",
    "1e-130",
    "-1e125",
    "12345678901234567890123456789012345678",
    "0.00000000000000000001",
];
const BINARIES: [&[u8]; 8] = [&[0], &[0, 0], &[0, 1], &[1], &[127], &[128], &[255], &[255, 0]];

fn number_of(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|_| Decimal::zero())
}

/// A number.
pub fn number(random: &mut Random) -> Decimal {
    match random.below(8) {
        0 => Decimal::integer(random.below(2000).cast_signed() - 1000),
        1 if random.percent(40) => number_of(random.pick(&EXTREMES)),
        _ => number_of(random.pick(&NUMBERS)),
    }
}

/// A value for a key of that type.
pub fn key_value(random: &mut Random, kind: &str) -> Value {
    match kind {
        "S" => Value::S(random.pick(&STRINGS).to_owned()),
        "N" => Value::N(number_of(random.pick(&NUMBERS))),
        _ => Value::B(random.pick(&BINARIES).to_vec()),
    }
}

/// A string, number or binary.
pub fn scalar(random: &mut Random) -> Value {
    match random.below(6) {
        0 => Value::N(number(random)),
        1 => Value::S(["", "ab\"c\\", "line\n"][random.below(3)].to_owned()),
        2 => Value::B(Vec::new()),
        _ => {
            let kind = random.pick(&["S", "N", "B"]);
            key_value(random, kind)
        }
    }
}

fn members<T: Ord>(random: &mut Random, member: impl Fn(&mut Random) -> T) -> BTreeSet<T> {
    (0..random.within(1..4)).map(|_| member(random)).collect()
}

/// A set of that type.
pub fn set(random: &mut Random, kind: &str) -> Value {
    match kind {
        "SS" => Value::Ss(members(random, |random| random.pick(&STRINGS).to_owned())),
        "NS" => Value::Ns(members(random, |random| number_of(random.pick(&NUMBERS)))),
        _ => Value::Bs(members(random, |random| random.pick(&BINARIES).to_vec())),
    }
}

/// A list.
pub fn list(random: &mut Random, depth: usize) -> Value {
    Value::L((0..random.below(5)).map(|_| value(random, depth + 1)).collect())
}

fn map(random: &mut Random, depth: usize) -> Value {
    let members = (0..random.below(4)).map(|_| (random.pick(&FIELDS).to_owned(), value(random, depth + 1)));
    Value::M(members.collect())
}

/// The name of a member that a map may have.
pub fn field(random: &mut Random) -> String {
    random.pick(&FIELDS).to_owned()
}

/// Any value.
pub fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth < 3 { 12 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(random.percent(50)),
        2 => {
            let kind = random.pick(&["SS", "NS", "BS"]);
            set(random, kind)
        }
        8 | 9 => list(random, depth),
        10 | 11 => map(random, depth),
        _ => scalar(random),
    }
}

/// When an item expires: in a while, or some time ago, or too long ago to expire (rule 96).
fn expiry(random: &mut Random) -> Value {
    const DAYS: isize = 24 * 60 * 60;
    let offset = match random.below(10) {
        0 => -5 * 365 * DAYS - 10 * DAYS,
        1 => -5 * 365 * DAYS + 10 * DAYS,
        2..5 => -random.within(1..1000).cast_signed(),
        _ => random.within(0..2000).cast_signed(),
    };
    let seconds = (START / 1000).cast_signed() + offset;
    match random.below(12) {
        0 => Value::S(seconds.to_string()),
        1 => Value::N(number_of(&format!("{seconds}.75"))),
        2 => Value::N(Decimal::integer(seconds * 1000)),
        _ => Value::N(Decimal::integer(seconds)),
    }
}

/// A value for an attribute: what indexes want of it, where they are over it; seldom something else.
pub fn of_attribute(random: &mut Random, name: &str) -> Value {
    if let Some((_, kind)) = KEY_POOL.iter().find(|(other, _)| *other == name) {
        return match random.below(60) {
            0 => value(random, 0),
            1 if *kind == "S" => Value::S(String::new()),
            1 if *kind == "B" => Value::B(Vec::new()),
            _ => key_value(random, kind),
        };
    }
    match name {
        "num" => Value::N(number(random)),
        "expires" => expiry(random),
        "lst" => list(random, 0),
        "doc" => map(random, 0),
        "tags" => set(random, "SS"),
        "nums" => set(random, "NS"),
        "blobs" => set(random, "BS"),
        // Two of them fit the key of an index, which an update may copy them to (rule 18).
        "status" if random.percent(10) => Value::S("x".repeat(random.within(300..500))),
        "status" => Value::S(random.pick(&STRINGS).to_owned()),
        _ => value(random, 0),
    }
}

/// The name of any attribute but the table's key.
pub fn attribute(random: &mut Random) -> String {
    if random.percent(45) {
        random.pick(&KEY_POOL).0.to_owned()
    } else {
        random.pick(&OTHERS).to_owned()
    }
}

/// A key.
pub fn key(random: &mut Random, table: &Table) -> Item {
    let names = table.keys().into_iter();
    // Few partitions, so that they have several items.
    names
        .map(|name| {
            let kind = table.kind_of(name);
            let mut one = if name == "pk" {
                Random::new(random.below(4) as u64)
            } else {
                Random::new(random.any())
            };
            (name.to_owned(), key_value(&mut one, kind))
        })
        .collect()
}

/// An item.
pub fn item(random: &mut Random, table: &Table) -> Item {
    let mut item = key(random, table);
    for (name, _) in KEY_POOL {
        if random.percent(60) {
            // What is no key may be anything, and be in the way of a key that it becomes.
            let free = !table.types.contains_key(name) && random.percent(8);
            let value = if free { value(random, 0) } else { of_attribute(random, name) };
            item.insert(name.to_owned(), value);
        }
    }
    for name in OTHERS {
        if random.percent(if matches!(name, "lst" | "doc" | "expires") { 45 } else { 25 }) {
            item.insert(name.to_owned(), of_attribute(random, name));
        }
    }
    item
}
