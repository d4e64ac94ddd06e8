"""The files that the style rules judge, and what a rule has to say."""

import os
import subprocess
from typing import NamedTuple


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


class Tree:
    """Paths from the repository's root, and their text."""

    def __init__(self, texts, root=None):
        """texts: a dictionary, or None to read the files below root."""
        self.root = root
        self._texts = dict(texts or {})
        self.paths = sorted(self._texts if root is None else _files(root))

    def text(self, path):
        """The file's text; empty for what is not UTF-8 text."""
        if path not in self._texts:
            with open(os.path.join(self.root, path), "rb") as file:
                data = file.read()
            try:
                self._texts[path] = data.decode("utf-8")
            except UnicodeDecodeError:
                self._texts[path] = ""
        return self._texts[path]

    def lines(self, path):
        """Yields (line number, line) of a text file."""
        return enumerate(self.text(path).splitlines(), 1)

    def sources(self, *folders):
        """The hand-written C++ files below the folders."""
        return [path for path in self.paths
                if path.endswith((".hpp", ".cpp"))
                and is_below(path, folders)]


def is_below(path, folders):
    return any(path.startswith(folder + "/") for folder in folders)


def _files(root):
    paths = _tracked(root)
    if paths is None:
        paths = _walked(root)
    return [path for path in paths
            if os.path.isfile(os.path.join(root, path))]


def _tracked(root):
    """What git tracks; None when this is not a git checkout."""
    if not os.path.exists(os.path.join(root, ".git")):
        return None
    # The checkout may belong to another user than the one who runs the tests.
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"],
        stdout=subprocess.PIPE, check=True)
    return listing.stdout.decode("utf-8").split("\0")[:-1]


def _walked(root):
    for folder, folders, names in os.walk(root):
        here = os.path.relpath(folder, root)
        unwanted = {".git", "__pycache__"}
        if here == ".":
            unwanted.add("build")
        folders[:] = [name for name in folders if name not in unwanted]
        for name in names:
            yield os.path.normpath(os.path.join(here, name))
