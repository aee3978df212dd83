"""The clock's door: when (`scheduler`) and what (`nightly`)."""
