"""Thousands of endpoints are applied at once, and deleted again.

    daemon_crowd_test.py UNDERSTUDYD UNDERSTUDY TRACE [--count N]
"""

import argparse
import collections
import http.client
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

TRACE = """understudy-capacity 1
start 2025-10-04T00:00:00Z
offering 0 h100 zone-a spot
offering 1 a100 zone-a on-demand
0 0 500
0 1 1000000
end 2026-10-04T00:00:00Z
"""
POOLS = [("h100", ["zone-a"], "spot", 1), ("a100", ["zone-a"], "on-demand", 2)]
SENDERS = 16


class Crowd:
    """Sixteen connections that are kept, each with its share."""

    def __init__(self, daemon, names, body_of):
        self.daemon = daemon
        self.names = collections.deque(names)
        self.body_of = body_of
        self.answers = {}
        self.wrong = []

    def run(self):
        threads = [threading.Thread(target=self.send) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        slowest = 0.0
        while any(thread.is_alive() for thread in threads):
            for path in ("/livez", "/readyz"):
                began = time.monotonic()
                assert self.daemon.request(path)[0] == 200, path
                slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.1)
        assert not self.wrong, self.wrong[:3]
        return slowest

    def send(self):
        client = http.client.HTTPConnection("127.0.0.1", self.daemon.port,
                                            timeout=60)
        try:
            while True:
                try:
                    name = self.names.popleft()
                except IndexError:
                    return
                self.answers[name] = self.ask(client, self.body_of(name))
        except Exception as error:  # told by `run`
            self.wrong.append(repr(error))
        finally:
            client.close()

    @staticmethod
    def ask(client, body):
        """Again with the same id, as long as that is the advice."""
        for _ in range(100):
            client.request("POST", "/v1/commands", json.dumps(body),
                           {"Content-Type": "application/json"})
            answer = client.getresponse()
            text = answer.read()
            if answer.status not in (503, 504):
                assert answer.status == 200, text
                return json.loads(text)["position"]
            time.sleep(0.2)
        raise AssertionError(f"never answered: {text}")


def create(name):
    return {"command": f"create-{name}", "endpoint": name,
            "create": {"spec": endpoint(name, POOLS)}}


def delete(name):
    return {"command": f"delete-{name}", "endpoint": name, "delete": {}}


def memory_mib(daemon):
    text = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    for line in text.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    raise AssertionError(text)


def wait_for(daemon, true, what, wait_s=240):
    end = time.monotonic() + wait_s
    while True:
        items = daemon.request("/v1/endpoints", timeout_s=60)[1]["items"]
        if true(items):
            return
        assert time.monotonic() < end, (what, collections.Counter(
            one["status"] for one in items))
        time.sleep(0.3)


def story(daemon, count):
    names = [f"chat-{i}" for i in range(count)]
    daemon.start()
    daemon.await_ready()
    created = Crowd(daemon, names, create)
    slowest = created.run()
    assert len(created.answers) == count
    wait_for(daemon, lambda items: sorted(
        one["name"] for one in items if one["status"] == "in-service")
        == sorted(names), "all in service")
    mib = memory_mib(daemon)
    deleted = Crowd(daemon, names, delete)
    slowest = max(slowest, deleted.run())
    assert len(deleted.answers) == count
    wait_for(daemon, lambda items: all(
        one["status"] == "deleted" for one in items), "all deleted")
    status, answer, _ = daemon.request("/v1/instances")
    assert status == 200 and not answer["items"], answer
    # Bounded, and generously: what is asked is that nothing runs away.
    most = 300 + count // 10
    assert memory_mib(daemon) < most and mib < most, (mib, most)
    assert daemon.stop() == 0
    print(f"{count} endpoints: {mib} MiB, /readyz within "
          f"{slowest * 1000:.0f} ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("understudyd")
    parser.add_argument("understudy")
    parser.add_argument("trace")
    parser.add_argument("--count", type=int, default=2000)
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-crowd-",
                                           dir=temporary_root()))
    (folder / "a.capacity").write_text(TRACE)
    held_file = folder / "held"
    daemon = Daemon(arguments.understudyd, folder / "log",
                    folder / "a.capacity",
                    ["clock.speed=2000", f"simulation.held_file={held_file}"])
    try:
        story(daemon, arguments.count)
        launched = [tuple(line.split()[2:4]) for line
                    in held_file.read_text().splitlines() if line[0] == "+"]
        assert len(launched) == len(set(launched)), "launched twice"
        subprocess.run([arguments.understudy, "verify", "--log",
                        folder / "log"], check=True,
                       stdout=subprocess.DEVNULL)
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
