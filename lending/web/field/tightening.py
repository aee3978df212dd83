"""Script, style and page without what only people need: comments, indentation, the spaces around signs. No statement is moved.

A script is read token by token, so that what stands between quotes, in a template or in a pattern stays to the letter. Where a line ends
without a sign that joins it to the next, the end of the line stays too: a statement may end there without its semicolon.
"""

import re
from collections.abc import Iterable, Iterator

Token = tuple[str, str]
"""What kind it is (`quoted`, `word`, `sign`, `space`), and its letters."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<word>[\w$]+)
    | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_PATTERN = re.compile(r"/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_BEFORE_A_PATTERN = frozenset("(,=>:[!&|?{};\n")
_JOINS_THE_NEXT = frozenset(";,{([=&|?:<>*%^!~")
_JOINS_THE_LAST = frozenset(")],.&|?:=<>*%^")


def script(text: str) -> str:
    """A script in fewer bytes, doing the same."""
    return joined(tokens(text))


def tokens(text: str) -> Iterator[Token]:
    """A script's tokens. A comment is the space it stands in; a template comes in pieces, with the script in its `${…}` between them."""
    at, before = 0, ""
    depths: list[int] = []  # of braces, within each template's `${…}` that is open
    while at < len(text):
        if text[at] == "`" or (text[at] == "}" and depths and depths[-1] == 0):
            kind, found = "quoted", text[at : _end_of_piece(text, at + 1)]
            if found[0] == "}":
                depths.pop()
            if found.endswith("${"):
                depths.append(0)
        else:
            kind, found = _token(text, at, before)
            if depths and kind == "sign":
                depths[-1] += {"{": 1, "}": -1}.get(found, 0)
        at += len(found)
        if kind == "comment":
            kind, found = "space", "\n" if "\n" in found else " "
        if kind != "space":
            before = found
        yield kind, found


def _end_of_piece(text: str, at: int) -> int:
    while text[at] != "`" and not text.startswith("${", at):
        at += 2 if text[at] == "\\" else 1
    return at + (1 if text[at] == "`" else 2)


def _token(text: str, at: int, before: str) -> Token:
    if before == "return" or not before or before[-1] in _BEFORE_A_PATTERN:
        found = _PATTERN.match(text, at)
        if found:
            return "quoted", found[0]
    found = _TOKEN.match(text, at)
    assert found is not None, "every sign is a token"
    return str(found.lastgroup), found[0]


def joined(parts: Iterable[Token]) -> str:
    """Tokens laid behind one another, with no more space between them than they need."""
    out = [""]
    gap = ""
    for kind, token in parts:
        if kind == "space":
            gap += token
            continue
        out += [_between(out[-1], gap, token), token]
        gap = ""
    return "".join(out) + ("\n" if gap else "")


def _between(left: str, gap: str, right: str) -> str:
    """What must stay of the gap between two tokens."""
    if not gap or not left:
        return ""
    if _is_word(left[-1]) and _is_word(right[0]):
        return "\n" if "\n" in gap else " "
    if left[-1] in "+-" and right[0] in "+-":
        return " "
    if "\n" in gap and left[-1] not in _JOINS_THE_NEXT and right[0] not in _JOINS_THE_LAST:
        return "\n"
    return ""


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_$"


def style(text: str) -> str:
    """A style sheet in fewer bytes. A space before a colon or around an operator means something and stays."""
    return _IN_A_STYLE.sub(_tight_in_a_style, re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).replace(";}", "}").strip()


_IN_A_STYLE = re.compile(r"""(?P<quoted>"[^"]*")|\s*(?P<sign>[{};,])\s*|(?P<colon>(?<=[\w"')%]):\s+)|\s+""")


def _tight_in_a_style(found: re.Match[str]) -> str:
    return found["quoted"] or found["sign"] or (":" if found["colon"] else " ")


def page(text: str) -> str:
    """A page without comments and indentation: a space stays where one was, since words stand apart by it."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)).strip()
