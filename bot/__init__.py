"""The program and its environment: vendors, settings, processes, the command line.

Code that must know a vendor, a socket or a process, but decides nothing about a conversation.
Reactions belong in `handlers`, rules and storage in `state`.
"""
