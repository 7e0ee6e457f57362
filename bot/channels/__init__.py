"""The ways to reach customers: one file a channel, and the only one that knows the vendor."""
