#!/usr/bin/env python3
"""Shows each rule something bad and something good, so that none can stop
working without a test that fails."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from cpp_text import code_only, functions
from rules import RULES
from tree import Tree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORE = "actors/core/a.cpp"
POOL = "actors/pool/a.cpp"
RUNTIME = "actors/runtime/a.cpp"
CODEC = "services/codec/a.cpp"
TEST = "tests/unit/a_test.cpp"

ONCE = "#pragma once\n"
LONG_BODY = "  f();\n" * 68
LONG_FUNCTION = "int g(int a) {\n" + LONG_BODY + "}\n"
SHORT_FUNCTION = "int g(int a) {\n" + "  f();\n" * 67 + "}\n"


def included(target):
    return f"#include {target}\n"


# The parts of a word that the rules must not find in this very file.
def joined(*parts):
    return "".join(parts)


# rule: list of files; each must be found by its rule.
BAD = {
    "layering": [
        {CORE: included('"actors/ports/clock.hpp"')},
        {CORE: included("<nlohmann/json.hpp>")},
        {CORE: included("<unistd.h>")},
        {"actors/ports/a.hpp": included('"actors/pool/state.hpp"')},
        {POOL: included('"actors/endpoint/state.hpp"')},
        {POOL: included('"actors/runtime/shell.hpp"')},
        {POOL: included("<caf/actor.hpp>")},
        {RUNTIME: included('"services/codec/codec.hpp"')},
        {RUNTIME: included("<lmdb.h>")},
    ],
    "third_parties": [
        {CODEC: included("<caf/actor.hpp>")},
        {CODEC: included('"caf/actor.hpp"')},
        {CODEC: included("<lmdb.h>")},
        {"services/cli/a.cpp": included('"event_generated.h"')},
        {"services/event_log/lmdb_log.cpp":
         included("<librdkafka/rdkafka.h>")},
        {"services/cli/a.cpp": included("<httplib.h>")},
        {"services/cli/a.cpp": included("<prometheus/registry.h>")},
        {"services/telemetry/a.cpp": included("<spdlog/spdlog.h>")},
        {"services/logging/a.cpp": included("<systemd/sd-daemon.h>")},
    ],
    "include_form": [
        {"actors/core/a.hpp": "int f();\n"},
        {"actors/core/a.hpp": "// #pragma once\n"},
        {CORE: included('"a.hpp"'), "actors/core/a.hpp": ONCE},
        {CORE: included("<actors/core/a.hpp>"), "actors/core/a.hpp": ONCE},
    ],
    "determinism": [
        {CORE: line + "\n"} for line in (
            "auto t = std::chrono::system_clock::now();",
            "auto t = steady_clock::now();",
            "auto t = time(nullptr);",
            "auto t = std::time(nullptr);",
            "auto t = clock();",
            "gettimeofday(&t, nullptr);",
            "int x = rand();",
            "int x = random();",
            "std::random_device device;",
            "std::mt19937_64 engine;",
            "std::unordered_map<int, int> m;",
            "std::unordered_set<int> s;",
            "auto h = std::hash<int>{}(1);",
            'auto e = getenv("HOME");',
            'auto f = fopen("x", "r");',
            "std::ifstream in;",
            "std::cout << 1;",
            "double ratio = 0;",
            "float ratio = 0;",
            "std::mutex m;",
            "std::thread t;",
            "std::atomic<int> n;",
            "#include <unordered_map>",
            "#include <random>",
            "#include <iostream>",
            "#include <thread>",
        )
    ] + [{POOL: "double x;\n"}, {"actors/endpoint/a.hpp": "double x;\n"},
         {"actors/instance/a.cpp": "double x;\n"},
         {"actors/autoscaler/a.cpp": "double x;\n"}],
    "line_length": [
        {CORE: "int " + "a" * 76 + ";\n"},
        {TEST: "// " + "a" * 78 + "\n"},
    ],
    "file_length": [
        {CORE: "\n" * 401},
        {"services/cli/a.hpp": "\n" * 401},
    ],
    "function_length": [
        {CORE: LONG_FUNCTION},
        {CORE: "namespace a::b {\n" + LONG_FUNCTION + "}\n"},
        {CORE: "class A : public B {\n public:\n" + LONG_FUNCTION + "};\n"},
        {CORE: "template <class T, int N>\n" + LONG_FUNCTION},
        {CORE: "int f(A a = {}) const noexcept {\n" + LONG_BODY + "}\n"},
        {CORE: "A::A(int x) : a_{x}, b_(x), c_{} {\n" + LONG_BODY + "}\n"},
        {CORE: "auto f() -> int {\n" + LONG_BODY + "}\n"},
        {CORE: "const auto f = [](int x) {\n" + LONG_BODY + "};\n"},
        {CORE: "int f() {\n  if (x) {\n" + LONG_BODY + "  }\n}\n"},
        {CORE: "int f() { return '{'; }\n" + LONG_FUNCTION},
        {CORE: 'auto s = R"(})";\nint n = 1\'000;\n' + LONG_FUNCTION},
        {TEST: "TEST(Suite, Case) {\n" + LONG_BODY + "}\n"},
    ],
    "targets": [
        {CORE: ""},
        {CORE: "", "actors/core/CMakeLists.txt": "understudy_library(c)"},
        {CORE: "", "actors/core/CMakeLists.txt": "# a.cpp"},
        {CORE: "", "actors/core/CMakeLists.txt": "aa.cpp",
         "CMakeLists.txt": "actors/core"},
        {"actors/core/CMakeLists.txt": "", "CMakeLists.txt": "actors/pool"},
    ],
    "names": [
        {"actors/core/Result.hpp": ""},
        {"actors/core/my-result.hpp": ""},
        {"services/codec/a.h": ""},
        {"services/codec/a.cc": ""},
        {"services/eventLog/a.cpp": ""},
    ],
    "top_level": [
        {"notes.txt": ""},
        {"docs/a.md": ""},
        {".vscode/a.json": ""},
    ],
    "leftovers": [
        {CORE: joined("// TO", "DO: later\n")},
        {"README.md": joined("FIX", "ME\n")},
        {"schemas/a.fbs": joined("// XX", "X\n")},
    ],
    "skipped_tests": [
        {TEST: joined("GTEST", "_SKIP();\n")},
        {TEST: joined("TEST(A, DISABLED", "_b) {}\n")},
    ],
    "machine_paths": [
        {CORE: joined('open("', "/wo", 'rk/main");\n')},
        {"README.md": joined("see /far", "m/x\n")},
        {"deploy/setup": joined("cat ../sha", "red/traces\n")},
    ],
    "layout": [
        {CORE: "int   f( ){return 1 ;}\n"},
    ],
}

# rule: files in which it must find nothing.
GOOD = {
    "layering": {
        CORE: included("<vector>") + included('"actors/core/id.hpp"'),
        "actors/ports/a.hpp": included('"actors/core/id.hpp"'),
        POOL: included('"actors/ports/clock.hpp"')
        + included('"actors/pool/state.hpp"')
        + "// #include <caf/actor.hpp>\n",
        RUNTIME: included("<caf/actor.hpp>")
        + included('"actors/pool/state.hpp"')
        + included('"actors/runtime/shell.hpp"'),
    },
    "third_parties": {
        CODEC: included('"event_generated.h"')
        + included("<nlohmann/json.hpp>"),
        "services/event_log/lmdb_log.cpp": included("<lmdb.h>"),
        "services/event_log/kafka_log.cpp":
        included("<librdkafka/rdkafka.h>"),
        "services/client/a.cpp": included("<httplib.h>"),
        "services/telemetry/a.cpp": included("<prometheus/registry.h>"),
        "services/logging/a.cpp": included("<spdlog/spdlog.h>"),
        "services/understudyd/a.cpp": included("<systemd/sd-daemon.h>"),
    },
    "include_form": {
        "actors/core/a.hpp": "// What it is.\n#pragma once\n",
        CORE: included('"actors/core/a.hpp"') + included("<vector>"),
        CODEC: included('"event_generated.h"'),
    },
    "determinism": {
        CORE: "// a clock, std::hash, double\n"
              'const char* text = "rand() getenv()";\n'
              "std::map<int, int> timeouts;\n"
              "std::chrono::microseconds wait;\n"
              "auto t = window.time() + sample->time();\n"
              "int doubled(int operand); int runtime(int);\n"
              "pool.open(x);\n",
        "services/clock/a.cpp": "auto t = system_clock::now();\n",
    },
    "line_length": {
        CORE: "// " + "é" * 77 + "\n// https://example.org/" + "a" * 80 + "\n",
    },
    "file_length": {CORE: "\n" * 400, TEST: "\n" * 500},
    "function_length": {
        CORE: SHORT_FUNCTION + "namespace a {\n" + SHORT_FUNCTION
        + SHORT_FUNCTION + "}\nstruct B {\n" + "  int a;\n" * 80 + "};\n"
        + "const Row kRows[] = {\n" + "  {f(1), 2},\n" * 80 + "};\n"
        + "const std::vector<int> kMore{\n" + "  f(1),\n" * 80 + "};\n",
    },
    "targets": {
        CORE: "",
        TEST: "",
        "CMakeLists.txt": "understudy_folders(\n  actors/core tests)",
        "actors/core/CMakeLists.txt": "SOURCES a.cpp",
        "tests/CMakeLists.txt": "SOURCES unit/a_test.cpp",
    },
    "names": {
        CORE: "",
        "actors/core/README.md": "",
        "tests/run": "",
        "tests/unit/core/golden_1.bin": "",
        "tests/CMakeLists.txt": "",
    },
    "top_level": {".ci/run": "", "deploy/a": "", "README.md": ""},
    "leftovers": {CORE: 'mkdtemp("log_XXXXXX"); int todo = 1;\n'},
    "skipped_tests": {TEST: "TEST(A, Enabled) {}\n"},
    "machine_paths": {"README.md": "actors/work/x, /var/lib/understudy\n"},
    "layout": {CORE: "int f() { return 1; }\n"},
}


def on_disk(texts, folder):
    """The files below a folder, for rules that run other programs."""
    shutil.copy(os.path.join(ROOT, ".clang-format"), folder)
    for path, text in texts.items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
    return Tree(None, root=folder)


class Rules(unittest.TestCase):

    def findings(self, name, texts):
        if name != "layout":
            return list(RULES[name](Tree(texts)))
        with tempfile.TemporaryDirectory() as folder:
            return list(RULES[name](on_disk(texts, folder)))

    def test_every_rule_has_samples(self):
        self.assertEqual(set(BAD), set(RULES))
        self.assertEqual(set(GOOD), set(RULES))

    def test_every_rule_is_a_test(self):
        with open(os.path.join(HERE, "CMakeLists.txt"),
                  encoding="utf-8") as file:
            listed = file.read().split("set(rules", 1)[1].split(")", 1)[0]
        self.assertEqual(listed.split(), list(RULES))

    def test_bad_is_found(self):
        for name, samples in BAD.items():
            for texts in samples:
                with self.subTest(rule=name, texts=texts):
                    found = self.findings(name, texts)
                    self.assertTrue(found)
                    for finding in found:
                        self.assertRegex(
                            str(finding), rf"^\S+:\d+: {name}: .*accepted")

    def test_good_is_not(self):
        for name, texts in GOOD.items():
            with self.subTest(rule=name):
                self.assertEqual([], self.findings(name, texts))


class Text(unittest.TestCase):

    def test_lines_are_kept(self):
        text = 'a /* b\n c */ "d\\"" // e\nR"x(\n)x" f\n'
        self.assertEqual(code_only(text).count("\n"), text.count("\n"))
        self.assertEqual(code_only(text).split(), ["a", "f"])

    def test_functions_have_their_lines(self):
        text = ("class A {\n public:\n  A()\n      : a_{1} {\n  }\n"
                "  int b() { return 1; }\n};\n\nvoid c(int x) {\n}\n")
        self.assertEqual(
            [(first, last) for first, last, _ in functions(text)],
            [(3, 5), (6, 6), (9, 10)])


class Trees(unittest.TestCase):

    def test_git_lists_what_is_tracked(self):
        with tempfile.TemporaryDirectory() as folder:
            on_disk({CORE: "", "scratch.txt": ""}, folder)
            for command in (["init", "-q"], ["add", CORE]):
                subprocess.run(["git", "-C", folder] + command, check=True)
            self.assertEqual([CORE], Tree(None, root=folder).paths)

    def test_without_git_all_but_build(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = on_disk({CORE: "", "build/a.cpp": ""}, folder)
            self.assertEqual([".clang-format", CORE], tree.paths)


if __name__ == "__main__":
    sys.exit(unittest.main())
