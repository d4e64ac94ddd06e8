"""The provider misbehaves at run time, as an operator has it do.

Each answer is decided as what it is, nothing is launched twice, and an
endpoint that asks elsewhere is not concerned.

    daemon_capacity_test.py UNDERSTUDYD UNDERSTUDY TRACE
"""

import collections
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

TRACE = """understudy-capacity 1
start 2025-10-04T00:00:00Z
offering 0 h100 zone-a spot
offering 1 a100 zone-a spot
offering 2 l4 zone-a on-demand
0 0 50
0 1 50
0 2 50
end 2026-10-04T00:00:00Z
"""
FIRST = {"instance_type": "h100", "zone": "zone-a", "market": "spot"}
SECOND = {"instance_type": "a100", "zone": "zone-a", "market": "spot"}
POOLS = [("h100", ["zone-a"], "spot", 1), ("a100", ["zone-a"], "spot", 2)]
ELSEWHERE = [("l4", ["zone-a"], "on-demand", 1)]


class World:
    def __init__(self, daemon):
        self.daemon = daemon
        self.number = 0

    def command(self, name, action, body):
        self.number += 1
        status, answer, _ = self.daemon.request("/v1/commands", {
            "command": f"c-{self.number}", "endpoint": name, action: body})
        assert status == 200, answer
        return answer["position"]

    def create(self, name, pools=None, count=2, timeout_s=3600):
        return self.command(name, "create", {"spec": endpoint(
            name, pools or POOLS, count, timeout_s)})

    def change(self, offering, action, **more):
        status, answer, _ = self.daemon.request("/v1/capacity", {
            "offering": offering, "action": action, **more})
        assert status == 200, answer
        return answer

    def await_status(self, name, wanted):
        end = time.monotonic() + 90
        while True:
            found = {one["name"]: one for one in
                     self.daemon.request("/v1/endpoints")[1]["items"]}
            one = found.get(name)
            if one and one["status"] == wanted:
                return
            assert time.monotonic() < end, (name, wanted, one)
            time.sleep(0.05)

    def types(self, name):
        """Instances of an endpoint by the pool that they are in."""
        items = self.daemon.request(
            f"/v1/instances?endpoint={name}")[1]["items"]
        return collections.Counter(one["pool"] for one in items)

    def check_elsewhere(self):
        """Meanwhile an endpoint on other capacity comes into service."""
        name = f"other-{self.number}"
        self.create(name, ELSEWHERE)
        self.await_status(name, "in-service")


def refusals(world, name):
    """What its pools recorded as refused, by kind."""
    page = world.daemon.request(
        f"/v1/events?endpoint={name}&limit=1000&after=0:0")[1]
    found = collections.Counter()
    for event in page["items"]:
        text = json.dumps(event)
        for kind in ("capacity", "quota", "throttled", "infeasible",
                     "unknown"):
            found[kind] += f'"{kind}"' in text
    return found


def one_bad_answer(world):
    """The first pool's answer is bad; the second one helps out."""
    for action in ("quota", "infeasible"):
        name = f"first-{action}"
        world.change(FIRST, action, calls=100)
        world.create(name)
        world.check_elsewhere()
        world.await_status(name, "in-service")
        assert world.types(name) == {"pool-2": 2}, world.types(name)
        found = refusals(world, name)
        assert found[action] and not found["capacity"], found
        restart_scripts(world)


def restart_scripts(world):
    """What was scripted is not kept over a start."""
    assert world.daemon.stop() == 0
    world.daemon.start()
    world.daemon.await_ready()
    shown = world.daemon.request("/v1/capacity")[1]["items"]
    assert not any(one["scripts"] or one["closed"] for one in shown), shown


def throttled(world):
    """Asked again after the time it named, and served."""
    world.change(FIRST, "throttle", calls=2, retry_after_ms=5000)
    world.create("throttled")
    world.check_elsewhere()
    world.await_status("throttled", "in-service")
    assert refusals(world, "throttled")["throttled"] >= 1


def outcome_unknown(world):
    """The call was carried out and its answer lost: found in the list."""
    world.change(FIRST, "unknown", calls=3)
    world.create("unknown", count=3)
    world.check_elsewhere()
    world.await_status("unknown", "in-service")
    assert sum(world.types("unknown").values()) == 3


def all_closed(world):
    """Nothing anywhere: it waits, and comes when there is something."""
    for offering in (FIRST, SECOND):
        assert world.change(offering, "close")["closed"]
    world.create("waiting")
    world.create("late", timeout_s=300)
    world.check_elsewhere()
    world.await_status("late", "failed")
    assert not world.types("late")
    assert world.daemon.request("/v1/endpoints/waiting")[0] == 200
    assert not world.types("waiting")
    for offering in (FIRST, SECOND):
        assert not world.change(offering, "open")["closed"]
    world.await_status("waiting", "in-service")


def check_refused(world):
    """What makes no sense is told, and changes nothing."""
    nowhere = {**FIRST, "zone": "nowhere"}
    for body, status in (({}, 422), ({"offering": FIRST}, 422),
                         ({"offering": nowhere, "action": "close"}, 404),
                         ({"offering": FIRST, "action": "explode"}, 422),
                         ({"offering": FIRST, "action": "quota",
                           "calls": 0}, 422),
                         ({"offering": FIRST, "action": "quota",
                           "calls": -1}, 422)):
        told = world.daemon.request("/v1/capacity", body)
        assert told[0] == status, (body, told)


def check_provider(world, held_file):
    """Its own account against the log: no token twice, nothing left."""
    launches = collections.Counter()
    held = set()
    for line in held_file.read_text().splitlines():
        fields = line.split()
        if fields[0] == "+":
            launches[fields[2], fields[3]] += 1
            held.add(f"sim:{fields[2]}-{fields[3]}")
        else:
            held.discard(f"sim:{fields[1]}-{fields[2]}")
    assert max(launches.values()) == 1, launches.most_common(3)
    return len(launches), held


def main():
    understudyd, understudy, _ = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-capacity-",
                                           dir=temporary_root()))
    (folder / "a.capacity").write_text(TRACE)
    log, held_file = folder / "log", folder / "held"
    daemon = Daemon(understudyd, log, folder / "a.capacity",
                    ["clock.speed=200", "runtime.sweep_interval_s=1",
                     f"simulation.held_file={held_file}"])
    world = World(daemon)
    try:
        daemon.start()
        daemon.await_ready()
        check_refused(world)
        one_bad_answer(world)
        throttled(world)
        outcome_unknown(world)
        all_closed(world)
        end = time.monotonic() + 60
        while True:
            launched, held = check_provider(world, held_file)
            known = {one["provider_ref"] for one in
                     daemon.request("/v1/instances")[1]["items"]}
            if held == known:
                break
            assert time.monotonic() < end, (held - known, known - held)
            time.sleep(0.2)
        assert daemon.stop() == 0
        subprocess.run([understudy, "verify", "--log", log], check=True,
                       stdout=subprocess.DEVNULL)
        print(f"{launched} instances launched, each once and all known")
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
