"""Reactions to what arrives: HTTP calls, turns of a conversation, effects, use cases.

Vendor-free: channels, the directory and the clock are protocols (`handlers.ports`).
"""
