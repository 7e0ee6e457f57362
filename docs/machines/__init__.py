"""The four machines of a conversation, each walked by steps of the real one."""
