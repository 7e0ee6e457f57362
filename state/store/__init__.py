"""What stands in Redis, and the only code that knows Redis.

One script per change (`scripts/`), one typed caller per script, one module for the names of keys
(`keys`), one for sealing (`encryption`), one for the shape of what is sealed (`codec`).
"""
