"""Whichever daemon of a fleet on Kafka is asked, the answer is the same: dry
runs by the one that has the endpoint's partition and by one that has not.

    kafka_any_daemon_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD [STORY...]
"""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from python_environment import inside  # noqa: E402

SOURCE, ENVIRONMENT, DAEMON = sys.argv[1:4]
inside(SOURCE, ENVIRONMENT)
from kafka import Broker  # noqa: E402
from kafka_cluster import POOLS, Cluster, await_true  # noqa: E402
from kafka_stories import create, name_at, tell  # noqa: E402
from daemon import endpoint  # noqa: E402


def tried(cluster, name, **what):
    """What the owner says of a dry run, and what the other does."""
    told = {}
    for one in cluster.daemons:
        status, answer, _ = one.request(
            "/v1/commands?dry-run=true",
            {"command": "try", "endpoint": name, **what}, 60)
        assert answer["dry_run"], answer
        told["as_of" in answer] = (status, answer)
    assert len(told) == 2, told
    return told[False], told[True]


def place(position):
    partition, _, sequence = position.partition(":")
    return int(partition), int(sequence)


def alike(owners, others):
    """The same answer; `now` is not the same."""
    assert owners[0] == others[0], (owners, others)
    kinds = [[one["type"] for one in answer["events"]]
             for _, answer in (owners, others)]
    assert kinds[0] == kinds[1], kinds
    for member in ("accepted", "type", "value", "detail"):
        assert owners[1].get(member) == others[1].get(member), (owners, others)
    return kinds[0]


def dry_runs(broker):
    with Cluster(SOURCE, DAEMON, daemons=2, broker=broker,
                 prefix="dry") as cluster:
        cluster.start()
        for partition in range(cluster.partitions):
            name = name_at(partition)
            spec = endpoint(name, POOLS)
            kinds = alike(*tried(cluster, name, create={"spec": spec}))
            assert kinds[0] == "endpoint-created", kinds
            assert create(cluster.daemons[0], name) == 200
            # Nothing was done before, and now it is known everywhere.
            owners, others = tried(cluster, name, create={"spec": spec})
            alike(owners, others)
            assert owners[0] == 409, owners
            owners, others = tried(cluster, name, scale={
                "variant": "primary", "desired": 3})
            assert "scale-out" in alike(owners, others), others
            assert place(others[1]["as_of"])[0] == partition, others
            shown_on_the_command_line(cluster, name)
        as_of_what_is_durable(cluster, name_at(1))


def shown_on_the_command_line(cluster, name):
    said = [subprocess.run(
        [pathlib.Path(DAEMON).with_name("understudy"), "delete", "endpoint",
         name, "--dry-run", "--server", one.url], capture_output=True,
        text=True, check=True).stdout for one in cluster.daemons]
    assert all("endpoint-deleting" in one for one in said), said
    assert sum("told from the log as of" in one for one in said) == 1, said


def as_of_what_is_durable(cluster, name):
    """What was answered before a dry run is known to it, at whichever."""
    for desired in range(4, 10):
        status, answer, _ = cluster.daemons[0].request("/v1/commands", {
            "command": f"scale-{desired}", "endpoint": name,
            "scale": {"variant": "primary", "desired": desired}}, 60)
        assert status == 200, answer
        _, (status, told) = tried(cluster, name, scale={
            "variant": "primary", "desired": desired})
        assert status == 200, told
        assert place(told["as_of"]) >= place(answer["position"]), told
        assert "scale-out" not in [one["type"] for one in told["events"]], told


def taken_over(broker):
    """Its log is folded already when a daemon takes a partition over: from
    then on the endpoint itself is asked."""
    with Cluster(SOURCE, DAEMON, daemons=2, broker=broker,
                 prefix="over") as cluster:
        cluster.start()
        name = name_at(2)
        assert create(cluster.daemons[0], name) == 200
        tried(cluster, name, delete={})
        owner = next(one for one in cluster.daemons
                     if 2 in cluster.owned(one))
        owner.kill()
        left = next(one for one in cluster.daemons if one is not owner)

        def owned():
            status, answer, _ = left.request(
                "/v1/commands?dry-run=true",
                {"command": "try", "endpoint": name, "delete": {}}, 60)
            return status == 200 and "as_of" not in answer
        await_true(owned, 90, cluster.last_words)


STORIES = (dry_runs, taken_over)


with Broker(SOURCE) as one_broker:
    tell(STORIES, sys.argv[4:], one_broker)
