"""Storage in Redis, and the only code that knows Redis.

One script per change (`scripts/`), one typed caller per script, one module for key names (`keys`),
one for encryption (`encryption`), one for the format of encrypted values (`codec`).
"""
