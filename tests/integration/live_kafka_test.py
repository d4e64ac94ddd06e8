"""Real requests over a fleet on a real Kafka: daemons are killed, a pool is
full, and not one request fails.

    live_kafka_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD GATEWAY HAPROXY
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from python_environment import inside  # noqa: E402

SOURCE, ENVIRONMENT, UNDERSTUDYD, GATEWAY, HAPROXY = sys.argv[1:6]
inside(SOURCE, ENVIRONMENT)
from gateway import Gateway, await_true  # noqa: E402
from kafka_cluster import Cluster  # noqa: E402
from live_fleet import end_all_of, left_of, serves  # noqa: E402
from live_load import LiveLoad  # noqa: E402

PREFERRED, OTHER = "h100", "a100"


class Story:

    def __init__(self, cluster):
        self.cluster = cluster
        self.gateways = []

    def add_gateway(self):
        cluster = self.cluster
        one = Gateway(
            GATEWAY, f"{cluster.root}/gateway-{len(self.gateways)}",
            ["--log", cluster.broker.address, "--server",
             cluster.daemons[len(self.gateways) % 2].url],
            [f"kafka.prefix={cluster.prefix}", f"haproxy.program={HAPROXY}",
             "instance.slow_start_ms=500"])
        pathlib.Path(one.directory).mkdir()
        self.gateways.append(one)
        one.start()

    def daemon(self):
        """One that may be asked, and that has read what there is."""
        return self.cluster.asked()[0]

    def command(self, name, **body):
        status, answer, _ = self.daemon().request("/v1/commands", {
            "command": name, "endpoint": "chat", **body}, timeout_s=60)
        assert status == 200, answer

    def capacity(self, verb):
        done = subprocess.run(
            [pathlib.Path(UNDERSTUDYD).with_name("understudy"), "capacity",
             verb, f"{PREFERRED}/zone-a/on-demand", "--server",
             self.daemon().url], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done
        told = [one.request("/v1/capacity")[1]["items"]
                for one in self.cluster.asked()]
        assert told and all(
            one["closed"] == (verb == "close") for items in told
            for one in items if one["instance_type"] == PREFERRED), told

    def create(self):
        self.command("create", create={"spec": {"name": "chat", "variants": [{
            "initial_count": 2,
            "pools": [{"name": kind, "instance_type": kind,
                       "zones": ["zone-a"], "priority": i + 1,
                       "max_concurrency": 4}
                      for i, kind in enumerate((PREFERRED, OTHER))],
            "health": {"probe_interval_ms": 200, "drain_timeout_ms": 10000},
            "return_policy": {"mode": "active", "dwell_ms": 1000,
                              "interval_ms": 1000},
            "cool_down": {"base_ms": 1000, "cap_ms": 1000}}]}})

    def scale(self, name, desired):
        self.command(name, scale={"variant": "primary", "desired": desired})

    def whole(self, count, pool=None):
        """So many, ready, one process each; by every daemon's word."""
        def met():
            running = self.cluster.processes()
            if len(running) != count or any(len(one) != 1 for one
                                            in running.values()):
                return False
            return all(self.as_told(one, running, pool)
                       for one in self.cluster.asked())
        assert await_true(met, 120), (
            self.cluster.processes(), self.cluster.last_words(),
            self.daemon().request("/v1/instances?endpoint=chat")[1])

    @staticmethod
    def as_told(daemon, running, pool):
        try:
            status, answer, _ = daemon.request("/v1/instances?endpoint=chat")
        except OSError:
            return False
        known = answer["items"] if status == 200 else []
        return {one["provider_ref"] for one in known} == set(running) and all(
            one["status"] == "ready" and pool in (None, one["pool"])
            for one in known)

    def owner(self):
        """The daemon that has the endpoint at work."""
        beginning = ",".join(f"{i}:0" for i in range(self.cluster.partitions))
        status, answer, _ = self.daemon().request(
            f"/v1/events?after={beginning}&type=endpoint-created")
        assert status == 200, answer
        home = int(answer["items"][0]["id"].split(":")[0])
        return next(one for one in self.cluster.asked()
                    if home in self.cluster.owned(one))

    def lose_owner(self, load):
        """kill -9 while requests come in; the other one takes over."""
        lost = self.owner()
        lost.kill()
        load.more()
        self.cluster.await_ready()
        assert self.owner() is not lost
        return lost

    def end(self):
        for one in self.gateways:
            one.end()


def run(story):
    cluster = story.cluster
    story.capacity("close")
    story.create()
    story.add_gateway()
    story.add_gateway()
    for one in story.gateways:
        assert await_true(lambda at=one: serves(at, "chat"), 60)
    story.whole(2, OTHER)
    load = LiveLoad([one.port for one in story.gateways], "chat",
                    service_ms=100).more()
    print("serves from the other pool")
    lost = story.lose_owner(load)
    story.whole(2, OTHER)
    print("taken over")
    story.capacity("open")
    story.whole(2, PREFERRED)
    load.more()
    print("back in the preferred pool")
    story.scale("more", 5)
    story.whole(5)
    lost.start()
    cluster.await_ready()
    story.lose_owner(load)
    story.scale("fewer", 2)
    story.whole(2, PREFERRED)
    print("scaled out and in, taken over in between")
    for one in story.gateways:
        one.kill()
    load.more()
    for one in story.gateways:
        one.start()
    load.more().end()
    assert load.failed() == [], load.failed()
    launches = cluster.launches()
    assert len(launches) == len(set(launches)), launches
    print(f"{load.count()} requests, none failed; {len(launches)} processes "
          "started, none twice")
    story.command("end", delete={})
    story.whole(0)
    for one in story.gateways:
        assert one.stop() == 0
    for one in cluster.asked():
        assert one.stop() == 0
    assert await_true(lambda: not left_of(cluster.root)), left_of(cluster.root)


def main():
    with Cluster(SOURCE, UNDERSTUDYD, processes=True) as cluster:
        story = Story(cluster)
        try:
            cluster.start()
            run(story)
        finally:
            story.end()
            for one in cluster.daemons:
                one.end()
            end_all_of(cluster.root)


main()
