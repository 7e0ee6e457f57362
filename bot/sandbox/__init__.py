"""A pretend WispHub: real HTTP on loopback, invented customers, the vendor's quirks and faults."""
