//! Medians, and Markdown tables.

use std::time::Instant;

/// Runs `work` once and returns the microseconds it took per operation.
pub fn micros_per<E>(operations: usize, work: impl FnOnce() -> Result<(), E>) -> Result<f64, E> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64() * 1e6 / operations as f64)
}

/// The median of `samples` (the upper one of two); 0 when there is none.
pub fn median(samples: &mut [f64]) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(0.0)
}

/// A number with about three significant digits.
pub fn figure(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.2}")
    } else if value < 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// Prints a heading and the head of a table.
pub fn table_head(title: &str, columns: &[&str]) {
    println!("\n### {title}\n");
    println!("| {} |", columns.join(" | "));
    println!("|{}", " --- |".repeat(columns.len()));
}

/// Prints one row of a table.
pub fn table_row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}
