#!/usr/bin/env python3
"""What shells offer for `understudy`, and that its manual names it all.

    completions_test.py SOURCE_DIR UNDERSTUDY

What the program can do is read from its own --help, so that a subcommand or
an option that comes later cannot be forgotten.
"""

import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(sys.argv[1])
PROGRAM = sys.argv[2]
FOLDER = SOURCE / "deploy" / "completions"
SHELLS = ("bash", "zsh", "fish")


def load_update():
    """deploy/completions/update as a module."""
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("update",
                                                  str(FOLDER / "update"))
    spec = importlib.util.spec_from_loader("update", loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["update"] = module
    loader.exec_module(module)
    return module


ROOT = load_update().read_command(PROGRAM, [])


def run(*command, text=None):
    # Wide enough for a page of the manual to break no line inside a name.
    return subprocess.run(command, input=text, text=True, check=True,
                          stdout=subprocess.PIPE,
                          env=os.environ | {"MANWIDTH": "500",
                                            "LC_ALL": "C.UTF-8"}).stdout


def options(command):
    return [name for option in command.options for name in option.names]


def choices():
    """Subcommand, option and the words that it takes."""
    return [(command.path, option.names[-1], option.value.words)
            for command in ROOT.everything() for option in command.options
            if option.value and option.value.words]


class Completions(unittest.TestCase):

    def test_they_are_what_the_program_says(self):
        with tempfile.TemporaryDirectory() as folder:
            run(str(FOLDER / "update"), PROGRAM, folder)
            for shell in SHELLS:
                name = f"understudy.{shell}"
                self.assertEqual(
                    (FOLDER / name).read_text(),
                    (Path(folder) / name).read_text(),
                    f"run deploy/completions/update {PROGRAM}")

    def test_the_program_has_subcommands_with_options(self):
        commands = list(ROOT.everything())
        self.assertGreaterEqual(len(commands), 9)
        for command in commands:
            self.assertIn("--help", options(command), command.path)

    def bash(self, *words):
        script = ('source "$0"; compopt() { :; }; COMP_WORDS=("$@"); '
                  "COMP_CWORD=$(($# - 1)); _understudy; "
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        return run("bash", "-euc", script, str(FOLDER / "understudy.bash"),
                   "understudy", *words).split()

    def test_bash_offers_every_subcommand_and_option(self):
        for command in ROOT.everything():
            for sub in command.commands:
                self.assertIn(sub.path[-1], self.bash(*command.path, ""))
            offered = self.bash(*command.path, "-")
            self.assertEqual(sorted(offered), sorted(options(command)))

    def test_bash_offers_values(self):
        for path, name, words in choices():
            self.assertEqual(self.bash(*path, name, ""), words)
        self.assertEqual(self.bash("get", "--output", "=", "js"), ["json"])
        self.assertEqual(self.bash("get", "--log", "get", "end"),
                         ["endpoints"])
        self.assertIn("fallback-chosen", self.bash("events", "--type", "fa"))
        self.assertEqual(self.bash("get", "--at", ""), [])

    def fish(self, line):
        lines = run("fish", "--no-config", "-c",
                    f"source {FOLDER / 'understudy.fish'}; "
                    f"complete -C '{line}'").splitlines()
        return [one.split("\t")[0] for one in lines]

    def test_fish_offers_every_subcommand_and_option(self):
        for command in ROOT.everything():
            line = " ".join(["understudy", *command.path])
            offered = self.fish(line + " ")
            for sub in command.commands:
                self.assertIn(sub.path[-1], offered)
            self.assertEqual(sorted(self.fish(line + " -")),
                             sorted(options(command)))

    def test_fish_offers_values(self):
        for path, name, words in choices():
            line = " ".join(["understudy", *path, name, ""])
            self.assertEqual(sorted(self.fish(line)), sorted(words))
        self.assertEqual(self.fish("understudy get --log get end"),
                         ["endpoints"])

    def zsh(self, function):
        """The specifications that a function hands to _arguments."""
        script = ("_arguments() { print -rl -- \"$@\" }; _describe() { }; "
                  'source "$0" >/dev/null; state=command; "$1"; '
                  "print -rl -- $commands")
        return run("zsh", "-fc", script, str(FOLDER / "understudy.zsh"),
                   function).splitlines()

    def test_zsh_offers_every_subcommand_and_option(self):
        for command in ROOT.everything():
            name = "_".join(["_understudy", *command.path])
            specifications = self.zsh(name.replace("-", "_"))
            offered = {re.sub(r"^\([^)]*\)", "", one).lstrip("*").split("[")[0]
                       for one in specifications}
            for option in options(command):
                self.assertIn(option, offered, command.path)
        text = (FOLDER / "understudy.zsh").read_text()
        for command in ROOT.everything():
            for sub in command.commands:
                self.assertIn(f"'{sub.path[-1]}:", text)


class Manual(unittest.TestCase):

    def test_it_names_every_subcommand_and_option(self):
        source = (SOURCE / "deploy" / "man" / "understudy.1").read_text()
        shown = run("man", "-l", "-", text=source)
        shown = re.sub(r".\x08", "", shown)
        for command in list(ROOT.everything())[1:]:
            self.assertIn(f"understudy {command.key}", shown)
        for command in ROOT.everything():
            for option in options(command):
                self.assertRegex(
                    shown, rf"(?<![\w-]){re.escape(option)}(?![\w-])",
                    f"understudy {command.key}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
