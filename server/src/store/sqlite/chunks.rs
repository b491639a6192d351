//! Splits rows over statements of a few fixed sizes, so that their prepared forms are found in the cache.

/// Splits `items` into chunks of the given sizes, largest first; the last chunk may be smaller than the smallest size.
pub(super) fn chunks<'a, T>(mut items: &'a [T], sizes: &[usize]) -> Vec<&'a [T]> {
    let mut chunks = Vec::new();
    for &size in sizes {
        while items.len() >= size {
            let (chunk, rest) = items.split_at(size);
            chunks.push(chunk);
            items = rest;
        }
    }
    if !items.is_empty() {
        chunks.push(items);
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_everything_in_order() {
        let items: Vec<usize> = (0..1_234).collect();
        let sizes: Vec<usize> = chunks(&items, &[500, 50, 8, 1]).iter().map(|chunk| chunk.len()).collect();
        assert_eq!(sizes[..4], [500, 500, 50, 50]);
        assert_eq!(chunks(&items, &[500, 50, 8, 1]).concat(), items);
    }
}
