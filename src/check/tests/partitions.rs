//! Messages about tiers, bands, partitions, charts and splits.
