"""A fleet on Kafka meets what a person must look at: what it says, and that
it goes on, or waits and says for what.

    kafka_trouble_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD [STORY...]
"""

import contextlib
import pathlib
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from python_environment import inside  # noqa: E402

SOURCE, ENVIRONMENT, DAEMON = sys.argv[1:4]
inside(SOURCE, ENVIRONMENT)
from confluent_kafka import Producer  # noqa: E402
from confluent_kafka.admin import (  # noqa: E402
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource,
    NewPartitions, ResourceType)
import kafka_faults  # noqa: E402
from kafka import Broker  # noqa: E402
from kafka_cluster import POOLS, Cluster  # noqa: E402
from kafka_proxy import Proxy  # noqa: E402
from kafka_stories import await_line, create, name_at, tell  # noqa: E402
from kafka_topics import QUIET, read_back  # noqa: E402
from daemon import endpoint  # noqa: E402


def cluster_of(broker, prefix, daemons=1, **more):
    return Cluster(SOURCE, DAEMON, daemons=daemons, broker=broker,
                   prefix=prefix, **more)


def refused_start(daemon):
    """Stops it; the last words of the next start."""
    daemon.stop()
    daemon.lines.clear()
    try:
        daemon.start()
    except RuntimeError as error:
        print(f"  {error}", flush=True)
        return str(error)
    raise AssertionError("started: " + "".join(daemon.lines))


@contextlib.contextmanager
def left_open(cluster, topic, partition, value, **more):
    """Somebody else's transaction with one message; where it stands."""
    foreign = Producer({**cluster.client, **QUIET,
                        "transactional.id": "somebody",
                        "transaction.timeout.ms": 600000})
    foreign.init_transactions(30)
    foreign.begin_transaction()
    at = []
    foreign.produce(cluster.topic(topic), value, partition=partition,
                    on_delivery=lambda _, sent: at.append(sent.offset()),
                    **more)
    assert foreign.flush(30) == 0
    try:
        yield at[0]
    finally:
        foreign.abort_transaction(30)
        cluster.await_ready()


def says_how_to_end_it(cluster, line, topic, partition, offset):
    tool = f"kafka-transactions.sh --bootstrap-server {cluster.broker.bootstrap}"
    place = f"--topic {cluster.topic(topic)} --partition {partition}"
    for text in (f"{cluster.topic(topic)} {partition}: ",
                 f"began at Kafka offset {offset} at 20",
                 f"{tool} describe-producers {place};",
                 f"{tool} abort {place} --start-offset {offset}"):
        assert text in line, (text, line)


def hanging_transaction(broker):
    """Somebody else's open transaction holds back a partition's end."""
    with cluster_of(broker, "hanging", 2) as cluster:
        cluster.start()
        clients = kafka_faults.clients_of(cluster, 1).start()
        time.sleep(3)
        with left_open(cluster, "journal", 1, b"x" * 8, key="by hand",
                       headers={"from": "a script"}) as offset:
            line = await_line(cluster, "a transaction hangs")
            says_how_to_end_it(cluster, line, "journal", 1, offset)
            assert "the key 'by hand' and the headers 'from' 'a script'" in \
                line, line
            # Other partitions do not suffer, at no daemon.
            for at, daemon in enumerate(cluster.daemons):
                assert create(daemon, name_at(0), f"elsewhere-{at}") in \
                    (200, 409)
            line = await_line(cluster, "hanging.journal 1: every reader is")
            says_how_to_end_it(cluster, line, "journal", 1, offset)
        with left_open(cluster, "commands", 2, b"{}") as offset:
            line = await_line(cluster, "hanging.commands 2: every reader is")
            says_how_to_end_it(cluster, line, "commands", 2, offset)
            assert "no daemon wrote it: its first message has no key and no " \
                "headers" in line, line
        clients.stop()
        kafka_faults.judge(cluster, clients)


def hanging_record(broker):
    """A record of an earlier owner hangs: it is known by its epoch."""
    with cluster_of(broker, "owned") as cluster:
        cluster.start()
        daemon = cluster.daemons[0]
        first = daemon.process.pid
        assert create(daemon, name_at(1)) == 200
        daemon.kill()
        daemon.start()
        cluster.await_ready()
        part = read_back(cluster.client, cluster.topic("journal"))[1]
        record = next(one for one in part
                      if "understudy-kind" not in one.headers)
        assert record.headers["epoch"] == "1", record.headers
        with left_open(cluster, "journal", 1, record.value, key=record.key,
                       headers=record.headers) as offset:
            line = await_line(cluster, "owned.journal 1: every reader is")
            says_how_to_end_it(cluster, line, "journal", 1, offset)
            who = f"'{socket.gethostname()}:{first}'"
            assert f"names epoch 1, claimed by the daemon at {who}, " \
                "transactional id 'owned.journal.1'" in line, line
        assert daemon.stop() == 0


def bad_record_in_journal(broker):
    """Nothing that anybody wrote there by hand is taken for a record."""
    with cluster_of(broker, "badjournal") as cluster:
        cluster.start()
        assert create(cluster.daemons[0], name_at(1)) == 200
        other = Producer({**cluster.client, **QUIET})
        other.produce(cluster.topic("journal"), b"hand-made", partition=1)
        assert other.flush(30) == 0
        line = await_line(cluster, "no message of Understudy")
        assert "badjournal.journal 1, Kafka offset" in line, line
        # Other partitions of the journal do not suffer.
        print("  elsewhere", create(cluster.daemons[0], name_at(0)))
        assert cluster.daemons[0].stop() == 0


