"""Every reading command on a log on Kafka, beside the daemon that writes it.

    kafka_reading_test.py SOURCE UNDERSTUDYD UNDERSTUDY
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(sys.argv[1])
DAEMON, PROGRAM = sys.argv[2:4]
sys.path.insert(0, str(SOURCE / "tests/support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402
from kafka import Broker  # noqa: E402

PREFIX = "reading"
PARTITIONS = 3
NAMES = ("chat", "search", "draft", "code", "mail", "tags")
CAPACITY = """understudy-capacity 1
start 2025-10-04T00:00:00Z
offering 0 h100 zone-a on-demand
offering 1 a100 zone-b on-demand
0 0 0
0 1 64
end 2025-10-05T00:00:00Z
"""
WAIT_S = 120


class Rig:
    """Broker, topics and daemon, and how they are asked."""

    def __init__(self, kafka, daemon):
        self.kafka = kafka
        self.daemon = daemon
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith("UNDERSTUDY_")}

    def run(self, *words, code=0, environment=None):
        ended = subprocess.run(
            [PROGRAM, *map(str, words)], capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=WAIT_S,
            env=self.environment | (environment or {}))
        assert ended.returncode == code, (words, ended)
        return ended.stdout if code == 0 else ended.stderr

    def log(self, *words, **more):
        return self.run(*words, "--log", self.kafka.address,
                        "--kafka-prefix", PREFIX, **more)

    def server(self, *words, **more):
        return self.run(*words, "--server", self.daemon.url, **more)

    def command(self, name, target, **what):
        return self.daemon.request(
            "/v1/commands", {"command": name, "endpoint": target, **what})


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def eventually(check, *arguments):
    """What two readers of a living log say agrees when it rests a moment."""
    end = time.monotonic() + WAIT_S
    while True:
        try:
            return check(*arguments)
        except AssertionError:
            if time.monotonic() > end:
                raise


def fill(rig):
    for name in NAMES:
        spec = endpoint(name, [("h100", ["zone-a"], "on-demand", 1),
                               ("a100", ["zone-b"], "on-demand", 2)], count=2)
        del spec["name"]
        spec["variants"][0] |= {"name": "primary", "model": "m"}
        status, said, _ = rig.command(f"make-{name}", name,
                                      create={"spec": spec})
        assert status == 200, said
    status, said, _ = rig.command(
        "refused-1", "chat", scale={"variant": "none", "desired": 1})
    assert status >= 400, said
    for name in NAMES:
        rig.server("wait", "endpoint", name, "--for", "in-service")


def same_answers(rig):
    """What the log says is what the daemon says."""
    for what in ("endpoints", "pools", "instances", "operations"):
        told = [json.loads(ask("get", what, "--all", "-o", "json"))["items"]
                for ask in (rig.log, rig.server)]
        for items in told:
            for item in items:
                item.pop("age", None)
        assert told[0] == told[1], (what, told)
    for name in NAMES:
        words = ("explain", name, "-o", "json")
        assert rig.log(*words) == rig.server(*words)
        mine, theirs = (json.loads(ask("describe", "endpoint", name, "-o",
                                       "json"))
                        for ask in (rig.log, rig.server))
        assert mine["status"] == theirs["status"] == "in-service"
        assert mine["variants"] == theirs["variants"], (mine, theirs)
    mine, theirs = (json.loads(ask("stats", "-o", "json"))
                    for ask in (rig.log, rig.server))
    assert [one["name"] for one in mine["endpoints"]] == [
        one["name"] for one in theirs["endpoints"]]
    assert mine["records"] == theirs["records"]


def same_events(rig):
    mine = lines(rig.log("events", "-o", "json"))
    theirs = lines(rig.server("events", "-o", "json"))
    assert mine == theirs
    homes = {event["id"].split(":")[0] for event in mine}
    assert len(homes) == PARTITIONS, "every partition has an endpoint"
    times = [event["time"] for event in mine]
    assert times == sorted(times), "in the order of time"
    for home in homes:
        places = [int(event["id"].split(":")[1]) for event in mine
                  if event["id"].startswith(home + ":")]
        assert places == list(range(1, len(places) + 1)), home
    # Pages of a few leave nothing out and tell nothing twice.
    paged, after = [], "0:0"
    while True:
        status, page, _ = rig.daemon.request(
            f"/v1/events?limit=7&after={after}")
        assert status == 200, page
        paged += page["items"]
        after = page["next"]
        if not page["more"]:
            break
    assert paged == mine
    # A position ends its partition exactly, the others by its time.
    chosen = mine[len(mine) // 2]
    until = lines(rig.log("events", "-o", "json", "--until", chosen["id"]))
    home = chosen["id"].split(":")[0] + ":"
    assert [one["id"] for one in until if one["id"].startswith(home)] == [
        one["id"] for one in mine if one["id"].startswith(home) and
        int(one["id"].split(":")[1]) <= int(chosen["id"].split(":")[1])]
    assert all(one["time"] <= chosen["time"] for one in until)
    # And so does one to begin at.
    later = lines(rig.log("events", "-o", "json", "--from", chosen["id"]))
    assert chosen in later
    assert all(one["time"] >= chosen["time"] for one in later)
    return mine


def following(rig, events):
    """A follower of the log and one of the daemon see what comes."""
    followers = [subprocess.Popen(
        [PROGRAM, "events", "-f", "-o", "json", *where],
        stdout=subprocess.PIPE, text=True, env=rig.environment)
        for where in (("--log", rig.kafka.address, "--kafka-prefix", PREFIX),
                      ("--server", rig.daemon.url, "--from", "0:1"))]
    try:
        for one in followers:
            seen = [json.loads(one.stdout.readline()) for _ in events]
            assert sorted(map(str, seen)) == sorted(map(str, events))
        for name in NAMES:
            rig.server("scale", name, "3")
        for one in followers:
            waiting = set(NAMES)
            while waiting:
                event = json.loads(one.stdout.readline())
                if event["type"] == "scale-out":
                    waiting.discard(event["subject"].split("/")[1])
    finally:
        for one in followers:
            one.send_signal(signal.SIGTERM)
            one.communicate(timeout=WAIT_S)
    assert [one.returncode for one in followers] == [0, 0]


def outlasting(rig):
    """Who follows the log does so beyond its broker's end."""
    where = ("--log", rig.kafka.address, "--kafka-prefix", PREFIX)
    followers = [subprocess.Popen(
        [PROGRAM, *command, *where], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=rig.environment)
        for command in (("events", "--endpoint", NAMES[0], "--type",
                         "scale-out", "-f"),
                        ("get", "endpoints", "--watch", "-o", "json"))]
    try:
        for one in followers:
            one.stdout.readline()
        followers[0].stdout.readline()  # After its titles.
        rig.kafka.stop()
        for one in followers:
            # librdkafka's own lines come in between.
            said = [one.stderr.readline()]
            while "; trying again" not in said[-1]:
                said.append(one.stderr.readline())
                assert said[-1], said
        rig.kafka.start()
        rig.daemon.await_ready()
        rig.server("scale", NAMES[0], "4")
        events, endpoints = followers
        assert "scale-out" in events.stdout.readline()
        assert any('"desired":4' in line.replace(" ", "")
                   for line in iter(endpoints.stdout.readline, ""))
    finally:
        for one in followers:
            one.send_signal(signal.SIGTERM)
            one.communicate(timeout=WAIT_S)
    assert [one.returncode for one in followers] == [0, 0]


