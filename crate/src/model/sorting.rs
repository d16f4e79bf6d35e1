//! Stable sorting of any vector through one compiled sort: what is sorted are indices, so that each element type adds only the
//! rearranging to the wasm. A merge sort of our own, as the standard library's takes ten times the code. Input that is in order
//! already, the common case, costs one pass and allocates nothing.

use std::cmp::Ordering;

/// So many elements are sorted where they stand: most items have no more attributes.
const FEW: usize = 8;

/// Sorts; equal elements keep their order.
pub(crate) fn sort<T: Default>(elements: &mut Vec<T>, compare: fn(&T, &T) -> Ordering) {
    if elements.is_sorted_by(|a, b| compare(a, b) != Ordering::Greater) {
        return;
    }
    if elements.len() <= FEW {
        for end in 1..elements.len() {
            let mut at = end;
            while at > 0 && compare(&elements[at - 1], &elements[at]) == Ordering::Greater {
                elements.swap(at - 1, at);
                at -= 1;
            }
        }
        return;
    }
    let order = sorted_indices(elements.len(), &|a, b| compare(&elements[a], &elements[b]));
    *elements = order.iter().map(|&index| std::mem::take(&mut elements[index as usize])).collect();
}

/// The indices of `count` elements in the order of the elements; equal elements keep their order.
pub(crate) fn sorted_indices(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    let mut merged = Vec::with_capacity(count);
    let mut run = 1;
    while run < count {
        for pair in order.chunks(2 * run) {
            let (mut left, mut right) = pair.split_at(run.min(pair.len()));
            while let ([l, left_rest @ ..], [r, right_rest @ ..]) = (left, right) {
                if compare(*l as usize, *r as usize) == Ordering::Greater {
                    merged.push(*r);
                    right = right_rest;
                } else {
                    merged.push(*l);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
        run *= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::sort;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does_and_keeps_the_order_of_equals(keys in prop::collection::vec(0..40u8, 0..100)) {
            let mut elements: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = elements.clone();
            expected.sort_by_key(|element| element.0);
            sort(&mut elements, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(elements, expected);
        }
    }
}
