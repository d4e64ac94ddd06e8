"""A fleet on Kafka while the world around it is out of order: a full disk, a
clock that is wrong, no broker at the start, commands that come late, twice and shuffled, an event
that a newer daemon wrote.

    kafka_hardship_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD CLOCK_AHEAD
                           [STORY...]

CLOCK_AHEAD: the library of tests/support/clock_ahead.cpp.
"""

import calendar
import contextlib
import ctypes
import json
import os
import pathlib
import random
import resource
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from python_environment import inside  # noqa: E402

SOURCE, ENVIRONMENT, DAEMON, CLOCK_AHEAD = sys.argv[1:5]
inside(SOURCE, ENVIRONMENT)
from confluent_kafka import Producer  # noqa: E402
import kafka_faults  # noqa: E402
from kafka import Broker  # noqa: E402
from kafka_checker import Acknowledged  # noqa: E402
from kafka_cluster import POOLS, Cluster, await_true  # noqa: E402
from kafka_stories import await_line, create, name_at, tell  # noqa: E402
from kafka_topics import QUIET, home_of, read_back  # noqa: E402
from small_disk import SmallDisk  # noqa: E402
from daemon import endpoint  # noqa: E402
from gateway import free_port  # noqa: E402

PARTITIONS = 4


def cluster_of(prefix, broker=None, daemons=1, **more):
    return Cluster(SOURCE, DAEMON, daemons=daemons, broker=broker,
                   prefix=prefix, partitions=PARTITIONS, **more)


# --- the broker --------------------------------------------------------------

def no_broker_at_start(broker):
    with cluster_of("absent", broker) as cluster:
        cluster.start()
        daemon = cluster.daemons[0]
        assert create(daemon, name_at(1, PARTITIONS)) == 200
        assert daemon.stop() == 0
        broker.stop()
        port = free_port()
        daemon.command[daemon.command.index("--listen") + 1] = \
            f"127.0.0.1:{port}"
        starting = threading.Thread(target=daemon.start)
        starting.start()

        def asked(path):
            url = f"http://127.0.0.1:{port}/{path}"
            try:
                with urllib.request.urlopen(url, timeout=30) as answer:
                    return answer.status, ""
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()
            except OSError:
                return None, ""  # It does not listen yet.

        await_true(lambda: "cannot ask for topic" in asked("readyz")[1], 60)
        code, said = asked("readyz?verbose")
        assert code == 503 and said.startswith("log-failed: "), said
        assert asked("livez")[0] == 200
        assert asked("v1/endpoints")[0] == 503
        await_line(cluster, "cannot start yet; trying again")
        broker.start()
        starting.join()
        cluster.await_ready()
        assert asked("v1/endpoints")[0] == 200
        assert create(daemon, name_at(2, PARTITIONS)) == 200


# --- the disk ----------------------------------------------------------------

class LimitedFiles:
    """Where nothing may be mounted: to whoever writes to them, files that may
    not grow are a full disk. The broker that is started next has no limit."""

    def __init__(self, broker):
        self.broker = broker

    def fill(self):
        pid = self.broker.pid(1)
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        # Smaller than what is there: the next write does not fit.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))

    def make_room(self):
        pass


@contextlib.contextmanager
def broker_on_a_disk():
    """A broker, and what fills its disk and makes room again."""
    with contextlib.ExitStack() as stack:
        try:
            disk = stack.enter_context(SmallDisk(megabytes=64))
        except PermissionError:
            print("  a limit on files: mounting is not permitted", flush=True)
            broker = stack.enter_context(Broker(SOURCE))
            yield broker, LimitedFiles(broker)
            return
        print(f"  a file system of 64 MB at {disk.path}", flush=True)
        broker = stack.enter_context(Broker(
            SOURCE, settings=[f"log.dirs={disk.path}/data"]))
        yield broker, disk


def disk_full(_):
    """The broker gives up; when there is room again and it was started, all
    goes on as if nothing had been."""
    with broker_on_a_disk() as (broker, disk), \
            cluster_of("full", broker, daemons=2) as cluster:
        cluster.start()
        clients = kafka_faults.clients_of(cluster, 1).start()
        await_true(lambda: len(clients.acknowledged) > 50, 60)
        disk.fill()
        await_true(lambda: "running" not in status(broker), 120,
                   lambda: status(broker))
        line = await_line(cluster, " error ")
        assert broker.bootstrap in line or "broker" in line.lower(), line
        for daemon in cluster.daemons:
            await_true(lambda one=daemon: one.request("/readyz")[0] == 503, 60,
                       cluster.last_words)
            print("  readyz", daemon.request("/readyz")[1]["message"][:200])
        disk.make_room()
        broker.restart()
        cluster.await_ready()
        before = len(clients.acknowledged)
        await_true(lambda: len(clients.acknowledged) > before + 50, 90)
        clients.stop()
        kafka_faults.judge(cluster, clients)


def status(broker):
    """What the script says of it; running or not."""
    done = subprocess.run([broker.script, "status", broker.directory],
                          capture_output=True, text=True, check=False)
    return done.stdout.replace("not running", "ended")


