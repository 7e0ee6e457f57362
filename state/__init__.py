"""What is remembered of a conversation, and by which rules it changes.

The dialog (`machine` and below) is pure: no input or output, no clock, no chance.
Only `store`, above it, knows Redis.
"""
