//! Stable sorting of any vector through one compiled sort: what is sorted are indices, so that each element type adds only the
//! rearranging to the wasm. Input that is in order already, the common case, costs one pass and allocates nothing.

use std::cmp::Ordering;

/// Sorts; equal elements keep their order.
pub(super) fn sort<T: Default>(elements: &mut Vec<T>, compare: fn(&T, &T) -> Ordering) {
    if elements.is_sorted_by(|a, b| compare(a, b) != Ordering::Greater) {
        return;
    }
    let order = sorted_indices(elements.len(), &|a, b| compare(&elements[a], &elements[b]));
    *elements = order.iter().map(|&index| std::mem::take(&mut elements[index as usize])).collect();
}

fn sorted_indices(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_unstable_by(|&a, &b| compare(a as usize, b as usize).then(a.cmp(&b)));
    order
}
