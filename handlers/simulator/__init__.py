"""The phone simulator at `/simulador`: a phone to chat with, and an inspector beside it."""
