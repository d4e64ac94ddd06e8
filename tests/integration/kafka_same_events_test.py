"""The same inputs, one daemon on the embedded log and one on Kafka: the same
events, stream by stream.

    kafka_same_events_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD
                              [--embedded-only]

The provider is simulated: what it answers, and after how long, is drawn by
the ids of what it is asked for. Every endpoint has offerings of its own. On
Kafka a third of the commands come by HTTP, a third on the topic where they
are at home, a third in another partition, from which they are forwarded.

What two live runs cannot share is left out: instants and what is counted from
them (they come from the clock), ids (a position depends on what other
endpoints do; where an event names another it is compared as stream and
version), source and epoch (of the partition and its writer). The contract
test `same_events` compares these as well, on virtual time.
"""

import datetime
import json
import pathlib
import re
import sys
import tempfile

SOURCE, ENVIRONMENT, DAEMON = sys.argv[1:4]
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from python_environment import inside  # noqa: E402

inside(SOURCE, ENVIRONMENT)
from confluent_kafka import Producer  # noqa: E402
from daemon import Daemon, endpoint, temporary_root  # noqa: E402
from kafka_cluster import Cluster, await_true  # noqa: E402
from kafka_topics import QUIET, home_of  # noqa: E402

PARTITIONS = 4
SPEED = 30
# So much later than one input of an endpoint comes its next, or a busy
# machine could turn them round; virtual time.
APART_S = 6
WAIT_S = 180

WORLD = {"provider": {"launch": {"min_ms": 15000, "max_ms": 30000},
                      "refusal": {"min_ms": 10000, "max_ms": 20000},
                      "terminate": {"min_ms": 10000, "max_ms": 20000}},
         "instances": {"startup": {"min_ms": 20000, "max_ms": 140000},
                       "drain": {"min_ms": 10000, "max_ms": 60000}}}

# How much there is of the preferred and of the other offering of each.
ROOM = {"plain": (8, 8), "fallback": (1, 8), "dry": (0, 0), "quota": (8, 8),
        "throttled": (8, 8), "unknown": (8, 8), "closed": (8, 8)}


def scale(count):
    return {"scale": {"variant": "primary", "desired": count}}


def script(action, **more):
    """What the provider of the preferred offering answers from then on."""
    return {"capacity": {"action": action, **more}}


# Each endpoint's inputs, one after another; None: nothing this time. Those of
# one row are given at the same time, and all must have settled before the
# next row. One instance more or less at a time: several under way at once are
# ordered by the clock.
STORIES = {
    "plain": ["create", scale(2), scale(1), "again", "update", "delete"],
    "fallback": ["create", scale(3), scale(2), scale(1), "refused", "delete"],
    "dry": ["create", "refused", None, None, "delete", "delete"],
    "quota": [script("quota", calls=1), "create", scale(2), scale(1), "again",
              "delete"],
    "throttled": [script("throttle", calls=1, retry_after_ms=30000), "create",
                  scale(2), scale(1), "create-again", "delete"],
    "unknown": [script("unknown", calls=1), "create", scale(2), scale(1),
                scale(0), "delete"],
    "closed": ["create", script("close"), scale(2), script("open"), scale(1),
               "delete"]}
ROWS = len(STORIES["plain"])


def offering(name, kind):
    return {"instance_type": f"{kind}-{name}", "zone": "zone-a",
            "market": "on-demand"}


def specification(name, priorities=(1, 2)):
    spec = endpoint(name, [
        (f"{kind}-{name}", ["zone-a"], "on-demand", priority)
        for kind, priority in zip(("first", "second"), priorities)],
        timeout_s=300)
    spec["variants"][0]["cool_down"] = {"base_ms": 180000, "cap_ms": 180000}
    if name == "fallback":
        spec["variants"][0]["initial_count"] = 2
    if name == "dry":
        del spec["variants"][0]["pools"][1:]
    return spec