# --- the clock ---------------------------------------------------------------

def clock_off(broker):
    """One daemon's clock is a minute ahead; partitions move between the two.
    No stream goes back in time, and nothing is lost or done twice."""
    with cluster_of("clock", broker, daemons=2, processes=True) as cluster:
        ahead = cluster.daemons[1]
        ahead.environment = os.environ | {"LD_PRELOAD": CLOCK_AHEAD}
        cluster.start()
        begun = time.time()
        clients = kafka_faults.clients_of(cluster, 1).start()
        chance = random.Random(1)
        for fault in (kafka_faults.daemon_killed, kafka_faults.daemons_rolled,
                      kafka_faults.daemon_killed):
            print(" ", fault(cluster, chance), flush=True)
            cluster.await_ready()
            time.sleep(2)
        clients.stop()
        checker = kafka_faults.judge(cluster, clients)
        newest, owners = {}, set()
        for part in checker.journal:
            for _, message in part:
                stream = message.headers["ce_subject"]
                at = message.headers["ce_time"]
                assert at >= newest.get(stream, ""), (
                    f"{stream} goes back from {newest[stream]} to {at}")
                newest[stream] = at
                owners.add((message.partition, message.headers["epoch"]))
        assert instant(ahead.lines[0][:19]) > begun + 30, ahead.lines[0]
        assert len(owners) > PARTITIONS, "no partition changed hands"
        kafka_faults.delete_everything(cluster, clients)
        kafka_faults.judge(cluster, clients)


def instant(text):
    """RFC 3339 without its zone, in UTC."""
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S"))


# --- commands ----------------------------------------------------------------

def commands_shuffled(broker):
    """Each command up to three times, far apart, in any partition and any
    order among endpoints; all of them again after a restart, hours late."""
    with cluster_of("shuffled", broker, daemons=2) as cluster:
        cluster.start()
        chance = random.Random(7)
        names = [f"late-{at}" for at in range(10)]
        last, copies = {}, []
        for name in names:
            place = 0.0
            bodies = [{"command": f"{name}-0", "endpoint": name, "create": {
                "spec": endpoint(name, POOLS)}}]
            for at in range(1, 15):
                last[name] = chance.randint(1, 3)
                bodies.append({"command": f"{name}-{at}", "endpoint": name,
                               "scale": {"variant": "primary",
                                         "desired": last[name]}})
            for body in bodies:
                # A key's first copies keep their order; others come whenever.
                place += chance.random()
                home = home_of(name, PARTITIONS)
                copies.append((place, body, home))
                for _ in range(chance.randint(0, 2)):
                    copies.append((place + 6 * chance.random(), body,
                                   chance.randrange(PARTITIONS)))
        copies.sort(key=lambda one: one[0])
        told = publish(cluster, copies)
        settled(cluster, last)
        again = list(copies)
        chance.shuffle(again)
        for daemon in cluster.daemons:
            assert daemon.stop() == 0
            daemon.start()
        cluster.await_ready()
        told += publish(cluster, again)
        clients = kafka_faults.clients_of(cluster, 1)
        clients.acknowledged += told
        kafka_faults.judge(cluster, clients)
        settled(cluster, last)
        print(f"  {len(told)} messages of {15 * len(names)} commands")


def publish(cluster, copies):
    """Exactly where it says, and what was acknowledged."""
    told = []
    producer = Producer({**cluster.client, **QUIET, "acks": "all",
                         "enable.idempotence": True})
    for _, body, partition in copies:
        def stored(error, message, body=body):
            assert error is None, error
            told.append(Acknowledged(body["command"], body["endpoint"],
                                     message.partition(), message.offset()))
        producer.produce(cluster.topic("commands"), json.dumps(body),
                         body["endpoint"], partition=partition,
                         on_delivery=stored)
    assert producer.flush(60) == 0
    return told


def settled(cluster, wanted):
    """Each endpoint has as many as its last command said."""
    def counts():
        items = cluster.asked()[0].request("/v1/endpoints")[1]["items"]
        return {one["name"]: one["variants"][0]["desired"] for one in items}
    await_true(lambda: counts() == wanted, 90,
               lambda: f"{counts()}, not {wanted}")


# --- an event of a newer daemon ----------------------------------------------

class Buffer:
    """The scalars of a FlatBuffer's root table, in place."""

    def __init__(self, content):
        self.content = content
        self.root = struct.unpack_from("<I", content, 0)[0]
        self.table = self.root - struct.unpack_from("<i", content,
                                                    self.root)[0]

    def put(self, field, form, value):
        """field: its number in the schema; it must be there."""
        at = struct.unpack_from("<H", self.content,
                                self.table + 4 + 2 * field)[0]
        assert at, f"field {field} has its default"
        struct.pack_into(form, self.content, self.root + at, value)


SEQUENCE, VERSION, EVENT_TYPE = 1, 2, 12  # Of Record in schemas/record.fbs.


