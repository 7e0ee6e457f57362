"""What performs the effects of a conversation: messages and actions."""
