//! Prints sequences of requests and the answers to them, a line each: `dynatab-oracle COUNT SEED`, or `dynatab-oracle --sequence SEED` for
//! one of them.

use std::io::Write as _;

use dynatab_oracle::generate::{Sequence, seed_of};
use dynatab_oracle::transcript;

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok()).unwrap_or_default();
    let seeds: Vec<u64> = match words.first().map(String::as_str) {
        Some("--sequence") => vec![number(1)],
        _ => (0..usize::try_from(number(0)).unwrap_or(0))
            .map(|at| seed_of(number(1), at))
            .collect(),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for seed in seeds {
        writeln!(out, "{}", transcript::line(&Sequence::new(seed)))?;
    }
    out.flush()
}
