"""Instances come and go under load: not one request fails."""

import os
import shutil
import socket
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))

from gateway import (  # noqa: E402
    Gateway, Instance, Load, Log, await_true, children)

PROGRAM, WRITER, HAPROXY = sys.argv[1:4]


class Change(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.instances = []
        self.log = Log(WRITER, self.root + "/log")
        self.log.tell("create chat", "in-service chat")
        self.gateway = Gateway(
            PROGRAM, self.root + "/run",
            ["--log", "embedded:" + self.root + "/log"],
            [f"haproxy.program={HAPROXY}", "daemon.publish=false",
             "haproxy.slots=2", "instance.slow_start_ms=200"])

    def tearDown(self):
        self.gateway.end()
        self.log.end()
        for one in self.instances:
            one.end()
        shutil.rmtree(self.root)

    def instance(self):
        self.instances.append(Instance())
        return self.instances[-1]

    def servers(self):
        return self.gateway.ask_haproxy("show servers state")

    def test_added_drained_and_removed_under_load(self):
        first = self.instance()
        self.log.ready("chat", 1, first)
        self.gateway.start()
        self.assertTrue(await_true(
            lambda: self.gateway.invoke("chat")[0] == 200))
        load = Load(self.gateway, "chat")
        number = 1
        for _ in range(4):
            number += 1
            new = self.instance()
            self.log.ready("chat", number, new)
            self.assertTrue(await_true(lambda one=new: one.served > 5))
            old = self.instances[-2]
            self.log.tell(f"drain chat {number - 1}")
            self.assertTrue(await_true(
                lambda one=number - 1: self.draining(one)))
            self.assertTrue(await_true(lambda one=old: one.in_flight == 0))
            served = old.served
            load.more(50)
            self.assertEqual(old.served, served)
            self.log.tell(f"gone chat {number - 1}")
            self.assertTrue(await_true(
                lambda one=number - 1:
                f"chat:{one}-1-0 " not in self.servers()))
            old.end()
            load.more(50)
        results = load.end()
        self.assertEqual(load.failed(), [], len(results))
        self.assertGreater(len(results), 400)

    def draining(self, number):
        for line in self.servers().splitlines():
            if f" chat:{number}-1-0 " in line:
                return line.split()[6] == "8"
        return False

    def serve_more(self, count, instance):
        """So many more endpoints: beyond the slots that there are."""
        for number in range(count):
            name = f"more{number}"
            self.log.tell(f"create {name}", f"in-service {name}")
            self.log.ready(name, 1, instance)
            self.assertTrue(await_true(
                lambda endpoint=name:
                self.gateway.invoke(endpoint)[0] == 200))

    def test_slots_run_out_under_load(self):
        """A reload, and nothing is lost; what is in flight is finished."""
        one = self.instance()
        self.log.ready("chat", 1, one)
        self.gateway.start()
        self.assertTrue(await_true(
            lambda: self.gateway.invoke("chat")[0] == 200))
        load = Load(self.gateway, "chat", sleep_s=0.2)
        pid = self.gateway.haproxy_pid()
        self.serve_more(5, one)
        self.assertEqual(self.gateway.haproxy_pid(), pid)
        load.more(50)
        results = load.end()
        self.assertEqual(load.failed(), [])
        # Processes old and new tell of what they served.
        self.assertTrue(await_true(
            lambda: self.gateway.counted() >= len(results)))

    def test_a_request_that_comes_while_its_process_is_replaced(self):
        one = self.instance()
        self.log.ready("chat", 1, one)
        self.gateway.start()
        self.assertTrue(await_true(
            lambda: self.gateway.invoke("chat")[0] == 200))
        late = socket.create_connection(("127.0.0.1", self.gateway.port), 30)
        late.sendall(b"POST /endpoints/chat/invocations HTTP/1.1\r\n")
        self.serve_more(3, one)
        late.sendall(b"Host: here\r\nContent-Length: 1\r\n\r\nx")
        answer = late.recv(4096)
        late.close()
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)

    def test_a_request_that_is_held_while_its_process_is_replaced(self):
        self.log.tell("scale chat 0")
        self.gateway.start()
        held = []
        thread = threading.Thread(
            target=lambda: held.append(self.gateway.invoke(
                "chat", timeout_s=90)))

        def waiting():
            return "chat 1 " in self.gateway.ask_haproxy("show understudy")
        self.assertTrue(await_true(
            lambda: "chat" in self.gateway.ask_haproxy(
                f"show map {self.gateway.directory}/endpoints.map")))
        thread.start()
        self.assertTrue(await_true(waiting))
        before = children(self.gateway.haproxy_pid())
        one = self.instance()
        self.serve_more(3, one)
        # The new process has it, and the old one nothing more to do but to
        # pass on its answer.
        self.assertTrue(
            set(children(self.gateway.haproxy_pid())) - set(before))
        self.assertTrue(await_true(waiting))
        self.assertEqual(held, [])
        self.log.ready("chat", 1, one)
        thread.join()
        self.assertEqual(held[0][0], 200, held)
        self.assertEqual(held[0][2]["x-understudy-endpoint"], "chat")

    def test_what_somebody_changed_is_repaired(self):
        self.log.ready("chat", 1, self.instance())
        self.gateway.start()
        name = "understudy_l_1/chat:1-1-0"
        self.assertTrue(await_true(
            lambda: self.gateway.invoke("chat")[0] == 200))
        for harm in (f"set server {name} state maint",
                     f"set server {name} weight 1",
                     f"set maxconn server {name} 1",
                     f"del map {self.root}/run/endpoints.map chat",
                     f"del map {self.root}/run/instances.map chat:1-1-0"):
            self.gateway.ask_haproxy(harm)
            self.assertTrue(await_true(self.whole), harm)

    def whole(self):
        state = [line.split() for line in self.servers().splitlines()
                 if " chat:1-1-0 " in line]
        status, _, headers = self.gateway.invoke("chat")
        return (status == 200 and state[0][6:8] == ["0", "8"] and
                headers.get("x-understudy-pool") == "pool-1")

    def test_weight_follows_what_an_instance_takes(self):
        large, small = self.instance(), self.instance()
        self.log.ready("chat", 1, large, most=12, pool="large")
        self.log.ready("chat", 2, small, most=4, pool="small")
        self.gateway.start()
        self.assertTrue(await_true(
            lambda: self.gateway.invoke("chat")[0] == 200))
        load = Load(self.gateway, "chat", threads=12, sleep_s=0.05)
        load.more(400)
        load.end()
        self.assertEqual(load.failed(), [])
        share = large.served / (large.served + small.served)
        self.assertTrue(0.65 < share < 0.85, share)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
