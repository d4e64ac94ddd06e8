"""Many follow the events, and half of them never read.

    daemon_followers_test.py UNDERSTUDYD UNDERSTUDY TRACE [--count N]
"""

import argparse
import pathlib
import shutil
import socket
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

POOLS = [("a3-highgpu-1g", ["us-west1-b", "us-central1-a"], "spot", 1)]
FOLLOW = (b"GET /v1/events?follow=true&after=0:0 HTTP/1.1\r\n"
          b"Host: localhost\r\nAccept: text/event-stream\r\n\r\n")


def connect(daemon, receive_bytes=None):
    client = socket.socket()
    if receive_bytes:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    client.settimeout(60)
    client.connect(("127.0.0.1", daemon.port))
    client.sendall(FOLLOW)
    return client


class Reader(threading.Thread):
    """Reads on, and looks at the numbers of what it sees."""

    def __init__(self, daemon):
        super().__init__()
        self.client = connect(daemon)
        self.last = 0
        self.wrong = None
        self.status = None
        self.stopping = False

    def run(self):
        try:
            with self.client, self.client.makefile("rb") as lines:
                self.status = lines.readline().decode().split()[1]
                for line in lines:
                    if line.startswith(b"id:"):
                        self.see(int(line.rsplit(b":", 1)[1]))
                    elif line.startswith(b"event: stopping"):
                        self.stopping = True
        except OSError as error:
            self.wrong = self.wrong or str(error)

    def see(self, number):
        if number != self.last + 1:
            self.wrong = self.wrong or f"{number} after {self.last}"
        self.last = number


def followers(daemon):
    text = daemon.request("/metrics")[1]
    for line in text.splitlines():
        if line.startswith("understudy_api_followers"):
            return int(float(line.split()[1]))
    raise AssertionError("no figure of followers")


def wait_until(true, what, wait_s=90):
    end = time.monotonic() + wait_s
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


def write_events(daemon, enough):
    """Commands go on, until there is more than a frozen one can be sent."""
    number = 0
    while not enough():
        number += 1
        assert number < 20_000, "the frozen ones are still there"
        name = f"chat-{number}"
        status, answer, _ = daemon.request("/v1/commands", {
            "command": name, "endpoint": name,
            "create": {"spec": endpoint(name, POOLS)}})
        assert status == 200, answer
    return number


def story(daemon, count):
    daemon.start()
    daemon.await_ready()
    live = [Reader(daemon) for _ in range(count // 2)]
    for reader in live:
        reader.start()
    frozen = [connect(daemon, 2048) for _ in range(count - len(live))]
    try:
        wait_until(lambda: followers(daemon) == count, "all follow")
        status, told, _ = daemon.request("/v1/events?follow=true&after=0:0")
        assert status == 503 and told["reason"] == "too-many-followers", told
        assert str(count) in told["detail"], told
        created = write_events(
            daemon, lambda: followers(daemon) <= len(live))
        # Whoever comes now is taken: the places of the frozen are free.
        after = Reader(daemon)
        after.start()
        live.append(after)
        newest = daemon.request("/readyz")[1]["total"]
        wait_until(lambda: all(one.last >= newest for one in live),
                   "all events at all who read")
        assert daemon.stop() == 0
        for reader in live:
            reader.join(60)
            assert reader.status == "200" and reader.stopping
            assert not reader.wrong, reader.wrong
        print(f"{len(live)} saw {live[0].last} events without a gap, "
              f"{len(frozen)} frozen ones were dropped, {created} commands")
    finally:
        for client in frozen:
            client.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("understudyd")
    parser.add_argument("understudy")
    parser.add_argument("trace")
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-followers-",
                                           dir=temporary_root()))
    daemon = Daemon(arguments.understudyd, folder / "log", arguments.trace,
                    ["clock.speed=600", "api.io_timeout_ms=1000",
                     f"api.max_followers={arguments.count}"])
    try:
        story(daemon, arguments.count)
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
