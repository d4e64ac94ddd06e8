"""Load facts on Kafka: every daemon hears them, whoever decides.

    kafka_load_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD GATEWAY HAPROXY
"""

import json
import pathlib
import re
import sys
import threading
import time

SOURCE = pathlib.Path(sys.argv[1])
DAEMON, GATEWAY, HAPROXY = sys.argv[3:6]
sys.path.insert(0, str(SOURCE / "tests/support"))
from python_environment import inside  # noqa: E402

inside(SOURCE, sys.argv[2])
import jsonschema_rs  # noqa: E402
from confluent_kafka import Producer  # noqa: E402
from gateway import Gateway, Load  # noqa: E402
from kafka_cluster import Cluster, await_true  # noqa: E402
from kafka_topics import QUIET, home_of, read_back  # noqa: E402

PARTITIONS = 4
WAIT_S = 120
PLACES = 8
SCALING = {"enabled": True, "min_count": 1, "max_count": 2,
           "targets": [{"metric": "weighted-utilisation",
                        "target_milli": 500}],
           "window_ms": 1000, "scale_out_windows": 2, "scale_in_windows": 2,
           "scale_out_cooldown_ms": 0, "scale_in_cooldown_ms": 0}


def names():
    """One endpoint at home in each partition."""
    found = {}
    number = 0
    while len(found) < PARTITIONS:
        name = f"chat-{number}"
        found.setdefault(home_of(name, PARTITIONS), name)
        number += 1
    return [found[one] for one in range(PARTITIONS)]


NAMES = names()


class Fleet:
    """What a test asks of whatever daemon there is."""

    def __init__(self, cluster):
        self.cluster = cluster

    def ask(self, path, body=None):
        asked = self.cluster.asked()
        if not asked:
            raise ConnectionRefusedError("no daemon is there")
        status, answer, _ = asked[0].request(path, body)
        return status, answer

    def create(self, name, **scaling):
        variant = {
            "name": "primary", "initial_count": 1, "provision_timeout_s": 300,
            "pools": [{"instance_type": "a100", "zones": ["zone-a"],
                       "max_concurrency": PLACES}],
            "health": {"probe_interval_ms": 200, "healthy_threshold": 1,
                       "drain_timeout_ms": 120000},
            "scaling": {**SCALING, **scaling}}
        status, answer = self.ask("/v1/commands", {
            "command": f"create-{name}", "endpoint": name,
            "create": {"spec": {"variants": [variant]}}})
        assert status == 200, answer

    def instances(self, name):
        """Those that serve or drain: name and whether it drains."""
        status, answer = self.ask(f"/v1/instances?endpoint={name}")
        assert status == 200, answer
        return [(one["id"], one["status"] == "draining")
                for one in answer["items"]
                if one["status"] in ("ready", "draining")]

    def desired(self, name):
        status, answer = self.ask(f"/v1/endpoints/{name}")
        # The daemon that is asked may not have read of it yet.
        return answer["items"][0]["variants"][0]["desired"] if (
            status == 200) else None

    def await_desired(self, wanted, endpoints=NAMES):
        await_true(
            lambda: all(self.desired(one) == wanted and
                        len(self.instances(one)) == wanted
                        for one in endpoints), WAIT_S,
            lambda: (f"not {wanted}: "
                     f"{[(one, self.desired(one)) for one in endpoints]}; "
                     + self.cluster.last_words()))

    def count(self, kind, name):
        """Events of a type that an endpoint has had."""
        return sum(one.headers["ce_type"] == kind and
                   one.headers["ce_subject"].split("/")[1] == name
                   for part in read_back(self.cluster.client,
                                         self.cluster.topic("events"))
                   for one in part)


def facts_of(name, instances, in_flight):
    """So much on each; one that drains gets nothing more. `tier` is what no
    daemon knows: a gateway may be newer."""
    return {"endpoint": name, "queued": 0, "tier": [name], "instances": [
        {"instance": one, "in_flight": 0 if draining else in_flight,
         "draining": draining} for one, draining in instances]}


