"""understudyd is asked to stop at bad moments, or stands still a while.

    daemon_stop_test.py UNDERSTUDYD UNDERSTUDY TRACE
"""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

POOLS = [("a3-highgpu-1g", ["us-west1-b", "us-central1-a"], "spot", 1)]


class Senders:
    """Eight that create endpoints as fast as they are answered."""

    def __init__(self, daemon, life):
        self.daemon = daemon
        self.life = life
        self.answered = []
        self.threads = [threading.Thread(target=self.send, args=(i,))
                        for i in range(8)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        for thread in self.threads:
            thread.join()

    def send(self, sender):
        for number in range(100_000):
            name = f"e{self.life}-{sender}-{number}"
            try:
                status, _, _ = self.daemon.request("/v1/commands", {
                    "command": name, "endpoint": name,
                    "create": {"spec": endpoint(name, POOLS)}})
            except OSError:
                return
            if status in (503, 504):
                return
            assert status == 200, status
            self.answered.append(name)

    def wait_for(self, count):
        end = time.monotonic() + 60
        while len(self.answered) < count:
            assert time.monotonic() < end, "no load"
            time.sleep(0.01)


def under_load(daemon):
    """One signal, or three."""
    answered = []
    for life, signals in enumerate((1, 3)):
        daemon.start()
        daemon.await_ready()
        with Senders(daemon, life) as senders:
            senders.wait_for(150)
            for _ in range(signals):
                daemon.process.send_signal(signal.SIGTERM)
                time.sleep(0.002)
            assert daemon.process.wait(60) == 0
        answered += senders.answered
    return answered


def while_recovering(daemon, log, trace, understudyd):
    """A stop that comes at any moment of a start."""
    for milliseconds in (0, 2, 5, 10, 20, 40, 80, 160):
        process = subprocess.Popen(
            [understudyd, "--log", f"embedded:{log}", "--capacity",
             f"simulated:{trace}", "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True)
        # Not before its first line: until then a signal simply ends it.
        first = process.stderr.readline()
        assert "understudyd starts" in first, first
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGTERM)
        told = process.communicate(timeout=60)[1]
        assert process.returncode == 0, told
        assert told.endswith("stopped\n"), told


def standing_still(daemon):
    """Stopped for five seconds by the system, as a debugger does."""
    daemon.start()
    daemon.await_ready()
    with Senders(daemon, 9) as senders:
        senders.wait_for(20)
        daemon.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        before = len(senders.answered)
        daemon.process.send_signal(signal.SIGCONT)
        senders.wait_for(before + 50)
        assert daemon.request("/readyz")[0] == 200
        assert daemon.stop() == 0
    return senders.answered


def check_log(understudy, log, answered):
    text = subprocess.run(
        [understudy, "events", "--log", log, "-o", "json"], check=True,
        capture_output=True, text=True).stdout
    found = {json.loads(line).get("command") for line in text.splitlines()}
    lost = [one for one in answered if one not in found]
    assert not lost, f"answered, and not in the log: {lost}"
    subprocess.run([understudy, "verify", "--log", log], check=True,
                   stdout=subprocess.DEVNULL)


def main():
    understudyd, understudy, trace = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-stop-",
                                           dir=temporary_root()))
    log = folder / "log"
    daemon = Daemon(understudyd, log, trace, ["clock.speed=600"])
    try:
        answered = under_load(daemon)
        while_recovering(daemon, log, trace, understudyd)
        answered += standing_still(daemon)
        check_log(understudy, log, answered)
        print(f"{len(answered)} answered, all in the log")
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
