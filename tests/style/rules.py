"""The rules of the house. RULES maps a rule's name to its function.

Each function takes a Tree and yields Findings that say what is accepted.
"""

import os
import re
import shutil
import subprocess

from cpp_text import code_only, functions, includes
from tree import Finding, is_below

CODE = ("actors", "services", "tests")
DECIDERS = ("endpoint", "pool", "instance", "autoscaler")

RULES = {}


def rule(function):
    name = function.__name__

    def findings(tree):
        for path, line, message in function(tree):
            yield Finding(path, line, name, message)

    RULES[name] = findings
    return findings


# --- who may include whom ---------------------------------------------------

def _may_use(path):
    """The actors' folders that a file below actors/ may include from."""
    folder = path.split("/")[1]
    allowed = ["actors/core"]
    if folder != "core":
        allowed.append("actors/ports")
    if folder in DECIDERS:
        allowed.append("actors/" + folder)
    if folder == "runtime":
        allowed.extend("actors/" + name for name in DECIDERS + (folder,))
    return allowed


@rule
def layering(tree):
    """core <- ports <- deciders (never each other) <- runtime <- services."""
    for path in tree.sources("actors"):
        allowed = _may_use(path)
        runtime = is_below(path, ["actors/runtime"])
        for line, quote, target in includes(tree.text(path)):
            if quote == '"':
                if not is_below(target, allowed):
                    yield path, line, (f'"{target}" is out of reach here; '
                                       f"accepted: {', '.join(allowed)}")
            elif re.search(r"[/.]", target):
                if not (runtime and target.startswith("caf/")):
                    yield path, line, (
                        f"<{target}> is a third party's; accepted: the "
                        "standard library (and caf/ in actors/runtime)")


@rule
def third_parties(tree):
    """Each third party behind one folder."""
    kept = [
        (r"^caf/", "CAF", "actors/runtime/"),
        (r"_generated\.h$", "generated headers", "services/codec/"),
        (r"^lmdb\.h$", "LMDB", "services/event_log/"),
        (r"rdkafka", "librdkafka", "services/event_log/kafka_"),
        (r"^httplib\.h$", "cpp-httplib",
         ("services/api/", "services/client/", "services/gateway/status_")),
        (r"^prometheus/", "prometheus-cpp", "services/telemetry/"),
        (r"^spdlog/", "spdlog", "services/logging/"),
        (r"^systemd/", "libsystemd", "services/understudyd/"),
    ]
    for path in tree.sources("services"):
        for line, _, target in includes(tree.text(path)):
            for pattern, what, place in kept:
                if re.search(pattern, target) and not path.startswith(place):
                    places = [place] if isinstance(place, str) else place
                    yield path, line, (
                        f"{target} is included; {what}: accepted in "
                        f"{' and '.join(one + '*' for one in places)} only")


@rule
def include_form(tree):
    """Own headers by their path from the root, in quotes, once."""
    known = set(tree.paths)
    for path in tree.sources(*CODE):
        for line, quote, target in includes(tree.text(path)):
            if quote == "<" and is_below(target, CODE):
                yield path, line, f'<{target}>: accepted: "{target}"'
            elif quote == '"' and target not in known and not re.search(
                    r"_generated\.h$", target):
                yield path, line, (f'"{target}" is no file of this project; '
                                   "accepted: a path from the root")
        if path.endswith(".hpp") and not re.search(
                r"^#pragma once$", tree.text(path), re.MULTILINE):
            yield path, 1, "accepted: a header that says #pragma once"


# --- what a decider may do --------------------------------------------------

_BANNED = [
    (r"\b(?:system|steady|high_resolution|utc|file)_clock\b"
     r"|\bstd::time\b|(?<![\w.>:])(?:time|clock)\s*\("
     r"|\b(?:clock_gettime|gettimeofday|localtime|gmtime)\w*\s*\(",
     "time is an input: take `now` as an argument"),
    (r"(?<![\w.>:])(?:rand|srand|random|drand48)\s*\(|\bstd::s?rand\b"
     r"|\brandom_device\b|\bmt19937\w*|\bdefault_random_engine\b",
     "derive variation from an id with the digest of actors/core"),
    (r"\bunordered_\w+|\bstd::hash\b",
     "use std::map, std::set or a sorted vector: their order is fixed"),
    (r"\b(?:secure_)?getenv\b", "configuration is an input"),
    (r"\bf(?:re)?open\s*\(|(?<![\w.>:])open\s*\(|\b[io]?fstream\b|\biostream\b"
     r"|\bstd::(?:cin|cout|cerr|clog|filesystem)\b",
     "deciders do no input or output: return events"),
    (r"\b(?:float|double)\b", "use integers, with the unit in the name"),
    (r"\bstd::(?:jthread|thread|mutex|\w+_mutex|atomic\w*|future|async"
     r"|condition_variable\w*)\b|\bthread_local\b",
     "a decider runs alone: no threads, no locks"),
]
_BANNED_HEADERS = {
    "atomic", "chrono", "condition_variable", "ctime", "filesystem",
    "fstream", "future", "iostream", "mutex", "random", "shared_mutex",
    "thread", "unordered_map", "unordered_set",
}


