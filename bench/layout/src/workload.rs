//! Keys and items: deterministic, so that two runs and all layouts see the same bytes.

/// A small deterministic generator (`splitmix64`); the statistics of better ones are not needed here.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator whose sequence is a function of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound` (which must not be 0).
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// A full primary key, with the 24-bit hash prefix of its partition key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Hash prefix, equal for all items of one partition.
    pub h: i64,
    /// Partition key text.
    pub pk: String,
    /// Sort key text.
    pub sk: String,
}

/// The sizes of a table's items: one size, or a mix.
#[derive(Clone, Copy, Debug)]
pub struct ItemSizes {
    /// The name in the tables.
    pub name: &'static str,
    /// (percent of the items, bytes); the percents add up to 100.
    pub mix: &'static [(usize, usize)],
}

impl ItemSizes {
    /// The average size in bytes.
    pub fn mean(&self) -> usize {
        self.mix.iter().map(|(percent, bytes)| percent * bytes).sum::<usize>() / 100
    }

    fn draw(&self, random: &mut Random) -> usize {
        let mut point = random.below(100);
        for &(percent, bytes) in self.mix {
            if point < percent {
                return bytes;
            }
            point -= percent;
        }
        self.mean()
    }
}

/// The keys of one table, and texts of items of its sizes.
#[derive(Debug)]
pub struct Workload {
    /// Keys in table, in the (shuffled) order of their insertion.
    pub keys: Vec<Key>,
    /// Keys not in the table, spread over the same partitions.
    pub absent: Vec<Key>,
    sizes: ItemSizes,
    letters: String,
}

impl Workload {
    /// Keys for `table_bytes` of items (at least 40 of them), in partitions of `per_partition`.
    pub fn new(sizes: ItemSizes, table_bytes: usize, per_partition: usize) -> Self {
        let item_bytes = sizes.mean();
        let largest = sizes.mix.iter().map(|&(_, bytes)| bytes).max().unwrap_or(0);
        let mut random = Random::new(item_bytes as u64);
        let count = (table_bytes / item_bytes).max(40);
        let partitions = count.div_ceil(per_partition);
        let hashes: Vec<i64> = (0..partitions).map(|_| i64::from((random.next() >> 40) as u32)).collect();
        let key = |partition: usize, sort: usize| Key {
            h: hashes[partition],
            pk: format!("CUSTOMER#{partition:08}"),
            sk: format!("ORDER#2026-01-{:02}#{sort:08}", sort % 28),
        };
        let mut keys: Vec<Key> = (0..count).map(|i| key(i / per_partition, 2 * (i % per_partition))).collect();
        for i in (1..keys.len()).rev() {
            keys.swap(i, random.below(i + 1));
        }
        let absent = (0..operations(item_bytes))
            .map(|i| key(random.below(partitions), 2 * i + 1))
            .collect();
        let letters = (0..2 * largest + 4096).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
        Self {
            keys,
            absent,
            sizes,
            letters,
        }
    }

    /// Writes canonical-JSON-like text of a drawn size +- 20 % into `text`. Lengths vary because equal ones would sit exactly on
    /// (or beside) SQLite's spill thresholds, and because an update with an equal length takes a path real updates rarely take.
    pub fn write_item(&self, random: &mut Random, text: &mut String) {
        let bytes = self.sizes.draw(random);
        let fifth = bytes / 5;
        let length = bytes - fifth + random.below(2 * fifth + 1);
        let body = length.saturating_sub(20);
        let from = random.below(self.letters.len() - body);
        text.clear();
        text.push_str("{\"payload\":{\"S\":\"");
        text.push_str(&self.letters[from..from + body]);
        text.push_str("\"}}");
    }
}

/// Operations of one kind in one round: enough for the clock, few enough for large items.
pub fn operations(item_bytes: usize) -> usize {
    (1_500_000 / item_bytes).clamp(12, 300)
}
