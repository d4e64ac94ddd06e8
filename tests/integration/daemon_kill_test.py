"""understudyd is killed at any moment while commands and outcomes arrive.

Nothing that was answered is lost, no instance is launched twice for one
token, none is left behind: the provider's own file against the log, both
ways; and when the kills end the fleet comes to what was asked for.

    daemon_kill_test.py UNDERSTUDYD UNDERSTUDY [--rounds N] [--seed N]
"""

import argparse
import collections
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint  # noqa: E402

TRACE = """understudy-capacity 1
start 2025-10-04T00:00:00Z
offering 0 h100 zone-a spot
offering 1 h100 zone-b spot
offering 2 a100 zone-a on-demand
0 0 6
0 1 4
0 2 200
end 2026-10-04T00:00:00Z
"""
POOLS = [("h100", ["zone-a", "zone-b"], "spot", 1),
         ("a100", ["zone-a"], "on-demand", 2)]
NAMES = [f"chat-{i}" for i in range(8)]


class Story:
    """What was asked, and what was answered."""

    def __init__(self, daemon, seed):
        self.daemon = daemon
        self.random = random.Random(seed)
        self.number = 0
        self.answered = {}  # id -> (body, accepted, reason)
        self.unknown = []   # bodies whose answer never came

    def body(self):
        name = self.random.choice(NAMES)
        self.number += 1
        body = {"command": f"k-{self.number}", "endpoint": name}
        kind = self.random.choices(["create", "scale", "delete"], [4, 5, 1])[0]
        if kind == "create":
            body["create"] = {"spec": endpoint(
                name, POOLS, self.random.randint(1, 4))}
        elif kind == "scale":
            body["scale"] = {"variant": "primary",
                             "desired": self.random.randint(1, 6)}
        else:
            body["delete"] = {}
        return body

    def send(self, body):
        """False when there was no answer."""
        try:
            status, answer, _ = self.daemon.request(
                "/v1/commands", body, timeout_s=20)
        except OSError:
            self.unknown.append(body)
            return False
        if status in (503, 504):
            self.unknown.append(body)
            return False
        told = (status == 200, None if status == 200 else answer["reason"])
        known = self.answered.get(body["command"])
        if known:
            assert known[1:] == told, f"{body}: {known[1:]}, then {told}"
        self.answered[body["command"]] = (body, *told)
        return True

    def ask_again(self):
        """The same ids after a kill: the same answers."""
        for body in self.unknown[-3:]:
            self.send(body)
        latest = list(self.answered.values())[-3:]
        for body, _, _ in latest:
            self.send(body)
        self.unknown = []


def offering(kind, zone, market):
    return {"instance_type": kind, "zone": zone, "market": market}


def disturb(daemon, chance):
    """An operator closes and opens what the trace shows."""
    where = chance.choice([offering("h100", "zone-a", "spot"),
                           offering("h100", "zone-b", "spot"),
                           offering("a100", "zone-a", "on-demand")])
    action = chance.choice(["close", "open", "open", "unknown"])
    try:
        daemon.request("/v1/capacity", {"offering": where, "action": action})
    except OSError:
        pass


def run_rounds(daemon, story, rounds):
    for round_number in range(rounds):
        daemon.start()
        daemon.await_ready()
        story.ask_again()
        killed_after = time.monotonic() + story.random.uniform(0.0, 0.25)
        while time.monotonic() < killed_after:
            if story.random.random() < 0.2:
                disturb(daemon, story.random)
            story.send(story.body())
        daemon.kill()
        if (round_number + 1) % 20 == 0:
            print(f"round {round_number + 1}: {len(story.answered)} answered",
                  flush=True)


def items(daemon, what):
    status, answer, _ = daemon.request(f"/v1/{what}")
    assert status == 200, answer
    return answer["items"]


def converge(daemon):
    """With all capacity back everything wanted is served, and nothing else."""
    for kind, zone, market in (("h100", "zone-a", "spot"),
                               ("h100", "zone-b", "spot"),
                               ("a100", "zone-a", "on-demand")):
        daemon.request("/v1/capacity", {
            "offering": offering(kind, zone, market), "action": "open"})
    end = time.monotonic() + 120
    while time.monotonic() < end:
        waiting = [one["name"] for one in items(daemon, "endpoints")
                   if not settled(one)]
        if not waiting:
            return
        time.sleep(0.1)
    raise AssertionError(f"not settled: {waiting}")


def settled(one):
    if one["status"] in ("deleted", "failed"):
        return all(v["held"] == 0 for v in one["variants"])
    return one["status"] == "in-service" and all(
        v["ready"] == v["desired"] == v["held"] for v in one["variants"])


def check_provider(held_file, daemon):
    """The provider's own account against the log."""
    launches = collections.Counter()
    held = set()
    for line in held_file.read_text().splitlines():
        fields = line.split()
        if fields[0] == "+":
            launches[fields[2], fields[3]] += 1
            held.add(f"sim:{fields[2]}-{fields[3]}")
        else:
            held.discard(f"sim:{fields[1]}-{fields[2]}")
    twice = [key for key, count in launches.items() if count > 1]
    assert not twice, f"launched twice: {twice}"
    known = {one["provider_ref"] for one in items(daemon, "instances")}
    assert held == known, (f"not in the log: {held - known}; "
                           f"not at the provider: {known - held}")
    return len(launches)


def check_log(understudy, log, story):
    """Every accepted command is in the log; every decision holds."""
    text = subprocess.run(
        [understudy, "events", "--log", log, "-o", "json"], check=True,
        capture_output=True, text=True).stdout
    found = {json.loads(line).get("command") for line in text.splitlines()}
    lost = [one for one in story.answered if one not in found]
    assert not lost, f"answered, and not in the log: {lost}"
    subprocess.run([understudy, "verify", "--log", log], check=True,
                   stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("understudyd")
    parser.add_argument("understudy")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-kill-"))
    (folder / "a.capacity").write_text(TRACE)
    log = folder / "log"
    held_file = folder / "held"
    daemon = Daemon(arguments.understudyd, log, folder / "a.capacity",
                    ["clock.speed=2000", "runtime.sweep_interval_s=1",
                     "runtime.snapshot_records=300",
                     f"simulation.held_file={held_file}"])
    story = Story(daemon, arguments.seed)
    try:
        run_rounds(daemon, story, arguments.rounds)
        daemon.start()
        daemon.await_ready()
        story.ask_again()
        converge(daemon)
        launched = check_provider(held_file, daemon)
        assert daemon.stop() == 0
        check_log(arguments.understudy, log, story)
        print(f"{arguments.rounds} kills: {len(story.answered)} commands "
              f"answered, {launched} instances launched, all accounted for")
    except BaseException:
        print("kept for inspection:", folder, file=sys.stderr)
        raise
    finally:
        daemon.end()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