class Foreign:
    """A gateway of somebody else's that keeps to the contract: each second
    what is in flight on each instance, a message for each endpoint."""

    def __init__(self, fleet, name="foreign"):
        self.fleet = fleet
        self.name = name
        self.in_flight = {}  # By endpoint: on each instance.
        self.known = {}
        self.producer = Producer({
            **fleet.cluster.client, **QUIET, "enable.idempotence": True,
            "message.timeout.ms": 3000, "partitioner": "murmur2_random"})
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def tell(self, key, **what):
        self.producer.produce(
            self.fleet.cluster.topic("load"), json.dumps(
                {"gateway": self.name, "made_us": time.time_ns() // 1000,
                 **what}), key)

    def facts(self, name, in_flight):
        try:
            self.known[name] = self.fleet.instances(name)
        except OSError:
            pass  # A daemon that has just died: as it was.
        return facts_of(name, self.known.get(name, []), in_flight)

    def _run(self):
        while not self.over.wait(1):
            for name, in_flight in list(self.in_flight.items()):
                self.tell(name, endpoints=[self.facts(name, in_flight)])
            self.producer.poll(0)

    def leave(self):
        self.over.set()
        self.thread.join()
        self.tell(self.name, leaving=True)
        assert self.producer.flush(30) == 0


def heard_by_whoever_decides(fleet, foreign):
    owners = [fleet.cluster.owned(one) for one in fleet.cluster.daemons]
    assert all(owners), owners
    foreign.in_flight = dict.fromkeys(NAMES, PLACES)
    fleet.await_desired(2)


def posted_to_any_daemon(fleet, foreign):
    """What one daemon is told the other knows too."""
    foreign.leave()
    over = threading.Event()
    wrong = []

    def post():
        while not over.wait(1):
            status, answer = fleet.ask("/v1/load", {
                "gateway": "posting", "endpoints": [
                    facts_of(name, fleet.instances(name), 1)
                    for name in NAMES]})
            if status != 200:
                wrong.append(answer)
        fleet.ask("/v1/load", {"gateway": "posting", "leaving": True})

    thread = threading.Thread(target=post, daemon=True)
    thread.start()
    try:
        fleet.await_desired(1)
    finally:
        over.set()
        thread.join()
    assert not wrong, wrong[:3]


