"""How near two words are: people mistype."""


def one_error(text: str, meant: str) -> bool:
    """One letter more, less, other, or two neighbours swapped, at most (Damerau-Levenshtein 1)."""
    if abs(len(text) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(text, meant, strict=False)) if a != b), None)
    if start is None:
        return True
    left, right = text[start:], meant[start:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
