"""The ways to reach customers, one file a channel; a vendor's library is imported in its own only."""