def folding(rig):
    told = json.loads(rig.log("replay", "-o", "json"))
    parts = told["partitions"]
    assert len(parts) == PARTITIONS
    assert told["records"] == sum(one["records"] for one in parts) > 0
    assert told["position"] == ",".join(one["position"] for one in parts)
    assert told["digest"] == json.loads(
        rig.log("replay", "-o", "json"))["digest"]
    ended = json.loads(rig.log("replay", "-o", "json", "--until", "1:5"))
    assert ended["partitions"][1]["records"] == 5
    verified = json.loads(rig.log("verify", "-o", "json"))
    assert verified["ok"] and verified["not_verifiable"] == 0, verified
    assert verified["records"] == told["records"]
    assert verified["verified"] == verified["decisions"] > 0
    assert verified["digest"] == told["digest"]


def figures(rig, owned=True):
    told = json.loads(rig.log("log", "info", "-o", "json"))
    folded = json.loads(rig.log("replay", "-o", "json"))
    parts = told["partitions"]
    assert [one["partition"] for one in parts] == list(range(PARTITIONS))
    assert [one["records"] for one in parts] == [
        one["records"] for one in folded["partitions"]]
    assert [one["last"]["position"] for one in parts] == [
        one["position"] for one in folded["partitions"]]
    assert told["records"] == folded["records"]
    assert told["brokers"] == told["replicas"] == 1
    assert sum(one["records"] for one in told["types"]) <= told["records"]
    assert told["record_bytes"] == sum(one["record_bytes"] for one in parts)
    for one in parts:
        assert one["epochs"] == 1 and one["commands"]["behind"] == 0, one
        # Claims and control records take offsets too.
        assert one["offsets"]["end"] > one["records"], one
        assert one["offsets"]["open"] == 0, one
        assert (one["owner"] is not None) == owned, one
        assert one["snapshots"]["records_after"] <= one["records"], one
    text = rig.log("log", "info")
    assert text.startswith("Log:        kafka:127.0.0.1:"), text
    assert "endpoint-created" in text and "OWNER" in text, text
    for words in (("backup", "x"), ("compact-snapshots",)):
        said = rig.run("log", *words, "--log", rig.kafka.address, code=2)
        assert said.count("\n") == 1 and "accepted: DIR" in said, said


