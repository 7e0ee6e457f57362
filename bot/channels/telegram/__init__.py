"""Telegram: what it sends us, and what we send it."""
