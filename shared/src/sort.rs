//! Sorting for browsers: the sort of the standard library is compiled anew for every type and order, some 3 KB each to
//! download. This one is slower, by far fast enough for what a page shows, and downloaded once.

/// Sorts by a key, which is made once for each item; equal items keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    #[cfg(not(target_arch = "wasm32"))]
    items.sort_by_key(key);
    #[cfg(target_arch = "wasm32")]
    sort_small(items, key);
}

#[cfg(any(test, target_arch = "wasm32"))]
fn sort_small<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = order(items.len(), &|one, other| keys[one] < keys[other]);
    for (to, &of) in order.iter().enumerate() {
        // It may have been moved by an earlier swap.
        let mut from = of;
        while from < to {
            from = order[from];
        }
        items.swap(to, from);
    }
}

/// Returns the indices of `count` items in their order: a merge sort from the bottom up.
#[cfg(any(test, target_arch = "wasm32"))]
fn order(count: usize, is_less: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut from: Vec<usize> = (0..count).collect();
    let mut to = from.clone();
    let mut width = 1;
    while width < count {
        for start in (0..count).step_by(2 * width) {
            let middle = count.min(start + width);
            let end = count.min(start + 2 * width);
            let (mut left, mut right) = (start, middle);
            for next in &mut to[start..end] {
                let takes_left = left < middle && (right == end || !is_less(from[right], from[left]));
                let taken = if takes_left { &mut left } else { &mut right };
                *next = from[*taken];
                *taken += 1;
            }
        }
        std::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    from
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_sorts_agree_and_equal_items_keep_their_order(keys in proptest::collection::vec(0_u8..20, 0..200)) {
            let mut items: Vec<(u8, usize)> = keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_small(&mut items, |(key, _)| *key);
            prop_assert_eq!(items, expected);
        }
    }
}
