"""`understudy topics` on a real broker: makes, judges, refuses.

    kafka_topics_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDY
"""

import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(sys.argv[1])
PROGRAM = sys.argv[3]
sys.path.insert(0, str(SOURCE / "tests/support"))
from python_environment import inside  # noqa: E402

inside(SOURCE, sys.argv[2])
from confluent_kafka.admin import (  # noqa: E402
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource,
    NewPartitions, NewTopic)
from kafka import Broker  # noqa: E402

NAMES = ["commands", "dead-letter", "events", "journal", "load", "snapshots"]


def topics(verb, log, *options, code=0, environment=None):
    ended = subprocess.run(
        [PROGRAM, "topics", verb, "--log", log, *options],
        capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})}, timeout=120)
    assert ended.returncode == code, ended
    return ended


def configure(kafka, topic, **pairs):
    admin = AdminClient(kafka.client())
    entries = [ConfigEntry(key, value,
                           incremental_operation=AlterConfigOpType.SET)
               for key, value in pairs.items()]
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic,
                              incremental_configs=entries)
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(30)


def makes(kafka):
    said = topics("create", kafka.address, "--partitions", "3")
    lines = sorted(said.stdout.splitlines())
    assert lines == [f"topic/understudy.{name} created" for name in NAMES], said
    said = topics("create", kafka.address, "--partitions", "3")
    assert said.stdout.count(" unchanged\n") == 6, said
    said = topics("check", kafka.address)
    assert said.stderr == "" and "understudy.journal" in said.stdout, said
    made = json.loads(topics("create", kafka.address, "--kafka-prefix", "other.one",
                             "-o", "json").stdout)
    assert sorted(made["created"]) == [f"other.one.{name}" for name in NAMES]
    assert made["findings"] == [] and made["kind"] == "TopicList"
    assert {one["name"]: one["partitions"] for one in made["topics"]}[
        "other.one.journal"] == 8


def refuses(kafka):
    """Each thing that would lose data is one line with its remedy."""
    configure(kafka, "understudy.journal",
              **{"cleanup.policy": "compact", "retention.ms": "1000"})
    configure(kafka, "understudy.snapshots", **{"cleanup.policy": "delete"})
    said = topics("check", kafka.address, code=1)
    lines = said.stderr.splitlines()
    assert all(line.startswith("error: understudy.") for line in lines)
    words = [line.split(" is ")[0] for line in lines]
    for finding in ("journal: cleanup.policy", "journal: retention.ms",
                    "journal: retention.bytes", "snapshots: cleanup.policy"):
        # Retention by size is unlimited by default, and so is no finding.
        expected = not finding.endswith("bytes")
        assert (f"error: understudy.{finding}" in words) == expected, lines
    assert all("kafka-configs.sh --bootstrap-server" in line
               for line in lines), lines
    found = json.loads(topics("check", kafka.address, "-o", "json",
                              code=1).stdout)["findings"]
    assert len(found) == len(lines)
    assert {"topic": "understudy.snapshots", "setting": "cleanup.policy",
            "found": "delete", "wanted": "compact"}.items() <= next(
                one for one in found
                if one["topic"].endswith("snapshots")).items()
    # The command that a finding names mends it.
    for one in found:
        key, value = one["change"].rsplit(" ", 1)[1].split("=")
        configure(kafka, one["topic"], **{key: value})
    topics("check", kafka.address)


def partitions(kafka):
    admin = AdminClient(kafka.client())
    admin.create_partitions([NewPartitions("understudy.events", 4)])[
        "understudy.events"].result(30)
    said = topics("check", kafka.address, code=1)
    assert "understudy.events: partitions is 4, must be 3" in said.stderr
    # Those that are there decide how the missing ones are made.
    made = admin.create_topics([NewTopic("late.journal", 5, 1)])
    made["late.journal"].result(30)
    said = topics("create", kafka.address, "--kafka-prefix", "late", code=1)
    assert "topic/late.journal unchanged" in said.stdout, said
    assert "late.journal: retention.ms is 604800000, must be -1" in said.stderr
    seen = json.loads(topics("check", kafka.address, "--kafka-prefix", "late", "-o",
                             "json", code=1).stdout)
    assert {one["name"]: one["partitions"] for one in seen["topics"]}[
        "late.commands"] == 5


