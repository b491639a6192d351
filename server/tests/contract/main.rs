//! What every store promises, said once and asked of each adapter.
