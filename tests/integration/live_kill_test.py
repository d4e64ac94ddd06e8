"""kill -9 under load, in turn and together: what may fail, and no more.

    live_kill_test.py UNDERSTUDYD UNDERSTUDY MODEL_SERVER GATEWAY HAPROXY
"""

import os
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from gateway import children  # noqa: E402
from live_fleet import LiveTest, programs  # noqa: E402
from live_load import LiveLoad  # noqa: E402

LiveTest.paths = programs(sys.argv[1:6])
PLACES = 4  # Of one instance.
CLIENTS = 10


class Kill(LiveTest):

    def serving(self, **health):
        self.fleet = self.fleet_of()
        self.fleet.offer("good", 5)
        self.fleet.start()
        self.fleet.create("chat", ["good"], 2, health=health)
        self.fleet.served("chat")
        return self.fleet.whole("chat", 2)

    def load(self, **more):
        return LiveLoad([self.fleet.gateway.port], "chat", clients=CLIENTS,
                        service_ms=100, **more).more()

    def over(self):
        self.fleet.delete("chat")
        self.finish(self.fleet)

    def test_an_instance(self):
        # A probe that is not answered is to say nothing before the end does.
        self.serving(probe_interval_ms=1000, unhealthy_threshold=60)
        for idempotent in (False, True):
            load = self.load(idempotent=idempotent)
            victim = self.fleet.await_ready("chat", 2)[0]
            pid = self.fleet.pid_of(victim)
            lost = len(self.fleet.events("instance-lost"))
            # Held still, it takes as many as it may, which HAProxy can exceed
            # by a few, and answers none.
            os.kill(pid, signal.SIGSTOP)
            self.fleet.await_that("all its places taken", lambda at=victim:
                                  self.fleet.in_flight_at(at, "chat") >= PLACES)
            load.more()
            os.kill(pid, signal.SIGKILL)
            self.fleet.await_that("the loss", lambda known=lost: len(
                self.fleet.events("instance-lost")) > known)
            self.fleet.whole("chat", 2)
            load.more().end()
            failed = load.failed()
            if idempotent:
                self.assertEqual(failed, [])
            else:
                # Its connections end one after another: a place that comes
                # free can be taken once more before it stops listening.
                self.assertIn(len(failed), range(PLACES, CLIENTS + 1), failed)
            # A connection that served a request before is closed instead.
            self.assertLessEqual(
                {one[:2] for one in failed if one.status != "closed"},
                {(502, "instance-failed")})
            self.assertLessEqual({one.instance for one in failed},
                                 {None, f"chat:{victim['id']}"})
        self.over()

    def test_gateway_and_daemon(self):
        before = self.serving()
        haproxy = self.fleet.gateway.haproxy_pid()
        load = self.load()
        gateway, daemon = self.fleet.gateway, self.fleet.daemon
        self.assertEqual(gateway.stop(signal.SIGUSR2), 0)
        load.more()
        gateway.start()
        load.more()
        gateway.kill()
        load.more()
        gateway.start()
        load.more()
        self.assertEqual(daemon.stop(), 0)
        load.more()
        self.again(daemon)
        load.more()
        daemon.kill()
        load.more()
        self.again(daemon)
        self.assertEqual(self.fleet.whole("chat", 2), before)
        # In the middle of a change, and both at once.
        for desired in (5, 1, 4, 2):
            self.fleet.command("chat", scale={"variant": "primary",
                                              "desired": desired})
            daemon.kill()
            gateway.kill()
            load.more(20)
            self.again(daemon)
            gateway.start()
            load.more(20)
        self.fleet.whole("chat", 2)
        load.end()
        self.assertEqual(load.failed(), [])
        self.assertGreater(load.count(), 400)
        self.assertEqual(gateway.haproxy_pid(), haproxy)
        self.over()

    @staticmethod
    def again(daemon):
        daemon.start()
        daemon.await_ready()

    def test_haproxy_and_all_together(self):
        before = self.serving()
        load = self.load(patient=True)
        gateway = self.fleet.gateway
        master = gateway.haproxy_pid()
        for kill in (lambda: os.kill(children(master)[0], signal.SIGKILL),
                     lambda: os.kill(gateway.haproxy_pid(), signal.SIGKILL),
                     gateway.kill_haproxy):
            since = load.count()
            old = gateway.haproxy_pid()
            kill()
            self.fleet.await_that("another HAProxy", lambda pid=old:
                                  gateway.haproxy_pid() not in (None, pid))
            load.more(100)
            self.only_in_flight(load, since)
        self.assertEqual(self.fleet.whole("chat", 2), before)

        since = load.count()
        victim = self.fleet.instances("chat")[0]
        os.kill(self.fleet.pid_of(victim), signal.SIGKILL)
        gateway.kill()
        self.fleet.daemon.kill()
        gateway.kill_haproxy()
        self.again(self.fleet.daemon)
        gateway.start()
        load.more(100)
        after = self.fleet.whole("chat", 2)
        self.assertEqual(len(set(after) & set(before)), 1)
        load.more(100).end()
        self.only_in_flight(load, since, victim)
        self.over()

    def only_in_flight(self, load, since, victim=None):
        """Nobody who found a HAProxy was turned away."""
        failed = [one for one in load.results[since:] if one.status != 200]
        of_it = [one for one in failed if victim and one[:2] == (
            502, "instance-failed")
            and one.instance == f"chat:{victim['id']}"]
        self.assertLessEqual(len(of_it), PLACES)
        self.assertEqual([one for one in failed if one not in of_it
                          and one.status != "closed"], [])
        print(f"{len(failed)} of {len(load.results) - since} broke off")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[6:], verbosity=2)
