"""Short names for what a module names for itself: the long ones are for people, and each is paid for at every first visit.

One name of a module becomes one short name everywhere in it, so that what hides what stays as it was. Only names that the module declares
are touched (a `const`, a function, a parameter, what is taken out of an object); never a property or a key, nor a name of the browser or of
the language, nor one that begins with `$`: by those the packed modules know each other. `{ a }` becomes `{ a: x }`. A name that nobody gave
stops the start: it is a slip of the pen, or a word of the browser that has to be listed here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, product
from string import ascii_letters

from lending.web.field.tightening import Token

_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_LANGUAGE_HAS = """
arguments as async await break case catch class const continue default delete do else export extends false finally for from function get
if import in instanceof let new null of return set static super switch this throw true try typeof undefined var void while yield
"""
_BROWSER_HAS = """
AbortController AbortSignal Array Blob Boolean BroadcastChannel CustomEvent DOMException DOMParser Date Error Event File FileReader
FormData IDBKeyRange IDBObjectStore Image ImageBitmap ImageData Infinity Intl JSON Map Math NaN Number Object OffscreenCanvas Promise
RegExp Response Set String TextDecoder TextEncoder URL URLSearchParams Uint8Array WeakMap XMLHttpRequest addEventListener atob btoa caches
clearInterval clearTimeout clients createImageBitmap crypto decodeURIComponent document encodeURIComponent fetch globalThis history
importScripts indexedDB isSecureContext localStorage location matchMedia navigator performance queueMicrotask removeEventListener
requestAnimationFrame screen self setInterval setTimeout skipWaiting structuredClone trustedTypes window
"""
_LANGUAGE, _BROWSER = frozenset(_LANGUAGE_HAS.split()), frozenset(_BROWSER_HAS.split())
_DECLARES = frozenset({"const", "let", "function", "class"})
_OPENS, _CLOSES = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}
_BEFORE_AN_OBJECT = frozenset({"(", ",", "=", ":", "[", "?", "&", "|", "return", "const", "let", "."})


class UnknownName(Exception):
    """A module uses a name that neither it nor the browser nor the language gives."""


def shortened(parts: list[Token]) -> list[Token]:
    """The tokens of a module with its own names short. `UnknownName` for a name that is nobody's."""
    seen = [at for at, (kind, _) in enumerate(parts) if kind != "space"]
    words = [parts[at][1] if parts[at][0] != "quoted" else "" for at in seen]
    inside = _brackets(words)
    own = _declared(words, inside)
    used = {nth: words[nth] for nth in _names_in(words, inside, 0, len(words) - 1)}
    if strange := set(used.values()) - own - _BROWSER - _LANGUAGE:
        raise UnknownName(", ".join(sorted(strange)))
    places = {nth: word for nth, word in used.items() if word in own}
    short = dict(zip((name for name, _ in Counter(places.values()).most_common()), _short_names(), strict=False))
    out = list(parts)
    for nth, word in places.items():
        name = short[word]
        out[seen[nth]] = ("word", f"{word}:{name}" if _is_shorthand(words, nth, inside) else name)
    return out


def _brackets(words: list[str]) -> list[str]:
    """For each token, which bracket it stands in: `(`, `[`, `{` for a block, `{}` for an object or what takes one apart."""
    found, stack = [], [""]
    for nth, word in enumerate(words):
        if word in _CLOSES:
            stack.pop()
        found.append(stack[-1])
        if word in _OPENS:
            before = words[nth - 1] if nth else ""
            stack.append("{}" if word == "{" and before in _BEFORE_AN_OBJECT else word)
    return found


def _declared(words: list[str], inside: list[str]) -> set[str]:
    """The names that the module gives: more may be among them (a default's value), but none of the browser's or the language's."""
    found: set[str] = set()
    for nth, word in enumerate(words):
        after = words[nth + 1] if nth + 1 < len(words) else ""
        ranges = []
        if word in _DECLARES:
            ranges.append((nth + 1, _end(words, nth + 1) if after in _OPENS else nth + 1))
            if word == "function" and after not in _OPENS:
                ranges.append((nth + 2, _end(words, nth + 2)))
        elif after == "(" and (word == "catch" or _is_key(words, nth, inside)):
            ranges.append((nth + 1, _end(words, nth + 1)))
        elif word == "=" and after == ">":
            ranges.append((_start(words, nth - 1) if words[nth - 1] == ")" else nth - 1, nth - 1))
        found.update(words[at] for first, last in ranges for at in _names_in(words, inside, first, last))
    return found - _LANGUAGE - _BROWSER


def _names_in(words: list[str], inside: list[str], first: int, last: int) -> Iterator[int]:
    """Where names stand among these tokens."""
    for nth in range(first, last + 1):
        if _NAME.match(words[nth]) and not _is_property(words, nth) and not _is_key(words, nth, inside):
            yield nth


def _end(words: list[str], at: int) -> int:
    depth = 0
    for nth in range(at, len(words)):
        depth += (words[nth] in _OPENS) - (words[nth] in _CLOSES)
        if depth == 0:
            return nth
    return len(words) - 1


def _start(words: list[str], at: int) -> int:
    depth = 0
    for nth in range(at, -1, -1):
        depth += (words[nth] in _CLOSES) - (words[nth] in _OPENS)
        if depth == 0:
            return nth
    return 0


def _is_property(words: list[str], nth: int) -> bool:
    """`a.b`, `a?.b`; but `...b` is b itself."""
    return nth > 0 and words[nth - 1] == "." and not (nth > 1 and words[nth - 2] == ".")


def _is_key(words: list[str], nth: int, inside: list[str]) -> bool:
    """`{ a: … }` or `{ a() { … } }`."""
    return inside[nth] == "{}" and words[nth - 1] in {"{", ",", "async"} and words[nth + 1] in {":", "("}


def _is_shorthand(words: list[str], nth: int, inside: list[str]) -> bool:
    return inside[nth] == "{}" and words[nth - 1] in {"{", ","} and words[nth + 1] in {",", "}", "="}


def _short_names() -> Iterator[str]:
    for length in count(1):
        for letters in product(ascii_letters, repeat=length):
            if (name := "".join(letters)) not in _LANGUAGE:
                yield name
