#!/usr/bin/env python3
"""Checks the house rules: check.py ROOT [RULE...], all rules by default.

Prints one line per finding, `file:line: rule: what would be accepted`.
Exit codes: 0 nothing found, 1 something found, 2 wrong usage.
"""

import sys

from rules import RULES
from tree import Tree


def main(arguments):
    if not arguments:
        print("usage: check.py ROOT [RULE...]", file=sys.stderr)
        return 2
    chosen = arguments[1:] or list(RULES)
    unknown = [name for name in chosen if name not in RULES]
    if unknown:
        print(f"check.py: no rule named {' '.join(unknown)}; accepted: "
              f"{' '.join(RULES)}", file=sys.stderr)
        return 2
    tree = Tree(None, root=arguments[0])
    if not tree.paths:
        print(f"check.py: no files in {arguments[0]}", file=sys.stderr)
        return 2
    findings = [found for name in chosen for found in RULES[name](tree)]
    for found in findings:
        print(found)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