def taken_over(fleet, _):
    """The successor has heard it all along; want of facts is no low load."""
    foreign = Foreign(fleet, "second")
    foreign.in_flight = dict.fromkeys(NAMES, 0)
    fleet.await_desired(1)
    before = {one: fleet.count("scale-in", one) for one in NAMES}
    foreign.in_flight = dict.fromkeys(NAMES, PLACES // 2)
    victim = fleet.cluster.daemons.pop()
    victims = [NAMES[one] for one in fleet.cluster.owned(victim)]
    assert victims
    victim.kill()
    fleet.cluster.gone.append(victim)
    foreign.in_flight.update(dict.fromkeys(victims, PLACES))
    fleet.await_desired(2, victims)
    # One of them is spoken of, up and down; of the others nothing is heard.
    loud, *silent = victims if len(victims) > 1 else [victims[0], NAMES[0]]
    foreign.in_flight = {loud: 0}
    for turn in range(2):
        fleet.await_desired(1, [loud])
        foreign.in_flight = {loud: PLACES}
        fleet.await_desired(2, [loud])
        foreign.in_flight = {loud: 0}
    for one in NAMES:
        if one != loud:
            assert fleet.count("scale-in", one) == before[one], one
    assert silent
    foreign.leave()
    fleet.cluster.daemons.append(victim)
    fleet.cluster.gone.remove(victim)
    victim.start()
    fleet.cluster.await_ready()


def unreadable(fleet, _):
    """Counted and told once; nothing else happens."""
    producer = Producer({**fleet.cluster.client, **QUIET})
    for value in (b"", b"{", b"\xff", b'{"gateway": 7}', b"[" * 100000):
        producer.produce(fleet.cluster.topic("load"), value, "chat")
    assert producer.flush(30) == 0

    def counted(daemon):
        text = daemon.request("/metrics")[1]
        found = re.search(
            r"understudy_kafka_load_facts_unreadable_total (\d+)", text)
        return int(found.group(1))
    for daemon in fleet.cluster.daemons:
        await_true(lambda: counted(daemon) == 5, WAIT_S)
        told = daemon.said("a load fact is of no use")
        assert len(told) == 1, told


def with_a_real_gateway(fleet, _):
    gateway = Gateway(
        GATEWAY, fleet.cluster.root + "/gateway",
        ["--log", fleet.cluster.broker.address],
        [f"haproxy.program={HAPROXY}", "name=real", "queue.timeout_ms=60000",
         f"kafka.prefix={fleet.cluster.prefix}"])
    try:
        gateway.start()
        fleet.create("live", max_count=3, scale_in_windows=4)
        await_true(lambda: gateway.invoke("live")[0] == 200, WAIT_S)
        load = Load(gateway, "live", threads=3 * PLACES)
        fleet.await_desired(3, ["live"])
        load.more(100)
        broker_gone(fleet, gateway, load)
        results = load.end()
        assert set(results) == {200}, set(results)
        fleet.await_desired(1, ["live"])
        # Once it says that nothing is there, and not at the deadline.
        drained = [json.loads(one.value) for part in read_back(
            fleet.cluster.client, fleet.cluster.topic("events"))
            for one in part if one.headers["ce_type"] == "instance-drained" and
            one.headers["ce_subject"].startswith("instance/live/")]
        assert drained and not any(
            one.get("in_flight_left") for one in drained), drained
        assert gateway.stop() == 0
        report = jsonschema_rs.validator_for(json.loads(
            (SOURCE / "services/api/openapi.json").read_text()
        )["components"]["schemas"]["LoadReport"])
        said = []
        for part, messages in enumerate(read_back(
                fleet.cluster.client, fleet.cluster.topic("load"))):
            for one in messages:
                if b'"real"' not in one.value:
                    continue
                key, facts = one.key.decode(), json.loads(one.value)
                assert home_of(key, PARTITIONS) == part, one
                report.validate(facts)
                assert [key] == [told["endpoint"] for told in
                                 facts["endpoints"]] or key == "real", one
                said.append(facts)
        assert max(said, key=lambda one: one["made_us"])["leaving"], said[-3:]
    except BaseException:
        print("".join(gateway.lines[-30:]), file=sys.stderr)
        raise
    finally:
        gateway.end()


def broker_gone(fleet, gateway, load):
    """Requests go on, load is unknown, one line says so at each."""
    kafka = fleet.cluster.broker
    kafka.kill(1)
    await_true(lambda: any("load facts do not arrive" in one
                           for one in gateway.lines), WAIT_S)
    for daemon in fleet.cluster.daemons:
        await_true(lambda: daemon.said("load facts are not heard"), WAIT_S)
    load.more(100)
    kafka.restart()
    await_true(lambda: any("load facts arrive again" in one
                           for one in gateway.lines), WAIT_S)
    for daemon in fleet.cluster.daemons:
        await_true(lambda: daemon.said("load facts are heard again"), WAIT_S)
    fleet.cluster.await_ready()
    load.more(100)
    assert fleet.count("scale-in", "live") == 0


def main():
    with Cluster(SOURCE, DAEMON, processes=True,
                 partitions=PARTITIONS) as cluster:
        cluster.start()
        fleet = Fleet(cluster)
        foreign = Foreign(fleet)
        for name in NAMES:
            fleet.create(name)
        try:
            for story in (heard_by_whoever_decides, posted_to_any_daemon,
                          taken_over, unreadable, with_a_real_gateway):
                begun = time.monotonic()
                story(fleet, foreign)
                print(f"{story.__name__}: ok, "
                      f"{time.monotonic() - begun:.1f} s", flush=True)
        except BaseException:
            print(cluster.last_words(), file=sys.stderr)
            raise


main()
