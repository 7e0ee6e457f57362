"""The channels; each file is the only one that knows its vendor."""
