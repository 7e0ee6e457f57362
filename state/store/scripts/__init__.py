"""The scripts, one file an operation; each file's head lists its keys, arguments and answers."""