def production(kafka):
    said = topics("create", kafka.address, "--kafka-prefix", "big", "--production",
                  code=1)
    assert "too little for production" in said.stderr, said
    said = topics("check", kafka.address, "--kafka-prefix", "other.one",
                  "--production", code=1)
    assert said.stderr.count("replication is 1, must be 3 or more") == 6, said
    with Broker(SOURCE, brokers=3) as three:
        topics("create", three.address, "--production")
        topics("check", three.address, "--production")


def wrong_use(kafka):
    for word, log, *options in (
            ("no Kafka", "embedded:x"), ("names no log", "kafka:"),
            ("no such kind", "kafak:x"),
            ("acks must be all", kafka.address, "--kafka", "acks=1"),
            ("KEY=VALUE", kafka.address, "--kafka", "secret"),
            ("group.id is set", kafka.address, "--kafka", "group.id=x"),
            ("cannot be read", kafka.address, "--kafka-config", "none"),
            ("prefix", kafka.address, "--kafka-prefix", "a b"),
            ("--partitions", kafka.address, "--partitions", "0")):
        said = topics("check", log, *options, code=2)
        assert word in said.stderr, (word, said)
        assert len(said.stderr.splitlines()) == 1, said
        assert "secret" not in said.stderr, said
    said = topics("check", kafka.address, "--kafka", "no.such=1", code=1)
    assert "librdkafka knows no property no.such" in said.stderr, said
    said = topics("check", "kafka:127.0.0.1:1", code=3)
    assert "127.0.0.1:1" in said.stderr, said
    assert len(said.stderr.splitlines()) == 1, said


def secured():
    """A user, a wrong password, and one without the right."""
    with Broker(SOURCE, tls=True, scram=True, acl=True,
                users=["installer", "guest"]) as kafka:
        kafka.grant("installer")
        file = str(kafka.client_file("installer"))
        topics("create", kafka.address, "--kafka-config", file)
        topics("check", kafka.address,
               environment={"UNDERSTUDY_KAFKA_CONFIG_FILE": file})
        planted = "wrong-and-planted"
        said = topics("check", kafka.address, "--kafka-config", file,
                      "--kafka", "sasl.password.env=PLANTED", code=3,
                      environment={"PLANTED": planted})
        assert "uthentication failed" in said.stderr, said
        assert len(said.stderr.splitlines()) == 1, said
        assert planted not in said.stdout + said.stderr
        # librdkafka before 2.6.1 cannot, and the line says so.
        said = subprocess.run(
            [PROGRAM, "topics", "check", "--log", kafka.address,
             "--kafka-config", file, "--kafka",
             "sasl.mechanism=SCRAM-SHA-256"], capture_output=True, text=True)
        assert said.returncode == 0 or "2.6.1" in said.stderr, said
        said = topics("create", kafka.address, "--kafka-prefix", "mine",
                      "--kafka-config", str(kafka.client_file("guest")),
                      code=3)
        assert "uthoriz" in said.stderr, said
        assert len(said.stderr.splitlines()) == 1, said
        said = topics("check", kafka.address, "--kafka-config", file,
                      "--kafka", "ssl.ca.location=/etc/ssl/certs/"
                      "ca-certificates.crt", code=3)
        assert "certificate" in said.stderr, said
        assert len(said.stderr.splitlines()) == 1, said


with Broker(SOURCE) as the_broker:
    for story in (makes, refuses, partitions, production, wrong_use):
        story(the_broker)
        print(f"{story.__name__}: ok", flush=True)
secured()
print("secured: ok", flush=True)
