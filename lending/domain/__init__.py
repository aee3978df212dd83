"""The rules: plain values in, plain values out. Standard library only; never the clock, never the database."""
