"""The scripts, one file per operation; each file's head lists its keys, arguments and answers."""
