"""An endpoint's life under real requests: not one of them fails.

    live_serve_test.py UNDERSTUDYD UNDERSTUDY MODEL_SERVER GATEWAY HAPROXY
"""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from live_fleet import ACTIVE, LiveTest, programs, refused_as  # noqa: E402
from live_load import LiveLoad  # noqa: E402

LiveTest.paths = programs(sys.argv[1:6])
# As much as the load asks for, looked at every second.
BY_LOAD = {"enabled": True, "min_count": 1, "max_count": 4,
           "targets": [{"metric": "weighted-utilisation",
                        "target_milli": 700}],
           "window_ms": 1000, "scale_out_windows": 1, "scale_in_windows": 2,
           "scale_out_cooldown_ms": 1000, "scale_in_cooldown_ms": 1000}


class Serve(LiveTest):

    def none_failed(self, load, least):
        self.assertEqual(load.failed(), [])
        self.assertGreater(load.count(), least)

    def model_is(self, fleet, model):
        """That is what answers, and `describe` says which pool has which."""
        answer = json.loads(fleet.gateway.invoke("chat")[1])
        self.assertEqual(answer["model"], model)
        told = fleet.cli("describe", "endpoint", "chat")
        self.assertRegex(told, r"(?m)^  large .* chat-8b$")
        self.assertRegex(told, r"(?m)^  small .* chat-8b-q4$")

    def test_falls_back_serves_returns_and_is_deleted(self):
        fleet = self.fleet_of()
        fleet.offer("large", 2)
        fleet.offer("small", 4)
        fleet.start()
        fleet.cli("capacity", "close", "large/local/on-demand")
        fleet.create("chat", ["large", "small"], 2, return_policy=ACTIVE,
                     model="chat-8b", overrides={"small": "chat-8b-q4"})
        fleet.await_that("a refusal", lambda: refused_as(
            fleet.gateway, "other", 404))
        fleet.served("chat")
        fleet.whole("chat", 2, "small")
        self.model_is(fleet, "chat-8b-q4")
        load = LiveLoad([fleet.gateway.port], "chat", service_ms=150).more()
        self.assertEqual(len(load.served_by("small")), load.count())

        fleet.cli("capacity", "open", "large/local/on-demand")
        fleet.whole("chat", 2, "large")
        self.model_is(fleet, "chat-8b")
        since = load.more().count()
        load.more()
        self.assertTrue(load.served_by("large", since))
        self.assertEqual(load.served_by("small", since), [])
        self.none_failed(load, 150)

        # Whoever is let in is served; whoever comes after is told why not.
        since = load.count()
        fleet.delete("chat")
        load.more(20).end()
        self.assertLessEqual({one.status for one in load.results[since:]},
                             {200, 503, 404})
        self.assertLessEqual({one.reason for one in load.failed()},
                             {"deleting", "no-such-endpoint"})
        self.finish(fleet)

    def test_scales_out_and_in_with_the_load(self):
        fleet = self.fleet_of(follow="log")
        fleet.offer("good", 6)
        fleet.start()
        fleet.create("chat", ["good"], 1, scaling=BY_LOAD)
        fleet.served("chat")
        load = LiveLoad([fleet.gateway.port], "chat", clients=14,
                        service_ms=100)
        fleet.whole("chat", 4)
        load.more(100)
        load.wanted = 1
        fleet.whole("chat", 1)
        load.more(10)
        # And by hand, as often as an operator likes.
        load.wanted = 8
        for desired in (4, 2, 3, 1):
            fleet.command("chat", scale={"variant": "primary",
                                         "desired": desired})
            load.more(30)
        load.end()
        self.none_failed(load, 200)
        self.assertGreater(len({one.instance for one in load.results}), 3)
        fleet.delete("chat")
        self.finish(fleet)

    def test_deleted_while_it_is_created(self):
        fleet = self.fleet_of()
        fleet.offer("slow", 4, "--startup-ms", "600000")
        fleet.offer("good", 2)
        fleet.start()
        fleet.create("other", ["good"], 1)
        fleet.served("other")
        load = LiveLoad([fleet.gateway.port], "other", clients=2)
        fleet.create("chat", ["slow"], 3)
        fleet.await_that("three that start", lambda: len(
            fleet.processes()) == 4)
        fleet.await_that("the reason", lambda: fleet.gateway.invoke(
            "chat")[1].find("creating") > 0)
        fleet.delete("chat")
        fleet.whole("other", 1)
        load.more().end()
        self.none_failed(load, 50)
        fleet.delete("other")
        self.finish(fleet)


class TwoGateways(LiveTest):

    def test_serve_both_and_their_load_is_summed(self):
        fleet = self.fleet_of(gateways=2)
        fleet.offer("good", 4)
        fleet.start()
        # Decided by whole windows: in the first of them the load only begins.
        fleet.create("chat", ["good"], 1,
                     scaling=BY_LOAD | {"scale_out_windows": 3},
                     health={"drain_timeout_ms": 600000})
        fleet.served("chat")
        # Three at each that do not end for a while: one gateway alone has no
        # more than three and would want two instances, both together three.
        loads = [LiveLoad([one.port], "chat", clients=3, service_ms=6000)
                 for one in fleet.gateways]
        fleet.await_that("what both ask for", lambda: any(
            one["data"]["desired"] == 3
            for one in fleet.events("scaling-decided")))
        self.assertGreater(max(one["data"]["in_flight_milli"] for one
                               in fleet.events("load-observed")), 3000)
        self.assertIn(
            'understudy_requests_in_flight{endpoint="chat",',
            fleet.daemon.request("/metrics")[1])
        for load in loads:
            load.stopping.set()
        # The drain waits for what either has in flight.
        fleet.delete("chat")
        for load in loads:
            load.end()
            self.assertEqual(load.failed(), [])
            self.assertGreater(load.count(), 2)
        self.finish(fleet)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[6:], verbosity=2)
