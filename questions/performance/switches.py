"""Switches for benchmarks: each part of this package can be turned off, to measure what it gains.

`make bench ARGS=--each` sets the variable BENCH_WITHOUT; nothing else should. A part that is off does what Django does
by itself, and pages say the same.
"""

import os
from typing import Literal, get_args

Part = Literal[
    "compiled_queries",  # all of them, with those of the session
    "session_queries",
    "fragments",
    "markdown",
    "anonymous_pages",
    "write_lock",
    "garbage_collector",
    "policy",
]
PARTS: tuple[Part, ...] = get_args(Part)


def parts_named(text: str) -> frozenset[str]:
    """Return the parts that the text names, separated by commas; raise ValueError if there is no such part."""
    names = frozenset(filter(None, text.split(",")))
    if unknown := names.difference(PARTS):
        raise ValueError(f"No part is called {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}.")
    return names


OFF = parts_named(os.environ.get("BENCH_WITHOUT", ""))


def is_off(*parts: Part) -> bool:
    """Return whether one of the parts is turned off."""
    return not OFF.isdisjoint(parts)


def cache_size(size: int, part: Part) -> int:
    """Return the size for an `lru_cache`: 0, with which it caches nothing, if the part is turned off."""
    return 0 if is_off(part) else size
