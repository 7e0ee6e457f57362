"""Which browser it is that signs in, in the few words by which its member recognises it."""

_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "CrOS": "ChromeOS", "Macintosh": "Mac", "Linux": "Linux",
}  # fmt: skip
"""The first word of a table that the browser's own description holds, and what people call it."""


def describe_browser(agent: str) -> str:
    """Describe a browser by its `User-Agent`: `Chrome, Android`; or `""`."""
    found = [
        next((called for word, called in table.items() if word in agent), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found))
