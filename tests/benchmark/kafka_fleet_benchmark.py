#!/usr/bin/env python3
"""A fleet on Kafka, measured against bare librdkafka and Kafka Streams.

    tests/benchmark/kafka_fleet_benchmark.py BUILD [--only PART...] [--small]

BUILD: a build folder with understudyd, understudy, kafka_bare and
kafka_refusals. It starts a broker of its own, prints what it measured as it
goes, and leaves nothing behind. deploy/kafka/operating.md says what the parts
are. --small: a tenth of everything, to see that it works.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PARSER = argparse.ArgumentParser()
PARSER.add_argument("build", type=pathlib.Path)
PARSER.add_argument("--only", nargs="*", default=[])
PARSER.add_argument("--small", action="store_true")
OPTIONS = PARSER.parse_args()
sys.path.insert(0, str(SOURCE / "tests/support"))
from python_environment import inside  # noqa: E402

inside(SOURCE, OPTIONS.build / "test_python")
from confluent_kafka import Consumer, Producer, TopicPartition  # noqa: E402
from confluent_kafka.admin import AdminClient  # noqa: E402
from kafka import Broker  # noqa: E402
from kafka_cluster import POOLS, Cluster, await_true  # noqa: E402
from kafka_topics import Message, QUIET, home_of, text_headers  # noqa: E402
from daemon import endpoint  # noqa: E402

BIN = OPTIONS.build.resolve() / "bin"
DAEMON = BIN / "understudyd"
PARTITIONS = 4
SCALE = 10 if OPTIONS.small else 1
ENDPOINTS = 1000 // SCALE
COMMANDS = 200_000 // SCALE
HISTORY = 1_000_000 // SCALE


def say(text):
    print(text, flush=True)


def run(*words):
    """A program that prints a line of JSON; with it, what it took."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), \
        time.monotonic()
    done = subprocess.run([str(word) for word in words], text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, (words, done)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(done.stdout) | {
        "whole_s": time.monotonic() - begun,
        "processor_s": after.ru_utime + after.ru_stime - before.ru_utime -
        before.ru_stime}


def cluster_of(broker, prefix, daemons=1, settings=()):
    return Cluster(SOURCE, DAEMON, daemons=daemons, broker=broker,
                   prefix=prefix, partitions=PARTITIONS,
                   settings=settings)


# --- commands and what comes of them -----------------------------------------

class Sender:
    """Puts commands on the topic, as fast as it can."""

    def __init__(self, cluster):
        self.topic = cluster.topic("commands")
        self.producer = Producer({
            **cluster.client, **QUIET, "acks": "all", "linger.ms": 20,
            "partitioner": "murmur2_random",
            "queue.buffering.max.messages": 1_000_000})

    def send(self, name, command, **what):
        body = json.dumps({"command": command, "endpoint": name, **what})
        while True:
            try:
                self.producer.produce(
                    self.topic, body, name,
                    headers={"content-type": "application/json"})
                return
            except BufferError:
                self.producer.poll(0.1)

    def scale(self, count, mark):
        """Each is decided and recorded, and asks for nothing."""
        for at in range(count):
            self.send(f"e{at % ENDPOINTS}", f"{mark}-{at}",
                      scale={"variant": "primary", "desired": 1})
            if at % 1000 == 0:
                self.producer.poll(0)
        assert self.producer.flush(60) == 0


def make_endpoints(cluster):
    """All of them in service, and the daemon stopped."""
    cluster.start()
    sender = Sender(cluster)
    for at in range(ENDPOINTS):
        sender.send(f"e{at}", "create",
                    create={"spec": endpoint(f"e{at}", POOLS, 1)})
    sender.producer.flush(60)
    daemon = cluster.daemons[0]

    def in_service():
        items = daemon.request("/v1/endpoints")[1]["items"]
        return len(items) == ENDPOINTS and all(
            one["status"] == "in-service" for one in items)
    await_true(in_service, 120)
    assert daemon.stop() == 0
    return sender


class Watch:
    """How far a topic can be read, as time goes by."""

    def __init__(self, client, topic):
        self.topic = topic
        self.consumer = Consumer({**client, **QUIET, "group.id": "watch",
                                  "isolation.level": "read_committed"})
        self.begun = self.end()
        self.seen = []

    def end(self):
        return sum(self.consumer.get_watermark_offsets(
            TopicPartition(self.topic, one), timeout=30)[1]
            for one in range(PARTITIONS))

    def until_still(self, least, still_s=3):
        """Follows it until `least` more have come and no more come."""
        last, since = self.begun, time.monotonic()
        while last - self.begun < least or \
                time.monotonic() - since < still_s:
            assert time.monotonic() - since < 120, "nothing comes any more"
            now, end = time.monotonic(), self.end()
            if end != last:
                self.seen.append((now, end - self.begun))
                last, since = end, now
            time.sleep(0.02)

    def rate(self, count, skipped=0.3):
        """Of `count` messages in all, without what came first."""
        last_at, last = self.seen[-1]
        at, done = next(one for one in self.seen if one[1] >= skipped * last)
        return count * (last - done) / last / (last_at - at)


def processor_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) / 1024


