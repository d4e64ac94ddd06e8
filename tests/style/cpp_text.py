"""What the style rules need to know about C++ text, without a compiler."""

import re

_SKIPPED = re.compile(
    r"""(?P<raw>\b(?:u8|[uUL])?R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+')
      | (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)""",
    re.VERBOSE | re.DOTALL)

_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]')
_TYPE_HEAD = re.compile(
    r"^(?:(?:typedef|static|inline|constexpr|const|extern)\s+)*"
    r"(?:class|struct|union|enum|namespace)\b")


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def without_comments(text):
    """The text with comments blanked; every line keeps its number."""
    return _SKIPPED.sub(
        lambda m: _blank(m) if m.group("comment") else m.group(0), text)


def code_only(text):
    """The text with comments and literals blanked, lines kept."""
    return _SKIPPED.sub(_blank, text)


def includes(text):
    """Yields (line number, quote character, path) of each #include."""
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        match = _INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def functions(text):
    """Yields (first line, last line, head) of each function definition.

    A brace block is a function when it stands directly in a file, namespace
    or type and has a parameter list before it. Lambdas and local types count
    as lines of the function around them.
    """
    code = _DIRECTIVE.sub(_blank, code_only(text))
    stack = []  # kinds of the open blocks: scope, function, other
    starts = []  # where the head of each open function began
    begin = 0  # where the current head begins
    parens = 0
    for at, char in enumerate(code):
        if char in "([":
            parens += 1
        elif char in ")]":
            parens -= 1
        elif parens > 0:
            continue
        elif char == "{":
            outside = all(kind == "scope" for kind in stack)
            kind = _kind(code[begin:at]) if outside else "other"
            stack.append(kind)
            if kind == "function":
                starts.append((begin, at))
            if kind != "member":
                begin = at + 1
        elif char == "}" and stack:
            kind = stack.pop()
            if kind == "function":
                start, brace = starts.pop()
                head = _tidy(code[start:brace])
                first = code.count("\n", 0, _first_word(code, start)) + 1
                yield first, code.count("\n", 0, at) + 1, head
            if kind != "member":
                begin = at + 1
        elif char == ";":
            begin = at + 1


def _first_word(code, start):
    access = re.match(r"(?:\s*(?:public|private|protected)\s*:)*\s*",
                      code[start:])
    return start + access.end()


def _tidy(head):
    head = re.sub(r"\b(?:public|private|protected)\s*:(?!:)", " ", head)
    return re.sub(r"\s+", " ", head).strip()


def _kind(head):
    """Says what the brace after this head opens, at file or type level."""
    head = _without_templates(_tidy(head))
    # An attribute or alignment before or after the keyword changes nothing.
    if head.startswith("extern") and "(" not in head:
        return "scope"
    if _TYPE_HEAD.match(head) and not head.endswith(")"):
        return "scope"
    if "(" not in head or head.endswith("="):
        return "other"
    tail = _after_parameters(head)
    if tail.startswith(":") and re.search(r"[\w>]$", head):
        return "member"  # a(1), b{2}: one initialiser of a constructor
    return "function"


def _without_templates(head):
    while True:
        match = re.match(r"template\s*<", head)
        if not match:
            return head
        depth, at = 1, match.end()
        while depth > 0 and at < len(head):
            depth += {"<": 1, ">": -1}.get(head[at], 0)
            at += 1
        head = head[at:].lstrip()


def _after_parameters(head):
    depth = 0
    for at in range(head.index("("), len(head)):
        depth += {"(": 1, ")": -1}.get(head[at], 0)
        if depth == 0:
            rest = re.sub(r"^\s*(?:(?:const|noexcept|override|final)\b\s*)*",
                          "", head[at + 1:])
            return "" if rest.startswith("::") else rest
    return ""
