"""Malformed and hostile HTTP over the real socket: nobody else is harmed.

    daemon_http_test.py UNDERSTUDYD UNDERSTUDY TRACE [--seconds N] [--seed N]
"""

import argparse
import pathlib
import random
import shutil
import socket
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

GOOD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
COMMAND = (b"POST /v1/commands HTTP/1.1\r\nHost: localhost\r\n"
           b"Content-Type: application/json\r\n")
LINES = [b"", b"GET", b"GET /", b"GET / HTTP/9.9", b"GET  / HTTP/1.1",
         b"get / HTTP/1.1", b"GET / HTTP/1.1 x", b"\0\0\0", b"GET \0 HTTP/1.1",
         b"GET /%zz HTTP/1.1", b"GET /../../etc/passwd HTTP/1.1",
         b"GET http://other/ HTTP/1.1", b"CONNECT a:1 HTTP/1.1",
         b"PRI * HTTP/2.0", b"\x16\x03\x01\x02\x00", b"GET /" + b"a" * 9000,
         b"OPTIONS * HTTP/1.1", b"TRACE / HTTP/1.1", b"\xff\xfe GET"]
HEADERS = [b"Host: other", b"Host:", b"Host: a\r\nHost: b", b"NoColon",
           b": empty", b"Bad Name: x", b"X: \0", b" folded: x", b"X:" +
           b"y" * 9000, b"\r\n".join(b"H%d: x" % i for i in range(200)),
           b"Content-Length: -1", b"Content-Length: 99999999999999999999",
           b"Content-Length: 5\r\nContent-Length: 6", b"Content-Length: 0x5",
           b"Transfer-Encoding: chunked\r\nContent-Length: 5",
           b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip",
           b"Transfer-Encoding: chunked, chunked", b"Expect: 100-continue",
           b"Expect: nonsense", b"Connection: upgrade\r\nUpgrade: websocket",
           b"Range: bytes=0-99999999999", b"Content-Encoding: gzip",
           b"Last-Event-ID: 99999999999999999999", b"Accept: \xff"]
BODIES = [b"", b"{", b"[" * 5000, b"{}" * 500, b"\0" * 100, b"5\r\nabc",
          b"ffffffffffffffff\r\nx", b"-1\r\n", b"0\r\n\r\n", b"zz\r\n\r\n",
          b"5;" + b"e" * 5000 + b"\r\nhello\r\n0\r\n\r\n",
          b"1\r\na\r\n" * 200 + b"0\r\nTrailer: x\r\n\r\n", GOOD * 20]


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def one_attack(chance):
    """Some bytes that are nearly HTTP."""
    line = chance.choice(LINES + [b"GET /livez HTTP/1.1",
                                  b"POST /v1/commands HTTP/1.1",
                                  b"GET /v1/events?follow=true HTTP/1.1"] * 5)
    fields = chance.choices(HEADERS, k=chance.randint(0, 3))
    if chance.random() < 0.8:
        fields.append(b"Host: localhost")
    end = chance.choice([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"])
    sent = bytearray(end.join([line, *fields, b"", b""]) +
                     chance.choice(BODIES))
    for _ in range(chance.choice([0, 0, 0, 1, 5])):
        sent[chance.randrange(len(sent))] = chance.randrange(256)
    if chance.random() < 0.2:
        del sent[chance.randrange(len(sent)):]
    return bytes(sent)


def attack(port, seed, until, counts):
    chance = random.Random(seed)
    while time.monotonic() < until:
        sent = one_attack(chance)
        with connect(port) as client:
            try:
                for part in range(0, len(sent), chance.choice([1 << 20, 700])):
                    client.sendall(sent[part:part + (1 << 20)])
                if chance.random() < 0.7:
                    client.shutdown(socket.SHUT_WR)
                    client.settimeout(0.2)
                    if client.recv(1 << 16).startswith(b"HTTP/1.1 500"):
                        counts["internal"] += 1
            except OSError:
                pass
        counts["sent"] += 1


def check_others(daemon, until, number=0):
    """Meanwhile whoever speaks HTTP is answered."""
    while time.monotonic() < until:
        number += 1
        name = f"good-{number}"
        for path in ("/livez", "/readyz", "/v1/endpoints", "/metrics"):
            assert daemon.request(path)[0] == 200, path
        assert daemon.request("/v1/commands", {
            "command": name, "endpoint": name, "create": {"spec": endpoint(
                name, [("a3-highgpu-1g", ["us-west1-b"], "spot", 1)])}
        })[0] == 200
        time.sleep(0.1)
    return number


def fuzz(daemon, seconds, seed):
    until = time.monotonic() + seconds
    counts = {"sent": 0, "internal": 0}
    threads = [threading.Thread(target=attack, args=(
        daemon.port, f"{seed}-{i}", until, counts)) for i in range(4)]
    for thread in threads:
        thread.start()
    good = check_others(daemon, until)
    for thread in threads:
        thread.join()
    assert good > 0 and counts["internal"] == 0, (good, counts)
    assert daemon.process.poll() is None
    names = [one["name"] for one in daemon.request("/v1/endpoints")[1]["items"]]
    assert all(name.startswith("good-") for name in names), names
    print(f"{counts['sent']} attacks, {good} endpoints created meanwhile")
    return good


def slow_ones(daemon, number):
    """Fifty that never come to the end of their requests."""
    slow = [connect(daemon.port) for _ in range(50)]
    try:
        for at in range(20):
            for client in slow:
                try:
                    client.sendall(GOOD[at:at + 1])
                except OSError:
                    pass  # sent away already
            assert daemon.request("/livez")[0] == 200
        check_others(daemon, time.monotonic() + 1, number)
        # Sent away once api.io_timeout_ms is over.
        for client in slow:
            while client.recv(4096):
                pass
    finally:
        for client in slow:
            client.close()


def large_body(daemon):
    """Refused by its head: next to nothing of it is read."""
    for head in (b"Content-Length: 104857600\r\n\r\n",
                 b"Transfer-Encoding: chunked\r\n\r\n"):
        with connect(daemon.port) as client:
            client.sendall(COMMAND + head)
            sent = 0
            piece = b"x" * 65536
            if b"chunked" in head:
                piece = b"10000\r\n" + piece + b"\r\n"
            try:
                while sent < 104_857_600:
                    client.sendall(piece)
                    sent += len(piece)
            except OSError:
                pass  # it has closed
            assert sent < 33_554_432, f"{sent} bytes were taken"
    with connect(daemon.port) as client:
        client.sendall(COMMAND + b"Content-Length: 104857600\r\n\r\n")
        assert client.recv(64).startswith(b"HTTP/1.1 413 ")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("understudyd")
    parser.add_argument("understudy")
    parser.add_argument("trace")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-http-",
                                           dir=temporary_root()))
    daemon = Daemon(arguments.understudyd, folder / "log", arguments.trace,
                    ["clock.speed=600", "api.io_timeout_ms=3000"])
    try:
        daemon.start()
        daemon.await_ready()
        number = fuzz(daemon, arguments.seconds, arguments.seed)
        slow_ones(daemon, number)
        large_body(daemon)
        assert daemon.request("/readyz")[0] == 200
        assert daemon.stop() == 0
        wrong = [line for line in daemon.lines if " error " in line]
        assert not wrong, wrong
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