@rule
def determinism(tree):
    """Core and deciders read no clock, no chance, no world."""
    folders = ["actors/" + name for name in ("core",) + DECIDERS]
    for path in tree.sources(*folders):
        for line, quote, target in includes(tree.text(path)):
            if quote == "<" and target in _BANNED_HEADERS:
                yield path, line, (f"<{target}> has no place in a decider; "
                                   "accepted: pure functions of the input")
        for line, code in enumerate(
                code_only(tree.text(path)).splitlines(), 1):
            if code.lstrip().startswith("#"):
                continue
            for pattern, accepted in _BANNED:
                match = re.search(pattern, code)
                if match:
                    yield path, line, (f"`{match.group(0).strip()}` is "
                                       f"banned here; accepted: {accepted}")


# --- sizes ------------------------------------------------------------------

@rule
def line_length(tree):
    for path in tree.sources(*CODE):
        for number, line in tree.lines(path):
            if len(line) > 80 and not re.search(r"https?://", line):
                yield path, number, f"{len(line)} columns; accepted: up to 80"


@rule
def file_length(tree):
    for path in tree.sources("actors", "services"):
        count = len(tree.text(path).splitlines())
        if count > 400:
            yield path, count, (f"{count} lines; accepted: up to 400, by "
                                "splitting along what changes together")


@rule
def function_length(tree):
    for path in tree.sources(*CODE):
        for first, last, head in functions(tree.text(path)):
            count = last - first + 1
            if count >= 70:
                name = re.search(r"([\w:~]+)\s*\(", head)
                yield path, first, (
                    f"{name.group(1) if name else 'a function'} takes "
                    f"{count} lines; accepted: under 70")


# --- names and places -------------------------------------------------------

@rule
def targets(tree):
    """Every source is in a target, every folder in the build."""
    listed = set()
    for path in tree.paths:
        if os.path.basename(path) == "CMakeLists.txt":
            words = re.sub(r"#[^\n]*", "", tree.text(path))
            for word in re.findall(r"[\w./-]+", words):
                listed.add(os.path.normpath(
                    os.path.join(os.path.dirname(path), word)))
    for path in tree.sources(*CODE):
        if path not in listed:
            yield path, 1, ("in no target; accepted: a CMakeLists.txt that "
                            "lists it")
    for path in tree.paths:
        folder, name = os.path.split(path)
        if name == "CMakeLists.txt" and folder and folder not in listed:
            yield path, 1, (f"nothing adds {folder} to the build; accepted: "
                            "its name in the CMakeLists.txt above it")


@rule
def names(tree):
    plain = re.compile(r"[a-z][a-z0-9_]*(?:\.(?!h$|cc$|cxx$|hh$)[a-z0-9]+)?$")
    special = {"CMakeLists.txt", "README.md"}
    for path in tree.paths:
        if not is_below(path, CODE):
            continue
        for part in path.split("/"):
            if part not in special and not plain.match(part):
                yield path, 1, (f"'{part}'; accepted: snake_case, .hpp and "
                                ".cpp for C++")
                break


@rule
def top_level(tree):
    agreed = {
        "actors", "schemas", "services", "tests", "deploy", "CMakeLists.txt",
        "README.md", "CMakePresets.json", "LICENSE", "NOTICE", ".ci",
        ".clang-format", ".clang-tidy", ".editorconfig", ".gitattributes",
        ".gitignore",
    }
    for name in sorted({path.split("/")[0] for path in tree.paths}):
        if name not in agreed:
            yield name, 1, f"accepted here: {' '.join(sorted(agreed))}"


# --- words that must not stay -----------------------------------------------

def _search(tree, pattern, accepted, paths=None):
    expression = re.compile(pattern)
    for path in tree.paths if paths is None else paths:
        for number, line in tree.lines(path):
            match = expression.search(line)
            if match:
                yield path, number, f"'{match.group(0)}'; accepted: {accepted}"


@rule
def leftovers(tree):
    return _search(tree, r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b",
                   "the work done, or a limit stated in the README")


@rule
def skipped_tests(tree):
    return _search(tree, r"GTEST_[S]KIP|\bDISABLED[_]",
                   "a test that runs everywhere", tree.sources("tests"))


@rule
def machine_paths(tree):
    return _search(
        tree, r"(?<![\w.>)}/-])/(?:work|farm|root)/|\.\./shared\b",
        "paths from the repository's root, or given by the user")


# --- layout -----------------------------------------------------------------

@rule
def layout(tree):
    """The layout that .clang-format describes."""
    program = shutil.which("clang-format")
    if program is None:
        yield ".clang-format", 1, ("clang-format is not installed; accepted: "
                                   "a machine where deploy/setup --tests ran")
        return
    paths = tree.sources(*CODE)
    for at in range(0, len(paths), 50):
        outcome = subprocess.run(
            [program, "--dry-run", "--style=file", *paths[at:at + 50]],
            cwd=tree.root, stderr=subprocess.PIPE, text=True, check=False)
        found = set()
        for path, line in re.findall(
                r"^([^/\s]\S*?):(\d+):\d+: (?:warning|error): code should be",
                outcome.stderr, re.MULTILINE):
            if path not in found:
                found.add(path)
                yield path, int(line), (
                    f"layout differs; accepted: what `clang-format -i {path}` "
                    "writes")
        if outcome.returncode != 0 and not found:
            yield ".clang-format", 1, ("clang-format fails; accepted: options "
                                       f"it knows: {outcome.stderr.strip()}")
