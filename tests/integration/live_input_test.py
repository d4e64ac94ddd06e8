"""What comes in wrong, too large or too slowly: one clear line each, and
everybody else is served.

    live_input_test.py UNDERSTUDYD UNDERSTUDY MODEL_SERVER GATEWAY HAPROXY
"""

import contextlib
import http.client
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from gateway import await_true, children, free_port  # noqa: E402
from live_fleet import LiveTest, make_gateway, programs  # noqa: E402
from live_load import LiveLoad  # noqa: E402
from process_fleet import PORTS  # noqa: E402

LiveTest.paths = programs(sys.argv[1:6])
HEAD = b"POST /endpoints/chat/invocations HTTP/1.1\r\nHost: x\r\n"
MIB = 1 << 20


def most_memory(pid):
    """The most that a process ever held, in MiB."""
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    raise ValueError(pid)


class Clients(LiveTest):

    def setUp(self):
        self.fleet = self.fleet_of(settings=[
            "request.head_timeout_ms=1500", "request.client_timeout_ms=2500"])
        self.fleet.offer("good", 2)
        self.fleet.start()
        self.fleet.create("chat", ["good"], 1)
        self.fleet.served("chat")
        self.one = self.fleet.whole("chat", 1) and self.fleet.instances(
            "chat")[0]

    def connect(self):
        return socket.create_connection(
            ("127.0.0.1", self.fleet.gateway.port), timeout=60)

    def empty(self):
        self.fleet.await_that("its places free", lambda:
                              self.fleet.in_flight_at(self.one, "chat") == 0)

    def over(self, load):
        load.more().end()
        self.assertEqual(load.failed(), [])
        self.empty()
        self.fleet.delete("chat")
        self.finish(self.fleet)

    def test_a_body_of_a_gibibyte_is_passed_on_as_it_comes(self):
        gateway = self.fleet.gateway
        load = LiveLoad([gateway.port], "chat", clients=2).more()
        proxy = children(gateway.haproxy_pid())
        before = [most_memory(pid) for pid in proxy]
        piece = bytes(MIB)
        with self.connect() as client:
            client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(1024):
                client.sendall(b"100000\r\n" + piece + b"\r\n")
            client.sendall(b"0\r\n\r\n")
            answer = http.client.HTTPResponse(client)
            answer.begin()
            self.assertEqual(answer.status, 200)
            answer.read()
        for pid, least in zip(proxy, before):
            self.assertLess(most_memory(pid) - least, 64)
        self.assertLess(most_memory(gateway.process.pid), 512)
        self.over(load)

    def test_slow_clients_give_their_places_back(self):
        load = LiveLoad([self.fleet.gateway.port], "chat", clients=2).more()
        with contextlib.ExitStack() as open_ones:
            # Heads that never end, far more than the instance has places.
            loris = [open_ones.enter_context(self.connect())
                     for _ in range(50)]
            for one in loris:
                one.sendall(HEAD + b"X-Slow: ")
            # A body that never comes, and an answer that nobody reads.
            body = open_ones.enter_context(self.connect())
            body.sendall(HEAD + b"Content-Length: 1000\r\n\r\nhalf")
            reader = open_ones.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect(("127.0.0.1", self.fleet.gateway.port))
            reader.sendall(HEAD + b"Accept: text/event-stream\r\n"
                           b"X-Tokens: 500000\r\nX-Token-Interval-Ms: 0\r\n"
                           b"Content-Length: 0\r\n\r\n")
            load.more()
            # That body takes no place, the reader one until it is given up.
            self.assertLessEqual(self.fleet.in_flight_at(self.one, "chat"), 3)
            for one in [*loris, body]:
                answer = http.client.HTTPResponse(one)
                answer.begin()
                self.assertEqual(answer.status, 408)
            load.more().end()
            self.assertEqual(load.failed(), [])
            # While they are there still.
            self.empty()
        self.over(LiveLoad([self.fleet.gateway.port], "chat"))

    def test_a_head_of_64_kib_is_refused_and_no_more(self):
        load = LiveLoad([self.fleet.gateway.port], "chat", clients=2).more()
        for _ in range(20):
            with self.connect() as client, contextlib.suppress(
                    ConnectionError):
                client.sendall(HEAD + b"X-Large: " + b"x" * 65536
                               + b"\r\n\r\n")
                self.assertIn(b" 400 ", client.recv(65536))
        self.over(load)

    def test_tls_with_tokens(self):
        folder = self.fleet.folder
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
             "-keyout", folder / "key", "-out", folder / "own.crt", "-days",
             "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        (folder / "both.pem").write_text((folder / "own.crt").read_text()
                                         + (folder / "key").read_text())
        tokens = folder / "tokens"
        tokens.touch(0o600)
        tokens.write_text("* s3cret\n")
        safe = make_gateway(
            self.paths, f"{folder}/safe", ["--server", self.fleet.daemon.url],
            [f"tls_certificate={folder}/both.pem", f"token_file={tokens}"])
        self.addCleanup(safe.end)
        safe.start()
        trusted = ssl.create_default_context(cafile=str(folder / "own.crt"))
        self.fleet.await_that("an answer", lambda: self.ask_safely(
            safe, trusted, "s3cret")[0] == 200)
        self.assertEqual(self.ask_safely(safe, trusted, "wrong")[0], 401)
        self.assertEqual(self.ask_safely(safe, trusted, None)[0], 401)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.ask_safely(safe, ssl.create_default_context(), "s3cret")
        with self.assertRaises((ConnectionError, http.client.HTTPException)):
            safe.invoke("chat")
        self.assertEqual(safe.stop(), 0)
        self.fleet.delete("chat")
        self.finish(self.fleet)

    @staticmethod
    def ask_safely(gateway, context, token):
        connection = http.client.HTTPSConnection(
            "127.0.0.1", gateway.port, timeout=30, context=context)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            connection.request("POST", "/endpoints/chat/invocations", b"{}",
                               headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class Servers(LiveTest):

    def test_bad_ones_harm_nobody_else(self):
        fleet = self.fleet_of()
        fleet.offer("good", 2)
        fleet.offer("sick", 2, "--ping-status", "500")
        fleet.offer("shy", 2, "--close-connections")
        fleet.offer("stubborn", 2, "--ignore-term")
        fleet.start()
        fleet.create("chat", ["good"], 2)
        fleet.create("stubborn", ["stubborn"], 1)
        fleet.served("chat")
        fleet.served("stubborn")
        load = LiveLoad([fleet.gateway.port], "chat").more()
        short = {"startup_timeout_ms": 1000, "max_start_failures": 1}
        for name in ("sick", "shy"):
            fleet.create(name, [name], 1, health=short)
        for name in ("sick", "shy"):
            fleet.await_that("why it does not serve", lambda one=name: (
                lambda answer: answer[0] == 503 and '"failed"' in answer[1])(
                    fleet.gateway.invoke(one)))
            self.assertIn("not ready 1000 ms after its launch", fleet.cli(
                "describe", "endpoint", name))
            fleet.delete(name)
        fleet.delete("stubborn")
        fleet.whole("chat", 2)
        load.more().end()
        self.assertEqual(load.failed(), [])
        fleet.delete("chat")
        self.finish(fleet)

    def test_no_port_is_a_want_of_capacity_until_there_is_one(self):
        fleet = self.fleet_of()
        fleet.offer("good", 4)
        fleet.start()
        fleet.create("chat", ["good"], 1)
        fleet.served("chat")
        load = LiveLoad([fleet.gateway.port], "chat", clients=2).more()
        with contextlib.ExitStack() as taken:
            for port in range(fleet.ports, fleet.ports + PORTS):
                one = taken.enter_context(socket.socket())
                with contextlib.suppress(OSError):
                    one.bind(("127.0.0.1", port))
            fleet.create("late", ["good"], 1)
            denied = fleet.await_that("a refusal", lambda: fleet.events(
                "capacity-denied"))
            self.assertIn("is free", str(denied[0]["data"]))
            self.assertIn("NO_FREE_PORT", fleet.cli("describe", "endpoint",
                                                    "late"))
            load.more()
        fleet.served("late")
        load.more().end()
        self.assertEqual(load.failed(), [])
        for name in ("chat", "late"):
            fleet.delete(name)
        self.finish(fleet)


class Settings(LiveTest):
    """Whoever starts it wrongly reads one line, and nothing is left."""

    def ended(self, command, code, *said):
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=60, check=False)
        line = done.stderr.splitlines()[-1]
        self.assertEqual(done.returncode, code, done.stderr)
        for one in said:
            self.assertIn(one, line)

    def test_catalogues(self):
        fleet = self.fleet_of()
        good = "{instance_type: a, command: [serve]}"
        for text, said in (
                (f"offerings: [{good}]\ncolour: red", "colour: unknown"),
                ("offerings: [{instance_type: a, command: [b], size: 2}]",
                 "offerings[0].size: unknown"),
                (f"offerings:\n- {good}\n- {good}", "is there twice"),
                ("offerings: [{instance_type: a, command: []}]", "no program"),
                ("offerings: [{instance_type: a}]", "missing command"),
                ("offerings: [{instance_type: a, command: [b/c]}]", "'b/c'")):
            fleet.catalogue.write_text(text)
            self.ended(fleet.daemon.command, 2, "catalogue.yaml:", said)

    def test_haproxy_too_old(self):
        fleet = self.fleet_of()
        old = fleet.folder / "haproxy"
        old.write_text("#!/bin/sh\necho 'HAProxy version 2.4.22-1 2023/02/14 "
                       "- https://haproxy.org/'\n")
        old.chmod(0o755)
        gateway = make_gateway(
            self.paths | {"haproxy": str(old)}, f"{fleet.folder}/old",
            ["--server", f"http://127.0.0.1:{fleet.port}"])
        self.ended(gateway.command, 2, "2.4.22-1", "accepted: 2.6 or newer")

    def test_a_port_that_is_taken(self):
        fleet = self.fleet_of()
        fleet.offer("good", 1)
        with socket.create_server(("127.0.0.1", fleet.gateway.port)):
            super(type(fleet), fleet).start()
            gateway = fleet.gateway.start(ready=False)
            self.assertTrue(await_true(lambda: any(
                "HAProxy does not start" in one for one in gateway.lines)))
            self.assertEqual(gateway.status("/readyz")[0], 503)
        # Whoever has it lets it go, and it is taken.
        self.assertTrue(await_true(
            lambda: gateway.status("/readyz")[0] == 200))
        port = free_port()
        other = make_gateway(self.paths, f"{fleet.folder}/other",
                             ["--server", fleet.daemon.url])
        at = other.command.index("--status-listen") + 1
        other.command[at] = f"127.0.0.1:{port}"
        with socket.create_server(("127.0.0.1", port)):
            self.ended(other.command, 1, str(port))
        self.finish(fleet)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[6:], verbosity=2)
