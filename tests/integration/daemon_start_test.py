"""understudyd is started wrongly: one line, and an exit code that tells.

2 is for what the settings say, 1 for what the machine does not let it do.

    daemon_start_test.py UNDERSTUDYD UNDERSTUDY TRACE
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, temporary_root  # noqa: E402

BROKEN_TRACE = """understudy-capacity 1
start 2025-10-04T00:00:00Z
offering 0 h100 zone-a spot
0 0 many
end 2025-10-05T00:00:00Z
"""
CATALOGUE = """offerings:
  - instance_type: small
    command: [sleep, "600"]
"""


class Starts:
    def __init__(self, program, folder, trace):
        self.program = program
        self.folder = folder
        self.trace = trace
        self.count = 0

    def file(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_bytes(text.encode())
        path.chmod(mode)
        return path

    def refused(self, code, word, *arguments, environment=None, user=None):
        """It ends with `code`, and one line of error that holds `word`."""
        ended = subprocess.run(
            [self.program, *arguments], capture_output=True, text=True,
            timeout=60, stdin=subprocess.DEVNULL, user=user,
            env={**os.environ, **(environment or {})})
        wrong = [line for line in ended.stderr.splitlines()
                 if line.startswith("error: ") or " error " in line]
        about = f"{arguments}: {ended.returncode}, {ended.stderr}"
        assert ended.returncode == code, about
        assert len(wrong) == 1 and word in wrong[0], about
        assert not ended.stdout, about
        self.count += 1

    def with_log(self, code, word, log, *arguments, **more):
        self.refused(code, word, "--log", f"embedded:{log}", "--capacity",
                     f"simulated:{self.trace}", "--listen", "127.0.0.1:0",
                     *arguments, **more)

    def with_set(self, code, word, *pairs, **more):
        sets = [part for pair in pairs for part in ("--set", pair)]
        self.with_log(code, word, self.folder / "log", *sets, **more)
        assert not (self.folder / "log").exists(), "a log was made"

    def with_capacity(self, code, word, file):
        self.refused(code, word, "--log", f"embedded:{self.folder}/log",
                     "--capacity", f"simulated:{file}")

    def with_process(self, code, word, file, *arguments):
        self.refused(code, word, "--log", f"embedded:{self.folder}/log",
                     "--capacity", f"process:{file}", "--listen",
                     "127.0.0.1:0", *arguments)


def settings(starts):
    starts.refused(2, "capacity: missing")
    starts.refused(2, "--bogus", "--bogus")
    starts.with_set(2, "KEY=VALUE", "bogus")
    starts.with_set(2, "api.bogus", "api.bogus=1")
    starts.with_set(2, "api.threads", "api.threads=many")
    starts.with_set(2, "api.threads", "api.threads=0")
    starts.with_set(2, "api.threads", "api.threads=99999999999999999999")
    starts.with_set(2, "clock.speed", "clock.speed=1.5")
    starts.with_set(2, "logging.level", "logging.level=loud")
    starts.with_set(2, "owner", "owner=two words")
    starts.with_set(2, "UNDERSTUDY_API_THREADS", environment={
        "UNDERSTUDY_API_THREADS": "many"})
    starts.refused(2, "DIR or embedded:DIR", "--log", "carrier:x", "--capacity",
                   "simulated:x")
    starts.refused(2, "capacity: ", "--capacity", "real:1")
    starts.refused(2, "cannot be read", "--config", starts.folder / "none")
    starts.refused(2, "no regular file", "--config", starts.folder)
    for name, text, word in (("a.yaml", "capacity: [", "malformed"),
                             ("b.yaml", "capacty: simulated:x", "capacty"),
                             ("c.yaml", "api: 3", "api: "),
                             ("d.yaml", "api: {threads: x}", "api.threads")):
        starts.refused(2, word, "--config", starts.file(name, text))


def capacity(starts):
    starts.with_capacity(2, "cannot be read", starts.folder / "none")
    starts.with_capacity(2, "no regular file", starts.folder)
    for name, text, word in (("a.capacity", "", "end of the file"),
                             ("b.capacity", "rubbish", "rubbish"),
                             ("c.capacity", "\0\1\2" * 999, "no head"),
                             ("d.capacity", BROKEN_TRACE, ":4: "),
                             ("e.yaml", "a: [", "malformed")):
        starts.with_capacity(2, word, starts.file(name, text))
    for name, text, word in (("f.yaml", "offerings: 3", "offerings"),
                             ("g.yaml", "offrings: []", "offrings"),
                             ("h.yaml", "a: [", "malformed")):
        starts.with_process(2, word, starts.file(name, text))
    starts.with_process(2, "cannot be read", starts.folder / "none")
    starts.with_process(1, "Not a directory", starts.file("i.yaml", CATALOGUE),
                        "--set", "process.directory="
                        f"{starts.file('plain', '')}/processes")
    starts.with_set(1, "held", "simulation.held_file="
                    f"{starts.file('held', 'rubbish' + chr(10))}")


def tokens(starts):
    def token(code, word, name, text, mode=0o600):
        file = starts.file(name, text, mode)
        starts.with_set(code, word, f"api.token_file={file}")
        return file

    token(2, "empty", "t1", "")
    token(2, "empty", "t2", "\n")
    token(2, "more than one line", "t3", "one\ntwo\n")
    token(2, "chmod 600", "t4", "planted-token", 0o640)
    token(2, "chmod 600", "t5", "planted-token", 0o604)
    token(2, "too large", "t6", "x" * 5000)
    starts.with_set(2, "one token", f"api.token_file={starts.folder}/none")
    starts.with_set(2, "regular file", f"api.token_file={starts.folder}")
    same = starts.file("t7", "planted-token")
    starts.with_set(2, "same token", f"api.token_file={same}",
                    f"api.read_token_file={starts.file('t8', 'planted-token')}")
    starts.with_set(2, "api.token_file", f"api.read_token_file={same}")
    starts.refused(2, "other machines", "--log", "embedded:none",
                   "--capacity", f"simulated:{starts.trace}",
                   "--listen", "0.0.0.0:0")


def variables(starts):
    """A misspelt variable is a warning, and the settings are good."""
    checked = subprocess.run(
        [starts.program, "--log", f"{starts.folder}/log", "--capacity",
         f"simulated:{starts.trace}", "--check-config"], text=True,
        capture_output=True, timeout=60, stdin=subprocess.DEVNULL,
        env={**os.environ, "UNDERSTUDY_API_LISTN": "127.0.0.1:1",
             "UNDERSTUDY_SERVER": "http://127.0.0.1:1"})
    assert checked.returncode == 0, checked.stderr
    lines = checked.stderr.splitlines()
    assert len(lines) == 1 and "UNDERSTUDY_API_LISTN" in lines[0] and \
        lines[0].endswith("UNDERSTUDY_API_LISTEN"), checked.stderr


def machine(starts, understudyd):
    folder = starts.folder
    with socket.create_server(("127.0.0.1", 0)) as taken:
        starts.refused(1, "in use", "--log", f"embedded:{folder}/port",
                       "--capacity", f"simulated:{starts.trace}", "--listen",
                       f"127.0.0.1:{taken.getsockname()[1]}")
        assert not (folder / "port").exists(), "the log was touched"
    file = starts.file("file", "no directory")
    starts.with_log(1, "Not a directory", file)
    starts.with_log(1, "Not a directory", file / "log")
    for name, text, word in (("empty", "", "cut short"),
                             ("other", "other" * 9999, "not a log")):
        (folder / name).mkdir()
        starts.file(f"{name}/data.mdb", text)
        starts.with_log(1, word, folder / name)
        assert (folder / name / "data.mdb").read_text() == text
    first = Daemon(understudyd, folder / "two", starts.trace)
    try:
        first.start()
        first.await_ready()
        starts.with_log(1, f"process {first.process.pid} ", folder / "two")
        assert first.request("/readyz")[0] == 200
        assert first.stop() == 0
    finally:
        first.end()


def read_only(starts):
    """Rights bind everyone but root, so root becomes somebody else."""
    folder = starts.folder
    (folder / "closed").mkdir(mode=0o555)
    trace = starts.file("t.capacity", pathlib.Path(starts.trace).read_text(),
                        0o644)
    folder.chmod(0o755)
    # He may have no access to where it was built.
    starts.program = shutil.copy(starts.program, folder / "understudyd")
    starts.refused(1, "user may write", "--log", f"embedded:{folder}/closed",
                   "--capacity", f"simulated:{trace}", "--listen",
                   "127.0.0.1:0", user=65534 if os.getuid() == 0 else None)
    starts.refused(1, "Permission denied", "--log",
                   f"embedded:{folder}/closed/new", "--capacity",
                   f"simulated:{trace}", "--listen", "127.0.0.1:0",
                   user=65534 if os.getuid() == 0 else None)


def main():
    understudyd, _, trace = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-start-",
                                           dir=temporary_root()))
    starts = Starts(understudyd, folder, trace)
    try:
        settings(starts)
        capacity(starts)
        tokens(starts)
        variables(starts)
        machine(starts, understudyd)
        read_only(starts)
        print(f"{starts.count} wrong starts, one line each")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
