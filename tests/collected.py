"""The tests that there are: what pages and tables name must be one of them."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TESTS = Path(__file__).parent


@cache
def find_tests() -> Mapping[str, str]:
    """Collect the docstring of every test function, by `module::function`."""
    return {
        f"{path.stem}::{node.name}": ast.get_docstring(node) or ""
        for path in _TESTS.rglob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }
