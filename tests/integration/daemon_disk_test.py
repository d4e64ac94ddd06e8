"""The log's disk is full, and then it is not; the log is taken away.

    daemon_disk_test.py UNDERSTUDYD UNDERSTUDY TRACE
"""

import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

POOLS = [("a3-highgpu-1g", ["us-west1-b"], "spot", 1)]


def create(daemon, number):
    """The status of the answer."""
    name = f"chat-{number}"
    status, answer, _ = daemon.request("/v1/commands", {
        "command": f"c-{number}", "endpoint": name,
        "create": {"spec": endpoint(name, POOLS)}})
    if status == 200:
        daemon.position = answer["position"]
    return status


def errors(daemon):
    return [line for line in daemon.lines if " error " in line]


def wait_until(true, what, wait_s=60):
    end = time.monotonic() + wait_s
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


def failed(daemon):
    status, answer, _ = daemon.request("/readyz")
    return status == 503 and answer["phase"] == "log-failed"


def names(daemon):
    status, answer, _ = daemon.request(
        f"/v1/endpoints?after={daemon.position}")
    assert status == 200, answer
    return {one["name"] for one in answer["items"]}


def limit_files(daemon, most):
    """A limit on the size of files is a full disk to the log."""
    _, hard = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (most, hard))


def check_full(daemon, log, understudy):
    daemon.start()
    daemon.await_ready()
    limit_files(daemon, os.path.getsize(log / "data.mdb") + 100_000)
    answered = []
    for number in range(5_000):
        status = create(daemon, number)
        if status != 200:
            assert status in (503, 504), status
            break
        answered.append(f"chat-{number}")
    assert len(answered) < 5_000, "the disk was never full"
    wait_until(lambda: failed(daemon), "log-failed")
    for number in range(5_000, 5_020):
        assert create(daemon, number) == 503
        assert daemon.request("/livez")[0] == 200
        assert names(daemon) >= set(answered)
        time.sleep(0.1)
    assert failed(daemon)
    told = errors(daemon)
    assert len(told) == 1 and "disk full" in told[0], told
    limit_files(daemon, resource.RLIM_INFINITY)
    daemon.await_ready()
    assert create(daemon, 6_000) == 200
    assert names(daemon) >= {*answered, "chat-6000"}
    assert daemon.stop() == 0
    subprocess.run([understudy, "verify", "--log", log], check=True,
                   stdout=subprocess.DEVNULL)
    print(f"full after {len(answered)} endpoints, and on")


def remove_file(log):
    os.unlink(log / "data.mdb")


def move_away(log):
    os.rename(log, log.with_name("moved"))


def replace(log):
    shutil.copy(log / "data.mdb", log / "copy")
    os.rename(log / "copy", log / "data.mdb")


def check_taken_away(daemon, log, take, idle):
    """Found by the next commit, or where there is none by the next sweep."""
    daemon.lines.clear()
    daemon.start()
    daemon.await_ready()
    assert create(daemon, 1) == 200
    take(log)
    if not idle:
        assert create(daemon, 2) in (503, 504)
    wait_until(lambda: failed(daemon), f"log-failed after {take.__name__}")
    assert create(daemon, 3) == 503
    assert names(daemon) == {"chat-1"}
    told = errors(daemon)
    assert len(told) == 1 and "while it was open" in told[0], told
    if take is move_away:
        os.rename(log.with_name("moved"), log)
        daemon.await_ready()
        assert create(daemon, 4) == 200
        assert names(daemon) == {"chat-1", "chat-4"}
    else:
        made = take is remove_file and (log / "data.mdb").exists()
        assert not made, "a new log in place of the one that was removed"
    assert daemon.stop() == 0
    shutil.rmtree(log, ignore_errors=True)


def check_lock_removed(daemon, log, understudyd):
    """Two writers whatever becomes of LOCK: the later one has the log."""
    daemon.lines.clear()
    daemon.start()
    daemon.await_ready()
    assert create(daemon, 1) == 200
    os.unlink(log / "LOCK")
    second = Daemon(understudyd, log, daemon.command[4].split(":", 1)[1],
                    ["clock.speed=600"])
    try:
        second.start()
        second.await_ready()
        assert create(second, 2) == 200
        wait_until(lambda: create(daemon, 3) in (503, 504), "refused")
        wait_until(lambda: failed(daemon), "log-failed")
        assert names(second) >= {"chat-1", "chat-2"}
        assert "chat-3" not in names(second)
        assert second.stop() == 0
    finally:
        second.end()
    daemon.stop()
    shutil.rmtree(log)


def main():
    understudyd, understudy, trace = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-disk-",
                                           dir=temporary_root()))
    log = folder / "log"
    daemon = Daemon(understudyd, log, trace,
                    ["clock.speed=600", "runtime.sweep_interval_s=1"])
    try:
        check_full(daemon, log, understudy)
        shutil.rmtree(log)
        for idle in (False, True):
            for take in (remove_file, shutil.rmtree, move_away, replace):
                check_taken_away(daemon, log, take, idle)
        check_lock_removed(daemon, log, understudyd)
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