class Streams:
    """The Kafka Streams job, with its directory."""

    def __init__(self, cluster, samples, commit_ms):
        self.root = pathlib.Path(cluster.root)
        jars = streams_jars()
        for name, message in samples.items():
            headers = "".join(f"{key}={value}\n"
                              for key, value in message.headers.items())
            (self.root / name).write_text(
                headers + "\n" + "x" * len(message.value))
        settings = self.root / "streams.properties"
        settings.write_text(
            (cluster.broker.directory / "java.properties").read_text() +
            f"application.id={cluster.prefix}\nstate.dir={self.root}/state\n"
            f"num.stream.threads=2\ncommit.interval.ms={commit_ms}\n"
            "replication.factor=1\nauto.offset.reset=earliest\n"
            "processing.exception.handler.global.enabled=true\n")
        self.process = subprocess.Popen(
            ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData",
             f"-Dlog4j2.configurationFile={SOURCE}/deploy/kafka/"
             "log4j2.properties", "-cp", f"{jars}/*",
             SOURCE / "tests/benchmark/streams/streams_job.java", settings,
             cluster.prefix, self.root / "journal", self.root / "events"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def streams_jars():
    """Fetched once, as deploy/kafka/fetch does it with the broker's."""
    pom = SOURCE / "tests/benchmark/streams/pom.xml"
    jars = OPTIONS.build.resolve() / "streams"
    if not (jars / "pom.xml").exists() or \
            (jars / "pom.xml").read_bytes() != pom.read_bytes():
        shutil.rmtree(jars, ignore_errors=True)
        subprocess.run(
            ["mvn", "-q", "-B", "--strict-checksums", "-f", pom,
             "dependency:copy-dependencies", "-DincludeScope=runtime",
             f"-DoutputDirectory={jars}"],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        shutil.copy(pom, jars)
    return jars


def last_messages(cluster):
    """Of a command, as the daemon wrote it."""
    found = {}
    for kind in ("journal", "events"):
        consumer = Consumer({**cluster.client, **QUIET, "group.id": "last",
                             "isolation.level": "read_committed"})
        topic = cluster.topic(kind)
        end = consumer.get_watermark_offsets(TopicPartition(topic, 0))[1]
        consumer.assign([TopicPartition(topic, 0, end - 20)])
        messages = consumer.consume(10, timeout=10)
        consumer.close()
        found[kind] = next(
            Message(topic, 0, one.offset(), one.key(), one.value(),
                    text_headers(one))
            for one in messages if one.error() is None)
        assert found[kind].headers["ce_type"] == "command-accepted"
    return found


def streams(broker, samples, commit_ms):
    with cluster_of(broker, f"streams-{commit_ms}", daemons=0) as cluster:
        Sender(cluster).scale(COMMANDS, "s")
        watch = Watch(cluster.client, cluster.topic("events"))
        job = Streams(cluster, samples, commit_ms)
        try:
            watch.until_still(COMMANDS)
            rate = watch.rate(COMMANDS)
            spent = processor_s(job.process.pid)
            say(f"  Kafka Streams, exactly_once_v2, commit.interval.ms="
                f"{commit_ms}: {rate:,.0f} commands/s, "
                f"{spent * 1e6 / COMMANDS:.0f} us of processor each, "
                f"{peak_mib(job.process.pid):.0f} MiB")
        finally:
            job.end()
        return rate


def throughput(broker):
    """Commands in the topic to durable events in journal and events."""
    with cluster_of(broker, "fast") as cluster:
        sender = make_endpoints(cluster)
        sender.scale(COMMANDS, "s")
        daemon = cluster.daemons[0]
        watch = Watch(cluster.client, cluster.topic("events"))
        daemon.start()
        watch.until_still(COMMANDS)
        ours = watch.rate(COMMANDS)
        say(f"commands to durable events: {ours:,.0f} commands/s, "
            f"{processor_s(daemon.process.pid) * 1e6 / COMMANDS:.0f} us of "
            f"processor each, {peak_mib(daemon.process.pid):.0f} MiB")
        assert daemon.stop() == 0
        samples = last_messages(cluster)
        best = 0
        for how in ("", "--wait"):
            to = f"bare{how}"
            with cluster_of(broker, to, daemons=0):
                told = run(BIN / "kafka_bare", "write", broker.bootstrap,
                           "fast", to, COMMANDS // PARTITIONS + 1, *how.split())
            rate = told["records"] / told["seconds"]
            best = max(best, rate)
            say(f"  bare producer{' that waits' if how else ''}, the same "
                f"bytes and batches: {rate:,.0f} records/s, "
                f"{told['records'] / told['transactions']:.0f} a transaction")
        say(f"  ratio {ours / best:.2f} (wanted: 0.70)")
        best = max(streams(broker, samples, commit_ms)
                   for commit_ms in (100, 20))
        say(f"  ratio {ours / best:.2f} (wanted: above 1)")


def refusals(broker):
    """From a refusal to the next pool's launch call."""
    for at_once, count in ((1, 100), (50, 1000)):
        prefix = f"refusals-{at_once}"
        with cluster_of(broker, prefix, daemons=0):
            told = run(BIN / "kafka_refusals", broker.bootstrap, prefix,
                       max(count // SCALE, 2 * at_once), at_once)
        say(f"refusal to next launch, {at_once} at once: p50 "
            f"{told['p50_ms']:.1f} ms, p99 {told['p99_ms']:.1f} ms (wanted: "
            f"below 50), longest {told['longest_ms']:.1f} ms, "
            f"of {told['refusals']}")


# --- takeover ----------------------------------------------------------------

class Heartbeat:
    """A command for each partition, again and again, and when what came of
    it could be read, and of which epoch."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.over = threading.Event()
        self.seen = [[] for _ in range(PARTITIONS)]
        self.names = [next(f"e{at}" for at in range(10_000)
                           if home_of(f"e{at}", PARTITIONS) == one)
                      for one in range(PARTITIONS)]
        self.threads = [threading.Thread(target=work, daemon=True)
                        for work in (self._send, self._read)]
        for one in self.threads:
            one.start()

    def _send(self):
        sender = Sender(self.cluster)
        number = 0
        while not self.over.wait(0.02):
            number += 1
            for name in self.names:
                # Refused, and recorded as such.
                sender.send(name, f"beat-{number}",
                            scale={"variant": "primary", "desired": 1})
            sender.producer.poll(0)

    def _read(self):
        consumer = Consumer({
            **self.cluster.client, **QUIET, "group.id": "beat",
            "isolation.level": "read_committed", "fetch.wait.max.ms": 10})
        consumer.assign([TopicPartition(self.cluster.topic("events"), one)
                         for one in range(PARTITIONS)])
        while not self.over.is_set():
            message = consumer.poll(0.5)
            if message and message.error() is None:
                headers = dict(message.headers())
                self.seen[message.partition()].append(
                    (time.monotonic(), int(headers["ce_epoch"])))
        consumer.close()

    def epochs(self):
        """Who decides now, once all is quiet."""
        begun = time.monotonic() + 1
        await_true(lambda: all(part[-1][0] > begun for part in self.seen), 60)
        return [part[-1][1] for part in self.seen]

    def taken_over(self, partitions, begun, epochs):
        """When the last of some partitions was decided for again."""
        def first(one):
            return next((at for at, epoch in list(self.seen[one])
                         if at > begun and epoch > epochs[one]), None)
        await_true(lambda: all(first(one) for one in partitions), 60)
        return max(first(one) for one in partitions) - begun

    def end(self):
        self.over.set()
        for one in self.threads:
            one.join()


def takeover(broker):
    """From the end of a daemon to decisions of another in all that it had."""
    took = {"kill -9": [], "clean stop": []}
    with cluster_of(broker, "takeover", daemons=2) as cluster:
        cluster.start()
        beat = Heartbeat(cluster)
        try:
            await_true(lambda: all(beat.seen), 60)
            for number in range(2 * (1 if OPTIONS.small else 5)):
                daemon = cluster.daemons[number // 2 % 2]
                await_true(lambda: len(cluster.owned(daemon)) == 2, 60)
                owned = cluster.owned(daemon)
                epochs = beat.epochs()
                begun = time.monotonic()
                if number % 2 == 0:
                    daemon.kill()
                else:
                    assert daemon.stop() == 0
                took[list(took)[number % 2]].append(
                    beat.taken_over(owned, begun, epochs))
                daemon.start()
                cluster.await_ready()
        finally:
            beat.end()
    for how, seconds in took.items():
        say(f"takeover after {how}: median {statistics.median(seconds):.2f} "
            f"s, longest {max(seconds):.2f} s, of {len(seconds)}")


# --- a long log --------------------------------------------------------------

def recover(cluster, what):
    """Starts the daemon on a log that is there."""
    daemon = cluster.daemons[0]
    begun = time.monotonic()
    daemon.start()
    cluster.await_ready()
    whole = time.monotonic() - begun
    spent = processor_s(daemon.process.pid)
    metrics = daemon.request("/metrics")[1]
    figures = dict(line.rsplit(" ", 1) for line in metrics.splitlines()
                   if not line.startswith("#"))
    duration = float(figures["understudy_recovery_duration_seconds"])
    say(f"recovery from {what}: {duration:.2f} s, all partitions at work "
        f"{whole:.1f} s after the start, {spent:.1f} s of processor, "
        f"{peak_mib(daemon.process.pid):.0f} MiB at most")


def reading(cluster):
    """The log read from outside, and by a consumer that does nothing: whole
    programs from start to end, in turn, the median of each."""
    place = ("--log", cluster.broker.address, "--kafka-prefix", cluster.prefix)
    consume = (BIN / "kafka_bare", "consume", cluster.broker.bootstrap,
               cluster.topic("journal"))
    runs = {"bare consumer, 1 at once": (5, (*consume, 1)),
            f"bare consumer, {PARTITIONS} at once": (5, (*consume, PARTITIONS)),
            "understudy replay": (5, (BIN / "understudy", "replay", *place,
                                      "-o", "json")),
            "understudy verify": (1, (BIN / "understudy", "verify", *place,
                                      "-o", "json"))}
    told = {what: [] for what in runs}
    for at in range(5):
        for what, (times, command) in runs.items():
            if at < times:
                told[what].append(run(*command))
    best = 0
    for what, all_of in told.items():
        one = sorted(all_of, key=lambda it: it["whole_s"])[len(all_of) // 2]
        count = one.get("messages") or one["records"]
        rate = count / one["whole_s"]
        line = (f"{what}: {rate:,.0f} records/s, start included, "
                f"{one['processor_s'] * 1e6 / count:.1f} us of processor each")
        if what.startswith("bare"):
            best = max(best, rate)
        else:
            wanted = " (wanted: 0.80)" if what.endswith("replay") else ""
            line += f"; ratio {rate / best:.2f}{wanted}"
        say(line)


def history(broker):
    """A log of a million events: recovered, replayed, verified."""
    with cluster_of(broker, "long", settings=["runtime.snapshot_records=0"]) \
            as cluster:
        sender = make_endpoints(cluster)
        daemon = cluster.daemons[0]
        watch = Watch(cluster.client, cluster.topic("events"))
        daemon.start()
        begun = time.monotonic()
        sender.scale(HISTORY, "h")
        watch.until_still(HISTORY)
        say(f"{watch.end():,} events in the log, "
            f"{HISTORY / (watch.seen[-1][0] - begun):,.0f} commands/s while "
            "they were sent")
        daemon.kill()
        time.sleep(7)  # Until the group has given up whoever was killed.
        admin = AdminClient({**cluster.client, **QUIET})
        for done in admin.delete_topics([cluster.topic("snapshots")]).values():
            done.result(30)
        cluster.make_topics(DAEMON)
        reading(cluster)
        recover(cluster, "the whole log")
        assert daemon.stop() == 0
        recover(cluster, "snapshots")
        assert daemon.stop() == 0


PARTS = (throughput, refusals, takeover, history)


def main():
    begun = time.monotonic()
    say(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with Broker(SOURCE, heap="512m") as broker:
        for part in PARTS:
            if not OPTIONS.only or part.__name__ in OPTIONS.only:
                part(broker)
    say(f"{time.monotonic() - begun:.0f} s, "
        f"load average {os.getloadavg()[0]:.1f}")


main()