def input_of(name, row):
    """What an endpoint is given in a row: a command, or a capacity change."""
    what = STORIES[name][row]
    if what is None:
        return None
    if isinstance(what, dict) and "capacity" in what:
        return {"offering": offering(name, "first"), **what["capacity"]}
    if what == "again":
        return input_of(name, row - 1)
    body = {"command": f"{name}-{row}", "endpoint": name}
    if what in ("create", "create-again"):
        return body | {"create": {"spec": specification(name)}}
    if what == "update":
        return body | {"update": {"spec": specification(name, (2, 1))}}
    if what == "refused":
        return body | {"scale": {"variant": "none", "desired": 1}}
    return body | ({"delete": {}} if what == "delete" else what)


def write_world(root):
    """A scenario, for its world, and the trace beside it."""
    names = list(ROOM)
    lines = ["understudy-capacity 1", "start 2025-10-04T00:00:00Z"]
    lines += [f"offering {2 * at + second} {kind}-{name} zone-a on-demand"
              for at, name in enumerate(names)
              for second, kind in enumerate(("first", "second"))]
    lines += [f"0 {2 * at + second} {ROOM[name][second]}"
              for at, name in enumerate(names) for second in range(2)]
    lines.append("end 2026-10-04T00:00:00Z\n")
    (root / "room.capacity").write_text("\n".join(lines))
    (root / "world.yaml").write_text(json.dumps({
        "name": "same", "seed": 7, "capacity_trace": "room.capacity",
        "world": WORLD, "endpoint": specification("plain")}))
    return root / "world.yaml"


class Run:
    """One daemon and what it is told."""

    def __init__(self, daemon, publish=None):
        self.daemon = daemon
        self.publish = publish  # Takes a command and its number, or not.

    def items(self, what):
        status, answer, _ = self.daemon.request(f"/v1/{what}")
        assert status == 200, answer
        return answer["items"]

    def give(self, name, row):
        what = input_of(name, row)
        if what is None:
            return
        if "offering" in what:
            status, answer, _ = self.daemon.request("/v1/capacity", what)
            assert status == 200, answer
            return
        if self.publish and self.publish(what, row + list(ROOM).index(name)):
            await_true(lambda: self.daemon.request(
                f"/v1/commands/{what['command']}?endpoint={name}")[0] == 200,
                WAIT_S, lambda: f"{what}: no outcome")
            return
        status, answer, _ = self.daemon.request("/v1/commands", what, 60)
        assert status == 200 or answer.get("reason"), answer

    def unsettled(self):
        """What still goes on."""
        return (self.items("operations") +
                [one for one in self.items("instances")
                 if one["status"] != "ready"] +
                [one for one in self.items("pools")
                 if any(part["cooling_until"] for part in one["offerings"])] +
                [one for one in self.items("endpoints")
                 if any(part["desired"] != part["ready"]
                        for part in one["variants"])
                 and one["status"] not in ("failed", "deleted")])

    def tell(self):
        for row in range(ROWS):
            for name in STORIES:
                self.give(name, row)
            # Nothing that goes on is seen twice: a read model may be behind.
            await_true(lambda: not self.unsettled() and not self.unsettled(),
                       WAIT_S, lambda: f"row {row}: {self.unsettled()}")
        return self.events()

    def events(self):
        found, after = [], "0:0"
        while True:
            status, page, _ = self.daemon.request(
                f"/v1/events?limit=1000&after={after}")
            assert status == 200, page
            found += page["items"]
            after = page["next"]
            if not page["more"]:
                return found


# --- what is compared --------------------------------------------------------

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
COUNTED = ("elapsed_ms", "startup_ms", "lived_ms")
LEFT_OUT = ("id", "time", "source", "epoch")


def without_instants(value):
    if isinstance(value, dict):
        return {name: without_instants(one) for name, one in value.items()
                if name not in COUNTED}
    if isinstance(value, list):
        return [without_instants(one) for one in value]
    return INSTANT.sub("T", value) if isinstance(value, str) else value


