"""Who waits, and in which lists: what nobody may miss."""
