"""Redis fails under real processes, in every way and for as long: `make outages` draws a table."""
