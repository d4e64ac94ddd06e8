"""Instances that are processes, with the real daemon.

    process_fleet_test.py UNDERSTUDYD UNDERSTUDY MODEL_SERVER
"""

import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from process_fleet import ProcessFleet  # noqa: E402

UNDERSTUDYD, UNDERSTUDY, SERVER = map(os.path.abspath, sys.argv[1:4])


class ProcessFleetTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="process-fleet-")
        self.addCleanup(shutil.rmtree, folder)
        self.fleet = ProcessFleet(UNDERSTUDYD, UNDERSTUDY, SERVER, folder)
        self.addCleanup(self.fleet.close_down)

    def one_process_each(self, name):
        """The fleet's processes are its instances, one for one."""
        running = self.fleet.processes()
        known = {one["provider_ref"] for one in self.fleet.instances(name)}
        self.assertEqual(set(running), known)
        for reference, pids in running.items():
            self.assertEqual(len(pids), 1, reference)
        return running

    def delete(self, name):
        self.fleet.command(name, delete={})
        self.fleet.await_that("nothing left",
                              lambda: not self.fleet.processes())
        self.fleet.await_that(
            "deleted", lambda: self.fleet.events("endpoint-deleted"))

    def test_falls_back_serves_and_returns(self):
        self.fleet.offer("good", 2)
        self.fleet.offer("other", 4)
        self.fleet.start()
        self.fleet.cli("capacity", "close", "good/local/on-demand")
        self.fleet.create("chat", ["good", "other"], 2, return_policy={
            "mode": "active", "dwell_ms": 500, "interval_ms": 1000})
        ready = self.fleet.await_ready("chat", 2, "other")
        denied = self.fleet.events("capacity-denied")
        self.assertIn("closed", str(denied))
        for one in ready:
            url = f"http://{one['address']}/invocations"
            with urllib.request.urlopen(url, data=b"{}", timeout=30) as answer:
                self.assertIn(one["provider_ref"], answer.read().decode())
        self.fleet.cli("capacity", "open", "good/local/on-demand")
        self.fleet.await_ready("chat", 2, "good")
        self.one_process_each("chat")
        self.assertIn("good", self.fleet.cli("capacity", "list"))
        self.delete("chat")

    def test_an_instance_that_is_killed_is_replaced(self):
        self.fleet.offer("good", 4)
        self.fleet.start()
        self.fleet.create("chat", ["good"], 2)
        self.fleet.await_ready("chat", 2)
        first = self.one_process_each("chat")
        victim = next(iter(first))
        os.kill(first[victim][0], signal.SIGKILL)
        self.fleet.await_that(
            "the loss", lambda: self.fleet.events("instance-lost"))
        self.fleet.await_ready("chat", 2)
        self.assertNotIn(victim, self.one_process_each("chat"))
        self.assertIn("signal 9", str(self.fleet.events("instance-lost")))
        self.delete("chat")

    def test_one_that_ignores_term_is_killed(self):
        self.fleet.grace_ms = 300
        self.fleet.offer("stubborn", 2, "--ignore-term")
        self.fleet.start()
        self.fleet.create("chat", ["stubborn"], 2)
        self.fleet.await_ready("chat", 2)
        self.delete("chat")

    def test_one_that_answers_ping_with_500_never_serves(self):
        self.fleet.offer("sick", 2, "--ping-status", "500")
        self.fleet.start()
        self.fleet.create("chat", ["sick"], 1, health={
            "startup_timeout_ms": 1000, "max_start_failures": 2})
        self.fleet.await_that(
            "the failure", lambda: self.fleet.events("endpoint-failed"))
        self.assertTrue(self.fleet.events("instance-start-failed"))
        self.fleet.await_that("nothing left",
                              lambda: not self.fleet.processes())

    def test_one_that_closes_connections_never_serves(self):
        self.fleet.offer("shy", 2, "--close-connections")
        self.fleet.offer("good", 2)
        self.fleet.start()
        self.fleet.create("bad", ["shy"], 1, health={
            "startup_timeout_ms": 1000, "max_start_failures": 2})
        self.fleet.create("chat", ["good"], 1)
        self.fleet.await_ready("chat", 1)
        self.fleet.await_that(
            "the failure", lambda: self.fleet.events("endpoint-failed"))
        self.fleet.await_ready("chat", 1)
        self.delete("chat")

    def test_the_last_lines_of_a_failed_start_are_told(self):
        self.fleet.offer("broken", 2, "--fail-start",
                         "cannot load \x1b[31mmodel", "--exit-status", "7")
        self.fleet.offer("other", 2)
        self.fleet.start()
        self.fleet.create("chat", ["broken", "other"], 1,
                          health={"max_start_failures": 2})
        failed = self.fleet.await_that(
            "the failure", lambda: self.fleet.events("instance-start-failed"))
        detail = str(failed)
        self.assertIn("exit status 7", detail)
        self.assertIn("cannot load", detail)
        self.assertNotIn("\x1b", detail)
        self.fleet.await_that(
            "the end", lambda: self.fleet.events("endpoint-failed"))
        # Never a capacity problem: the other pool was not asked.
        self.assertEqual(self.fleet.events("capacity-denied"), [])
        self.assertIn("cannot load",
                      self.fleet.cli("describe", "endpoint", "chat"))

    def test_a_missing_program_is_no_want_of_capacity(self):
        self.fleet.offer("gone", 2, command=["/no/such/server"])
        self.fleet.offer("other", 2)
        self.fleet.start()
        self.fleet.create("chat", ["gone", "other"], 1)
        self.fleet.await_ready("chat", 1, "other")
        self.assertIn("infeasible", str(self.fleet.events("launch-refused",
                                                          "capacity-denied")))
        self.delete("chat")

    def test_what_it_writes_can_be_read(self):
        self.fleet.offer("good", 1)
        self.fleet.start()
        self.fleet.create("chat", ["good"], 1)
        one = self.fleet.await_ready("chat", 1)[0]
        text = self.fleet.cli("logs", f"chat/{one['id']}")
        self.assertIn("listening", text)
        self.delete("chat")

    def test_a_daemon_that_is_killed_finds_its_processes(self):
        chance = random.Random(1)
        self.fleet.offer("good", 6)
        self.fleet.start()
        self.fleet.create("chat", ["good"], 2)
        for desired in (6, 1, 5, 2, 6, 3, 1, 4):
            self.fleet.command("chat", scale={"variant": "primary",
                                              "desired": desired})
            time.sleep(chance.uniform(0, 0.15))
            self.fleet.daemon.kill()
            for reference, pids in self.fleet.processes().items():
                self.assertEqual(len(pids), 1, reference)
            self.fleet.daemon.start()
            self.fleet.daemon.await_ready()
        self.fleet.await_ready("chat", 4)
        before = self.one_process_each("chat")
        self.fleet.daemon.stop()
        self.fleet.daemon.start()
        self.fleet.daemon.await_ready()
        self.fleet.await_ready("chat", 4)
        self.assertEqual(self.one_process_each("chat"), before)
        self.delete("chat")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
