"""What the gateway answers, with a real HAProxy and small model servers."""

import http.client
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

from gateway import Gateway, Instance, Log, await_true  # noqa: E402

PROGRAM, WRITER, HAPROXY = sys.argv[1:4]


class Answers(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.instances = []
        self.log = Log(WRITER, self.root + "/log")
        with open(self.root + "/tokens", "w", opener=lambda path, flags:
                  os.open(path, flags, 0o600)) as file:
            file.write("# whose is whose\nsecret s3cret\n")
        self.gateway = self.make()

    def make(self, *settings):
        return Gateway(
            PROGRAM, self.root + "/run",
            ["--log", "embedded:" + self.root + "/log",
             "--token-file", self.root + "/tokens"],
            [f"haproxy.program={HAPROXY}", "daemon.publish=false",
             "queue.max=2", "queue.timeout_ms=1500", "queue.waiting_ms=4000",
             *settings])

    def tearDown(self):
        self.gateway.end()
        self.log.end()
        for one in self.instances:
            one.end()
        shutil.rmtree(self.root)

    def instance(self):
        self.instances.append(Instance())
        return self.instances[-1]

    def serving(self, name, most=8):
        """An endpoint with one instance that takes requests."""
        one = self.instance()
        self.log.tell(f"create {name}", f"in-service {name}")
        self.log.ready(name, 1, one, most)
        self.assertTrue(await_true(lambda: self.gateway.invoke(
            name, {"authorization": "Bearer s3cret"})[0] == 200))
        return one

    def reason(self, name, status):
        def met():
            code, text, headers = self.gateway.invoke(name)
            return (code, text, headers) if code == status else None
        found = await_true(met)
        self.assertTrue(found, self.gateway.invoke(name))
        body = json.loads(found[1])
        return body["reason"], body["message"], found[2]

    def test_answers(self):
        self.log.tell("create early")
        self.gateway.start()
        reason, _, headers = self.reason("early", 503)
        self.assertEqual(reason, "creating")
        self.assertEqual(headers["retry-after"], "10")
        self.assertEqual(self.reason("nobody", 404)[0], "no-such-endpoint")

        self.serving("chat")
        status, text, headers = self.gateway.invoke("chat")
        self.assertEqual(status, 200, text)
        self.assertEqual(json.loads(text)["path"], "/invocations")
        self.assertEqual(
            [headers["x-understudy-" + one] for one in
             ("endpoint", "variant", "pool", "instance-type")],
            ["chat", "primary", "pool-1", "gpu.large"])

        labels = ('endpoint="chat",variant="primary",pool="pool-1",'
                  'instance_type="gpu.large"')
        for line in (
                f'understudy_gateway_requests_total{{{labels},code="2xx"}}',
                f"understudy_gateway_model_latency_seconds_count{{{labels}}}",
                f"understudy_gateway_requests_in_flight{{{labels}}}",
                'understudy_gateway_refused_total{endpoint="early",'
                'code="503"}',
                "understudy_gateway_ready 1"):
            self.assertTrue(await_true(
                lambda wanted=line: wanted in
                self.gateway.status("/metrics")[1]), line)

        self.log.tell("failed early")
        self.assertTrue(await_true(
            lambda: self.reason("early", 503)[0] == "failed"))
        self.log.tell("deleting early")
        self.assertTrue(await_true(
            lambda: self.reason("early", 503)[0] == "deleting"))
        self.log.tell("deleted early")
        self.reason("early", 404)

    def test_queue_full_is_429(self):
        self.gateway.start()
        self.serving("chat", most=1)
        codes = []

        def invoke():
            status, _, headers = self.gateway.invoke("chat", {"x-sleep": "3"})
            codes.append((status, headers.get("retry-after")))
        threads = [threading.Thread(target=invoke) for _ in range(6)]
        for one in threads:
            one.start()
            time.sleep(0.05)
        for one in threads:
            one.join()
        # One is served; two wait in vain; three find the queue full.
        self.assertEqual(sorted(code for code, _ in codes),
                         [200, 429, 429, 429, 429, 429])
        self.assertTrue(await_true(
            lambda: 'understudy_gateway_refused_total{endpoint="chat",'
            'code="429"} 5' in self.gateway.status("/metrics")[1]))

    def test_upstream_that_dies_is_502(self):
        self.gateway.start()
        one = self.serving("chat")
        status, text, _ = self.gateway.invoke("chat", {"x-die": "1"})
        self.assertEqual(status, 502, text)
        self.assertEqual(json.loads(text)["reason"], "instance-failed")
        one.end()
        self.instances.remove(one)
        self.assertEqual(self.gateway.invoke("chat")[0], 502)

    def test_instances_that_cannot_be_reached_are_503(self):
        self.gateway.start()
        gone = Instance()
        self.log.tell("create away", "in-service away")
        self.log.ready("away", 1, gone)
        gone.end()
        reason, message, _ = self.reason("away", 503)
        self.assertEqual(reason, "unreachable")
        self.assertIn("no instance", message)

    def test_tokens(self):
        self.gateway.start()
        self.serving("secret")
        self.assertEqual(self.gateway.invoke("secret")[0], 401)
        self.assertEqual(self.gateway.invoke(
            "secret", {"authorization": "Bearer wrong"})[0], 401)
        status, text, _ = self.gateway.invoke(
            "secret", {"authorization": "Bearer s3cret"})
        self.assertEqual(status, 200)
        self.assertIsNone(json.loads(text)["authorization"])
        self.serving("open")
        self.assertEqual(self.gateway.invoke("open")[0], 200)

    def test_streams_and_large_bodies(self):
        self.gateway.start()
        self.serving("chat")
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port)
        connection.request("POST", "/endpoints/chat/invocations", b"x",
                           {"x-stream": "1"})
        answer = connection.getresponse()
        pieces = []
        while piece := answer.read1(65536):
            pieces.append(piece)
        connection.close()
        self.assertGreaterEqual(len(pieces), 3, pieces)
        self.assertEqual(b"".join(pieces).count(b"data:"), 5)
        size = 64 * 1024 * 1024
        status, text, _ = self.gateway.invoke("chat", body=bytes(size))
        self.assertEqual((status, json.loads(text)["size"]), (200, size))
        try:
            status = self.gateway.invoke("chat", {"x-big": "b" * 65536})[0]
        except ConnectionError:
            status = 400  # It was refused before all of it was sent.
        self.assertEqual(status, 400)

    def test_client_that_goes_away_frees_its_place(self):
        self.gateway.start()
        self.serving("chat", most=1)
        waiting = threading.Thread(
            target=self.gateway.invoke, args=("chat", {"x-sleep": "1"}))
        waiting.start()
        with socket.create_connection(
                ("127.0.0.1", self.gateway.port)) as gone:
            gone.sendall(b"POST /endpoints/chat/invocations HTTP/1.1\r\n"
                         b"Host: x\r\nx-sleep: 60\r\nContent-Length: 0\r\n\r\n")
            self.assertTrue(await_true(self.queued))
        self.assertTrue(await_true(lambda: not self.queued()))
        waiting.join()
        self.assertEqual(self.gateway.invoke("chat")[0], 200)

    def test_a_client_that_stops_in_a_large_body_frees_its_place(self):
        self.gateway = self.make("request.client_timeout_ms=2000",
                                 "queue.timeout_ms=30000")
        self.gateway.start()
        self.serving("chat", most=1)
        # Whoever waits for the instance, or reads slowly, is not to blame.
        status, text, _ = self.gateway.invoke(
            "chat", {"x-sleep": "6"}, body=bytes(300_000))
        self.assertEqual((status, json.loads(text)["size"]), (200, 300_000))
        self.read_slowly(20_000_000, 6)
        with socket.create_connection(
                ("127.0.0.1", self.gateway.port), 30) as stops:
            stops.sendall(b"POST /endpoints/chat/invocations HTTP/1.1\r\n"
                          b"Host: x\r\nContent-Length: 1000000\r\n\r\n" +
                          bytes(300_000))
            # As long as something comes, it is taken.
            for _ in range(5):
                time.sleep(0.7)
                stops.sendall(bytes(1000))
            next_one = []
            thread = threading.Thread(
                target=lambda: next_one.append(self.gateway.invoke("chat")))
            thread.start()
            self.assertTrue(await_true(self.queued))
            self.assertEqual(stops.recv(4096), b"")
            thread.join()
            self.assertEqual(next_one[0][0], 200, next_one)
        self.assertTrue(await_true(lambda: any(
            "stopped in the middle of a body" in line
            for line in self.gateway.lines)))

    def read_slowly(self, size, seconds):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            one.settimeout(30)
            one.connect(("127.0.0.1", self.gateway.port))
            one.sendall(b"POST /endpoints/chat/invocations HTTP/1.1\r\n"
                        b"Host: x\r\nConnection: close\r\n"
                        b"x-bytes: %d\r\nContent-Length: 0\r\n\r\n" % size)
            begin, got = time.monotonic(), 0
            while piece := one.recv(65536):
                got += len(piece)
                ahead = got / size * seconds - (time.monotonic() - begin)
                time.sleep(max(ahead, 0))
            self.assertGreater(got, size)

    def queued(self):
        rows = self.gateway.ask_haproxy("show stat -1 2 -1").splitlines()
        return any(int(row.split(",")[2] or 0) for row in rows
                   if row.startswith("understudy_"))

    def test_waits_for_an_instance_from_zero(self):
        self.gateway.start()
        self.log.tell("create idle", "in-service idle", "scale idle 0")
        result = []
        self.assertTrue(await_true(
            lambda: self.reason("idle", 503)[0] == "scaled-to-zero"))
        self.reason_in_time("idle")
        thread = threading.Thread(
            target=lambda: result.append(self.gateway.invoke("idle")))
        thread.start()
        self.assertTrue(await_true(
            lambda: "idle 1 " in self.gateway.ask_haproxy("show understudy")))
        one = self.instance()
        self.log.ready("idle", 1, one)
        thread.join()
        self.assertEqual(result[0][0], 200, result)

    def reason_in_time(self, name):
        begin = time.monotonic()
        reason, _, headers = self.reason(name, 503)
        self.assertEqual(reason, "scaled-to-zero")
        self.assertIn("retry-after", headers)
        self.assertGreater(time.monotonic() - begin, 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
