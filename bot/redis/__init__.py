"""Redis: the embedded server, the operator's own, and what is checked before the start."""
