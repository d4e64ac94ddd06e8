"""kill -9 of the gateway, of HAProxy and of both, under load; and what is
said when something is missing."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

from gateway import Gateway, Instance, Load, Log, await_true  # noqa: E402

PROGRAM, WRITER, HAPROXY = sys.argv[1:4]


class Kill(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.instances = [Instance(), Instance()]
        self.log = Log(WRITER, self.root + "/log")
        self.log.tell("create chat", "in-service chat")
        self.log.ready("chat", 1, self.instances[0])
        self.gateway = self.make()

    def make(self, *settings):
        return Gateway(PROGRAM, self.root + "/run",
                       ["--log", "embedded:" + self.root + "/log"],
                       [f"haproxy.program={HAPROXY}", "daemon.publish=false",
                        "instance.slow_start_ms=0", *settings])

    def tearDown(self):
        self.gateway.end()
        self.log.end()
        for one in self.instances:
            one.end()
        shutil.rmtree(self.root)

    def serving(self):
        self.gateway.start()
        self.assertTrue(await_true(
            lambda: self.gateway.invoke("chat")[0] == 200))

    def test_gateway_killed_and_handed_over(self):
        self.serving()
        pid = self.gateway.haproxy_pid()
        load = Load(self.gateway, "chat")
        self.gateway.kill()
        load.more(50)
        # What became meanwhile is made good by the next one.
        self.log.ready("chat", 2, self.instances[1])
        self.log.tell("drain chat 1")
        self.gateway.start()
        self.assertTrue(await_true(lambda: self.instances[1].served > 5))
        self.assertEqual(self.gateway.stop(signal.SIGUSR2), 0)
        load.more(50)
        self.gateway.start()
        load.more(50)
        self.assertTrue(await_true(lambda: self.gateway.counted() >= 50))
        load.end()
        self.assertEqual(self.gateway.haproxy_pid(), pid)
        self.assertEqual(load.failed(), [])

    def test_haproxy_killed(self):
        self.serving()
        pid = self.gateway.haproxy_pid()
        begin = time.monotonic()
        self.gateway.kill_haproxy()
        self.assertTrue(await_true(self.answers))
        took = time.monotonic() - begin
        self.assertNotEqual(self.gateway.haproxy_pid(), pid)
        self.assertLess(took, 10)

    def test_both_killed(self):
        self.serving()
        self.gateway.kill()
        self.gateway.kill_haproxy()
        self.log.ready("chat", 2, self.instances[1])
        self.gateway.start()
        self.assertTrue(await_true(self.answers))
        load = Load(self.gateway, "chat")
        load.more(100)
        load.end()
        self.assertEqual(load.failed(), [])
        self.assertGreater(self.instances[1].served, 10)

    def answers(self):
        try:
            return self.gateway.invoke("chat")[0] == 200
        except OSError:
            return False

    def test_socket_gone(self):
        self.serving()
        load = Load(self.gateway, "chat")
        os.unlink(self.root + "/run/haproxy.sock")
        self.log.ready("chat", 2, self.instances[1])
        self.assertTrue(await_true(lambda: self.instances[1].served > 5))
        load.end()
        self.assertEqual(load.failed(), [])

    def test_log_gone(self):
        self.serving()
        os.rename(self.root + "/log", self.root + "/away")
        self.assertTrue(await_true(
            lambda: any("stay as they are" in one
                        for one in self.gateway.lines)))
        self.assertEqual(self.gateway.invoke("chat")[0], 200)
        self.assertEqual(self.gateway.status("/readyz")[0], 200)
        os.rename(self.root + "/away", self.root + "/log")
        self.log.ready("chat", 2, self.instances[1])
        self.log.tell("drain chat 1")
        self.assertTrue(await_true(
            lambda: self.gateway.invoke("chat")[0] == 200 and
            self.instances[1].served > 0))

    def test_stop_finishes_what_is_in_flight(self):
        self.serving()
        load = Load(self.gateway, "chat", threads=2, sleep_s=0.5)
        load.more(2)
        load.stopping = True
        self.assertEqual(self.gateway.stop(), 0)
        load.end()
        self.assertEqual(load.failed(), [])
        self.assertIsNone(self.gateway.haproxy_pid())

    def test_a_certificate_that_is_gone_does_not_end_who_serves(self):
        pem = self.root + "/both.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
             "-keyout", pem, "-out", self.root + "/crt", "-days", "2",
             "-subj", "/CN=localhost"], check=True, capture_output=True)
        with open(pem, "a") as whole, open(self.root + "/crt") as certificate:
            whole.write(certificate.read())
        self.gateway = self.make("tls_certificate=" + pem).start()
        self.gateway.kill()
        os.remove(pem)
        checked = subprocess.run(
            [*self.gateway.command, "--check-config"], text=True,
            stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(checked.returncode, 2)
        self.assertIn(pem, checked.stderr)
        pid = self.gateway.haproxy_pid()
        self.gateway.start()
        self.assertEqual(self.gateway.haproxy_pid(), pid)

    def test_what_is_missing_is_said_in_one_line(self):
        for setting, said in (
                ("haproxy.program=/nowhere/haproxy", "cannot be run"),
                ("haproxy.program=/bin/true", "accepted: 2.6 or newer"),
                ("tls_certificate=near.pem", "a path from the root"),
                ("tls_certificate=/nowhere.pem", "/nowhere.pem"),
                ("token_file=/nowhere", "/nowhere"),
                ("queue.max=0", "accepted: 1 to"),
                ("haproxy.colour=red", "unknown key")):
            command = self.make(setting).command
            ended = subprocess.run(command, stderr=subprocess.PIPE, text=True,
                                   timeout=60, check=False)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(said, ended.stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
