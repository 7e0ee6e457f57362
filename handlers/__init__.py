"""What happens when something arrives: HTTP calls, turns of a conversation, effects, use cases.

Vendor-free: channels, WispHub and the clock come in as protocols (`handlers.ports`).
"""