def bad_record_in_events(broker):
    """It is for others to read: the fleet does not stumble over it."""
    with cluster_of(broker, "badevents") as cluster:
        cluster.start()
        other = Producer({**cluster.client, **QUIET})
        for partition in range(4):
            other.produce(cluster.topic("events"), b"\xff", partition=partition)
        assert other.flush(30) == 0
        daemon = cluster.daemons[0]
        assert create(daemon, name_at(1)) == 200
        assert daemon.stop() == 0
        daemon.start()
        cluster.await_ready()
        assert create(daemon, name_at(2)) == 200
        assert not daemon.said(" error "), daemon.said(" error ")


def set_topic(cluster, kind, name, value):
    resource = ConfigResource(
        ResourceType.TOPIC, cluster.topic(kind), incremental_configs=[
            ConfigEntry(name, value,
                        incremental_operation=AlterConfigOpType.SET)])
    admin = AdminClient({**cluster.client, **QUIET})
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(30)


def record_too_large(broker):
    """It says what the topic must allow, and goes on once it does."""
    with cluster_of(broker, "large") as cluster:
        cluster.start()
        daemon = cluster.daemons[0]
        assert create(daemon, name_at(1)) == 200
        set_topic(cluster, "events", "max.message.bytes", "2000")
        clients = kafka_faults.clients_of(cluster, 1)
        big = endpoint(name_at(1), POOLS * 20)
        for at, pool in enumerate(big["variants"][0]["pools"]):
            pool["name"] = f"pool-{at}"
        producer = Producer({**clients.settings,
                             "partitioner": "murmur2_random"})
        clients.send(producer, {"command": "big", "endpoint": big["name"],
                                "update": {"spec": big}})
        assert producer.flush(30) == 0
        await_line(cluster, "max.message.bytes")
        set_topic(cluster, "events", "max.message.bytes", "8000000")
        cluster.await_ready()
        kafka_faults.judge(cluster, clients)


def more_partitions(broker):
    """Endpoints would change their homes: nobody goes on like that."""
    with cluster_of(broker, "grown") as cluster:
        cluster.start()
        assert create(cluster.daemons[0], name_at(1)) == 200
        admin = AdminClient({**cluster.client, **QUIET})
        for kind in ("commands", "journal", "events"):
            for done in admin.create_partitions(
                    [NewPartitions(cluster.topic(kind), 5)]).values():
                done.result(30)
        print("  while it runs", create(cluster.daemons[0], name_at(2)))
        line = refused_start(cluster.daemons[0])
        assert "partitions" in line, line


def topic_made_again(broker):
    """A commands topic that is younger than the journal is not believed."""
    with cluster_of(broker, "again") as cluster:
        cluster.start()
        daemon = cluster.daemons[0]
        for partition in range(4):
            assert create(daemon, name_at(partition)) == 200
        admin = AdminClient({**cluster.client, **QUIET})
        admin.delete_topics([cluster.topic("commands")])[
            cluster.topic("commands")].result(30)
        time.sleep(3)
        print("  deleted", daemon.request("/readyz?verbose")[:2])
        cluster.make_topics(DAEMON)
        await_line(cluster, "was the topic deleted")
        daemon.lines.clear()
        daemon.stop()
        daemon.start()
        await_line(cluster, "was the topic deleted and made again?")


def end_held_back(_):
    """An EndTxn comes so late that it meets the next transaction."""
    with Proxy() as proxy, Broker(SOURCE, settings=[proxy.setting]) as broker:
        proxy.target = broker.port(1)
        with cluster_of(broker, "held", 2, bootstrap=proxy.bootstrap()) as \
                cluster:
            cluster.start()
            clients = kafka_faults.clients_of(cluster, 1).start()
            for at in range(2):
                time.sleep(2)
                held = proxy.hold_next_end()
                assert held.caught.wait(30)
                # Until whoever waits for it has given up.
                before = len(clients.acknowledged)
                time.sleep(20)
                assert len(clients.acknowledged) > before
                proxy.release_in_the_middle(held)
                assert held.answered.wait(60), held.sent.is_set()
                cluster.await_ready()
            clients.stop()
            kafka_faults.judge(cluster, clients)


def end_too_low(_):
    """A broker that has just lost its lead names ends that are too low."""
    with Proxy() as proxy, Broker(SOURCE, settings=[proxy.setting]) as broker:
        proxy.target = broker.port(1)
        with cluster_of(broker, "low", bootstrap=proxy.bootstrap()) as cluster:
            cluster.start()
            clients = kafka_faults.clients_of(cluster, 1).start()
            time.sleep(5)
            daemon = cluster.daemons[0]
            for behind in (7, 60):
                daemon.kill()
                proxy.name_stale_ends(cluster.topic("journal"), 100, behind)
                daemon.start()
                cluster.await_ready()
                assert proxy.stale[1] == 0, proxy.stale
            clients.stop()
            kafka_faults.judge(cluster, clients)


STORIES = (bad_record_in_events, bad_record_in_journal, record_too_large,
           more_partitions, topic_made_again, hanging_transaction,
           hanging_record, end_held_back, end_too_low)


with Broker(SOURCE) as one_broker:
    tell(STORIES, sys.argv[4:], one_broker)