def from_the_future(record, after):
    """A record of the next sequence whose event no build knows yet."""
    value = bytearray(record.value)
    size = struct.unpack_from("<I", value, 12)[0]
    buffer = Buffer(value[16:16 + size])
    sequence = int(after["sequence"]) + 1
    version = int(record.headers["ce_streamversion"]) + 1
    buffer.put(SEQUENCE, "<Q", sequence)
    buffer.put(VERSION, "<Q", version)
    buffer.put(EVENT_TYPE, "<B", 250)
    value[16:16 + size] = buffer.content
    checksum = ctypes.CDLL("libxxhash.so.0").XXH3_64bits
    checksum.restype = ctypes.c_uint64
    body = bytes(value[8:])
    struct.pack_into("<Q", value, 0, checksum(body, ctypes.c_size_t(
        len(body))))
    headers = record.headers | {
        "sequence": str(sequence), "ce_streamversion": str(version),
        "ce_id": f"{record.partition}:{sequence}",
        "ce_type": "endpoint-hibernated", "commands": after["commands"]}
    headers.pop("command", None)
    headers.pop("ce_command", None)
    return bytes(value), headers


def unknown_event(broker):
    """That stream stops and says what it needs; all else goes on."""
    with cluster_of("future", broker, daemons=2) as cluster:
        daemon = cluster.daemons[0]
        daemon.start()
        cluster.await_ready()
        stopped, other = name_at(1), name_at(1, number=1)
        assert create(daemon, stopped) == 200
        assert create(daemon, stopped, "refused") != 200
        assert daemon.stop() == 0
        part = read_back(cluster.client, cluster.topic("journal"))[1]
        records = [one for one in part if "understudy-kind"
                   not in one.headers]
        record = next(one for one in reversed(records)
                      if one.headers["ce_type"] == "command-refused")
        after = {"sequence": records[-1].headers["sequence"],
                 "commands": next(one.headers["commands"] for one in
                                  reversed(part)
                                  if "commands" in one.headers)}
        newest = next(one for one in reversed(records) if
                      one.headers["ce_subject"] ==
                      record.headers["ce_subject"])
        record.headers["ce_streamversion"] = \
            newest.headers["ce_streamversion"]
        value, headers = from_the_future(record, after)
        producer = Producer({**cluster.client, **QUIET, "acks": "all"})
        producer.produce(cluster.topic("journal"), value, record.key,
                         partition=1, headers=headers)
        event = headers | {"ce_journalposition": headers["ce_id"]}
        producer.produce(cluster.topic("events"), b"{}", record.key,
                         partition=1, headers=event)
        assert producer.flush(30) == 0
        daemon.lines.clear()
        daemon.start()
        cluster.await_ready()
        line = await_line(cluster, "stream is stopped")
        assert f"endpoint/{stopped}" in line, line
        assert len(daemon.said("stream is stopped")) == 1, daemon.lines
        status, answer, _ = daemon.request("/v1/commands", {
            "command": "later", "endpoint": stopped, "delete": {}})
        assert (status, answer["reason"]) == (409, "stream-stopped"), answer
        # One on the topic is put aside: a build that knows the event can be
        # sent it again.
        (sent,) = publish(cluster, [(0, {"command": "aside",
                                         "endpoint": stopped, "delete": {}},
                                     1)])
        await_true(lambda: any(read_back(cluster.client,
                                         cluster.topic("dead-letter"))), 60)
        dead = [one for part in read_back(
            cluster.client, cluster.topic("dead-letter")) for one in part]
        assert [(one.headers["dead-letter-reason"],
                 one.headers["dead-letter-position"]) for one in dead] == [
            ("stream-stopped", f"1:{sent.offset}")], dead
        await_line(cluster, "a command is put aside")
        answers_are_the_same(cluster, stopped)
        # Its neighbours do not suffer, nor does whoever reads the log.
        assert create(daemon, other) == 200
        for verb in ("events", "replay", "verify"):
            done = subprocess.run(
                [pathlib.Path(DAEMON).with_name("understudy"), verb,
                 "--log", cluster.broker.address, "--kafka-prefix",
                 cluster.prefix], capture_output=True, text=True, check=True)
            assert f"stream endpoint/{stopped} stops at 1:" in done.stderr, \
                done.stderr


def answers_are_the_same(cluster, stopped):
    """Whoever is asked, the partition's owner or another."""
    daemon, second = cluster.daemons
    second.start()
    cluster.await_ready()
    told = []
    for at, one in enumerate((daemon, second)):
        status, answer, _ = one.request("/v1/commands", {
            "command": f"at-{at}", "endpoint": stopped, "delete": {}}, 60)
        told.append((status, answer["reason"], answer["value"],
                     answer["accepted"]))
    print(f"  {told[0]}, owned: {[cluster.owned(one) for one in cluster.daemons]}")
    assert told[0][:2] == (409, "stream-stopped"), told
    assert told[0] == told[1], told


STORIES = (commands_shuffled, unknown_event, clock_off, no_broker_at_start,
           disk_full)


with Broker(SOURCE) as one_broker:
    tell(STORIES, sys.argv[5:], one_broker)
