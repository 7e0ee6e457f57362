"""The search: by what a chat is found, and what a text means that is looked for."""
