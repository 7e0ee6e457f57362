"""The operator's commands; each module bears its command's name."""
