"""The log's last record is later than the time that the daemon starts with.

What the system's clock says matters nothing while it runs; at a start the
log's own time is the least that it begins with.

    daemon_clock_test.py UNDERSTUDYD UNDERSTUDY TRACE
"""

import collections
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

TRACE = """understudy-capacity 1
start 2025-10-04T{hour}:00:00Z
offering 0 h100 zone-a spot
0 0 {capacity}
end 2026-10-04T00:00:00Z
"""
POOLS = [("h100", ["zone-a"], "spot", 1)]


def create(daemon, name):
    status, answer, _ = daemon.request("/v1/commands", {
        "command": f"c-{name}", "endpoint": name,
        "create": {"spec": endpoint(name, POOLS, timeout_s=600)}})
    assert status == 200, answer


def await_status(daemon, name, wanted):
    end = time.monotonic() + 90
    while True:
        items = daemon.request("/v1/endpoints")[1]["items"]
        found = {one["name"]: one["status"] for one in items}
        if found.get(name) == wanted:
            return
        assert time.monotonic() < end, f"{name}: {found}, not {wanted}"
        time.sleep(0.05)


def check_times(understudy, log, known=0, floor=""):
    """Nothing is recorded as earlier than what its actor decided before.

    And nothing past the `known` first ones as earlier than `floor`.
    """
    text = subprocess.run(
        [understudy, "events", "--log", log, "-o", "json"], check=True,
        capture_output=True, text=True).stdout
    last = collections.defaultdict(str)
    newest = ""
    count = 0
    for line in text.splitlines():
        event = json.loads(line)
        moment, stream = event["time"], event["subject"]
        assert moment >= last[stream], f"{stream}: back to {moment}"
        last[stream] = moment
        newest = max(newest, moment)
        count += 1
        assert count <= known or moment >= floor, f"{moment} after {floor}"
    return count, newest


def main():
    understudyd, understudy, _ = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-clock-",
                                           dir=temporary_root()))
    log = folder / "log"
    trace = folder / "a.capacity"
    daemon = Daemon(understudyd, log, trace, ["clock.speed=600"])
    try:
        trace.write_text(TRACE.format(hour="06", capacity=5))
        daemon.start()
        daemon.await_ready()
        create(daemon, "before")
        await_status(daemon, "before", "in-service")
        daemon.kill()
        known, newest = check_times(understudy, log)
        assert newest > "2025-10-04T06"
        # An hour and more earlier, and with no capacity for anybody new.
        trace.write_text(TRACE.format(hour="04", capacity=1))
        daemon.start()
        daemon.await_ready()
        create(daemon, "after")
        # Fails by its deadline, ten minutes on: the timers go on.
        await_status(daemon, "after", "failed")
        assert daemon.stop() == 0
        count, later = check_times(understudy, log, known, newest)
        assert later > newest, (newest, later)
        subprocess.run([understudy, "verify", "--log", log], check=True,
                       stdout=subprocess.DEVNULL)
        print(f"{count} records, none earlier than the one before")
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