def outcomes(rig):
    for ask in (rig.log, rig.server):
        words = ("--endpoint", "chat", "--timeout", "30s")
        told = json.loads(ask("wait", "command", "make-chat", "-o", "json",
                              *words))
        assert told["accepted"] and told["endpoint"] == "chat", told
        said = ask("wait", "command/refused-1", *words, code=1)
        assert "variant-not-found" in said, said
        said = ask("wait", "command", "never", "--timeout", "1s", code=124)
        assert "never" in said, said
    status, said, _ = rig.daemon.request("/v1/commands/never")
    assert (status, said["reason"]) == (404, "command-not-seen"), said


def what_goes_wrong(rig, root):
    said = rig.run("get", "endpoints", "--log", "kafka:127.0.0.1:1", code=3)
    assert said.count("\n") == 1 and "127.0.0.1:1" in said, said
    said = rig.run("get", "endpoints", "--log", rig.kafka.address,
                   "--kafka-prefix", "elsewhere", code=3)
    assert said.count("\n") == 1 and "topics create" in said, said
    said = rig.log("explain", "7:1", code=1)
    assert "partitions 0 to 2" in said, said
    said = rig.log("explain", "1:99999", code=1)
    assert "accepted: 1:1 to 1:" in said, said
    said = rig.log("verify", "--kafka", "acks=1", code=2)
    assert "acks" in said, said
    status, told, _ = rig.daemon.request("/v1/events?after=1:999999")
    assert (status, told["reason"]) == (410, "position-out-of-range"), told
    status, told, _ = rig.daemon.request("/v1/events?after=0:1,1:1")
    assert status == 400, told
    file = root / "kafka.properties"
    file.write_text("# nothing to say\nclient.id=reader\n")
    rig.run("replay", environment={
        "UNDERSTUDY_LOG": rig.kafka.address,
        "UNDERSTUDY_KAFKA_PREFIX": PREFIX,
        "UNDERSTUDY_KAFKA_CONFIG_FILE": str(file)})


def main():
    with Broker(SOURCE) as kafka, tempfile.TemporaryDirectory(
            dir=temporary_root()) as directory:
        root = pathlib.Path(directory)
        capacity = root / "world.capacity"
        capacity.write_text(CAPACITY)
        subprocess.run([PROGRAM, "topics", "create", "--log", kafka.address,
                        "--kafka-prefix", PREFIX, "--partitions",
                        str(PARTITIONS)], check=True)
        daemon = Daemon(DAEMON, kafka.address, capacity,
                        settings=[f"kafka.prefix={PREFIX}",
                                  "clock.speed=30"])
        rig = Rig(kafka, daemon)
        try:
            daemon.start().await_ready()
            fill(rig)
            eventually(same_answers, rig)
            events = eventually(same_events, rig)
            following(rig, events)
            eventually(folding, rig)
            eventually(figures, rig)
            outcomes(rig)
            what_goes_wrong(rig, root)
            outlasting(rig)
            assert daemon.stop() == 0
            folding(rig)
            eventually(figures, rig, False)
        finally:
            daemon.end()


if __name__ == "__main__":
    main()
