"""A gateway that follows a daemon over HTTP, through the daemon's death."""

import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

from daemon import Daemon, endpoint  # noqa: E402
from gateway import Gateway, await_true, free_port  # noqa: E402

PROGRAM, DAEMON, HAPROXY, TRACE = sys.argv[1:5]


class Follow(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.daemon = Daemon(DAEMON, self.root + "/log", TRACE,
                             settings=["clock.speed=100"])
        at = self.daemon.command.index("--listen") + 1
        port = free_port()
        self.daemon.command[at] = f"127.0.0.1:{port}"
        self.daemon.start()
        self.daemon.await_ready()
        self.gateway = Gateway(
            PROGRAM, self.root + "/run",
            ["--server", f"http://127.0.0.1:{port}"],
            [f"haproxy.program={HAPROXY}", "queue.waiting_ms=0"])

    def tearDown(self):
        self.gateway.end()
        self.daemon.end()
        shutil.rmtree(self.root)

    def command(self, body):
        status, answer, _ = self.daemon.request("/v1/commands", body)
        self.assertEqual(status, 200, answer)

    def answer(self, name):
        status, text, _ = self.gateway.invoke(name)
        return status, json.loads(text).get("reason")

    def test_follows_and_goes_on_after_a_crash(self):
        pools = [("a3-highgpu-1g", ["us-west1-a", "us-west1-b"], "spot", 1)]
        self.command({"command": "c1", "endpoint": "chat", "create": {
            "spec": endpoint("chat", pools)}})
        self.gateway.start()
        self.assertTrue(await_true(lambda: self.answer("chat")[0] == 503))
        self.assertEqual(self.answer("other"), (404, "no-such-endpoint"))
        self.daemon.kill()
        self.assertTrue(await_true(
            lambda: any("trying again" in one or "stay as they are" in one
                        or "do not arrive" in one
                        for one in self.gateway.lines)))
        self.assertEqual(self.answer("chat")[0], 503)
        self.daemon.start()
        self.daemon.await_ready()
        self.command({"command": "c2", "endpoint": "other", "create": {
            "spec": endpoint("other", pools)}})
        self.assertTrue(await_true(lambda: self.answer("other")[0] == 503))
        self.command({"command": "d1", "endpoint": "chat", "delete": {}})
        self.assertTrue(await_true(lambda: self.answer("chat")[0] == 404))

    def test_load_of_a_simulation_is_not_metered(self):
        self.gateway.start()
        self.assertTrue(await_true(
            lambda: any("load facts do not arrive" in one
                        for one in self.gateway.lines)))
        status, answer, _ = self.daemon.request(
            "/v1/load", {"gateway": "here", "endpoints": []})
        self.assertEqual((status, answer["reason"]),
                         (404, "load-not-metered"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