def by_stream(events):
    """Each stream's events, without what is left out."""
    named = {one["id"]: f"{one['subject']}@{one['streamversion']}"
             for one in events}
    streams = {}
    for event in events:
        kept = {name: named[value] if name in ("causeposition", "decision")
                else without_instants(value)
                for name, value in event.items() if name not in LEFT_OUT}
        streams.setdefault(event["subject"], []).append(kept)
    return streams


def too_near(events):
    """Inputs of an endpoint that are so near that chance orders them."""
    last = {}
    for event in sorted(events, key=lambda one: one["time"]):
        if "causeinput" not in event:
            continue
        name = event["subject"].split("/")[1]
        at = datetime.datetime.fromisoformat(event["time"])
        before, earlier = last.get(name, (at, event))
        last[name] = at, event
        # A command comes when all is settled; what a stream hears of its own
        # effects comes in their order.
        gap_s = (at - before).total_seconds()
        if gap_s < APART_S and "command" not in event and (
                earlier["subject"] != event["subject"] or
                "deadline-reached" in (earlier["causeinput"],
                                       event["causeinput"])) and \
                earlier is not event:
            yield " and ".join(
                f"{one['id']} {one['type']} of {one['subject']}"
                for one in (earlier, event)) + f": {gap_s} s"


def difference(one, two):
    """Where two runs part, or nothing."""
    for stream in sorted(set(one) | set(two)):
        first, second = one.get(stream, []), two.get(stream, [])
        for at in range(max(len(first), len(second))):
            pair = [part[at] if at < len(part) else None
                    for part in (first, second)]
            if pair[0] != pair[1]:
                return (f"{stream}, version {at + 1}:\n  embedded "
                        f"{json.dumps(pair[0])}\n  kafka    "
                        f"{json.dumps(pair[1])}")
    return None


# --- the two runs ------------------------------------------------------------

def on_embedded():
    with tempfile.TemporaryDirectory(dir=temporary_root()) as directory:
        root = pathlib.Path(directory)
        daemon = Daemon(DAEMON, root / "log", write_world(root),
                        [f"clock.speed={SPEED}"])
        try:
            daemon.start().await_ready()
            return Run(daemon).tell()
        finally:
            daemon.end()


def on_kafka():
    with Cluster(SOURCE, DAEMON, daemons=1, partitions=PARTITIONS,
                 prefix="same") as cluster:
        daemon = cluster.daemons[0]
        world = write_world(pathlib.Path(cluster.root))
        at = daemon.command.index("--capacity")
        daemon.command[at + 1] = f"simulated:{world}"
        daemon.command += ["--set", f"clock.speed={SPEED}"]
        cluster.start()
        producer = Producer({**cluster.client, **QUIET, "acks": "all"})

        def publish(command, number):
            if number % 3 == 0:
                return False
            home = home_of(command["endpoint"], PARTITIONS)
            producer.produce(
                cluster.topic("commands"), json.dumps(command),
                command["endpoint"], partition=(
                    home if number % 3 == 1 else (home + 1) % PARTITIONS),
                headers={"content-type": "application/json",
                         "ce_authtype": "unauthenticated",
                         "ce_authid": "http"})
            assert producer.flush(30) == 0
            return True
        return Run(daemon, publish).tell()


def main():
    events = on_embedded()
    near = list(too_near(events))
    assert not near, "\n".join(["too near to each other to be compared:",
                                *near])
    one = by_stream(events)
    kinds = {event["type"] for event in events}
    print(f"{len(events)} events of {len(kinds)} types in {len(one)} streams",
          flush=True)
    for kind in ("fallback-chosen", "capacity-denied", "command-refused",
                 "provisioning-timed-out", "endpoint-failed", "pool-reopened",
                 "scale-in", "instance-terminated", "endpoint-deleted"):
        assert kind in kinds, f"{kind} is missing: {sorted(kinds)}"
    if "--embedded-only" in sys.argv:
        return
    again = on_kafka()
    found = difference(one, by_stream(again))
    assert found is None, found
    homes = {event["id"].split(":")[0] for event in again}
    assert len(homes) > 1, homes
    print("the same on Kafka, in partitions", ",".join(sorted(homes)))


main()
