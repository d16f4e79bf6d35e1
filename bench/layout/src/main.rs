//! Measures physical table layouts.
fn main() {}
