"""The program and its ways to the world: vendors, settings, processes, the command line.

What decides nothing about a conversation but must know a vendor, a socket or a process belongs
here. Reactions belong to `handlers`, what is remembered to `state`.
"""
