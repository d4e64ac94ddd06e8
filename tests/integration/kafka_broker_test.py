"""deploy/kafka/broker on its own: start, faults, restart, destroy.

    kafka_broker_test.py SOURCE PYTHON_ENVIRONMENT
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(SOURCE / "tests/support"))
from python_environment import inside  # noqa: E402

inside(SOURCE, sys.argv[2])
from confluent_kafka import Consumer, Producer  # noqa: E402
from confluent_kafka.admin import (  # noqa: E402
    AclBinding, AclBindingFilter, AclOperation, AclPermissionType,
    AdminClient, NewTopic, ResourcePatternType, ResourceType)
from kafka import Broker  # noqa: E402

SCRIPT = str(SOURCE / "deploy/kafka/broker")


def create_topic(client, name, partitions=1, replicas=1):
    admin = AdminClient(client)
    made = admin.create_topics([NewTopic(name, partitions, replicas)])
    made[name].result(60)


def produce(client, topic, values):
    producer = Producer({**client, "acks": "all", "linger.ms": 0,
                         "reconnect.backoff.max.ms": 500,
                         "message.timeout.ms": 60000})
    failed = []

    def told(error, _):
        if error:
            failed.append(str(error))

    for value in values:
        producer.produce(topic, value=value, on_delivery=told)
    assert producer.flush(60) == 0 and not failed, failed


def consume(client, topic, count):
    consumer = Consumer({**client, "group.id": "reader",
                         "enable.auto.commit": False,
                         "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    values = []
    for _ in range(600):
        message = consumer.poll(0.1)
        if message is not None and message.error() is None:
            values.append(message.value().decode())
        if len(values) == count:
            break
    consumer.close()
    return values


def processes_of(directory):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if f"{directory}/broker-".encode() in command:
                found.append(int(entry.name))
    return found


def script(*arguments):
    return subprocess.run([SCRIPT, *arguments], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)


def one_broker():
    """Killed, started again, stopped: the data stays, and the port."""
    with Broker(SOURCE) as kafka, Broker(SOURCE) as other:
        assert kafka.bootstrap != other.bootstrap
        create_topic(kafka.client(), "t")
        produce(kafka.client(), "t", ["a", "b"])
        assert consume(kafka.client(), "t", 2) == ["a", "b"]
        where = kafka.bootstrap
        kafka.kill(1)
        kafka.run("status", code=1)
        assert "running, process" in other.run("status")
        kafka.restart()
        assert kafka.bootstrap == where
        kafka.run("status")
        produce(kafka.client(), "t", ["c"])
        assert consume(kafka.client(), "t", 3) == ["a", "b", "c"]
        pid = kafka.pid(1)
        kafka.restart()
        assert kafka.pid(1) == pid, "one that runs was started anew"
        kafka.freeze(1)
        assert "frozen" in kafka.run("status", code=1)
        kafka.stop()
        kafka.restart()
        assert consume(kafka.client(), "t", 3) == ["a", "b", "c"]
        root, directory = kafka.root, kafka.directory
        assert len(processes_of(directory)) == 1
        # Kcat reads the same file.
        listed = subprocess.run(
            ["kcat", "-F", str(kafka.client_file()), "-L"],
            capture_output=True, text=True)
        assert 'topic "t"' in listed.stdout, listed
    assert not processes_of(directory) and not os.path.exists(root)


def three_brokers():
    with Broker(SOURCE, brokers=3) as kafka:
        create_topic(kafka.client(), "t", 3, 3)
        produce(kafka.client(), "t", ["a"])
        kafka.kill(2)
        produce(kafka.client(), "t", ["b"])
        left = kafka.pid(1), kafka.pid(3)
        kafka.restart()
        assert (kafka.pid(1), kafka.pid(3)) == left
        produce(kafka.client(), "t", ["c"])
        assert sorted(consume(kafka.client(), "t", 3)) == ["a", "b", "c"]
        directory = kafka.directory
    assert not processes_of(directory)


def refusal(client):
    """What a client is told that cannot list the topics."""
    told = []
    admin = AdminClient({**client, "log_level": 0,
                         "error_cb": lambda error: told.append(str(error))})
    for _ in range(600):
        admin.poll(0.1)
        if told:
            break
    return " ".join(told)


def secured():
    """Encrypted, with users; a wrong password, CA or topic is refused."""
    with Broker(SOURCE, tls=True, scram=True, acl=True,
                users=["writer"]) as kafka:
        operator, writer = kafka.client(), kafka.client("writer")
        for file in kafka.directory.glob("*.properties"):
            assert file.stat().st_mode & 0o777 == 0o600, file
        create_topic(operator, "open")
        create_topic(operator, "closed")
        admin = AdminClient(operator)
        rule = AclBinding(ResourceType.TOPIC, "open",
                          ResourcePatternType.LITERAL, "User:writer", "*",
                          AclOperation.WRITE, AclPermissionType.ALLOW)
        for made in admin.create_acls([rule]).values():
            made.result(30)
        held = admin.describe_acls(AclBindingFilter(
            ResourceType.ANY, None, ResourcePatternType.ANY, None, None,
            AclOperation.ANY, AclPermissionType.ANY)).result(30)
        assert len(held) == 1, held
        for mechanism in ("PLAIN", "SCRAM-SHA-256"):
            produce({**writer, "sasl.mechanism": mechanism}, "open", ["a"])
        try:
            produce(writer, "closed", ["a"])
            raise RuntimeError("an ACL was not asked")
        except AssertionError as error:
            assert "TOPIC_AUTHORIZATION_FAILED" in str(error), error
        assert consume(operator, "open", 2) == ["a", "a"]
        assert "uthentication failed" in refusal(
            {**operator, "sasl.password": "wrong"})
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as other:
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                 "-subj", "/CN=other", "-keyout", os.devnull, "-out",
                 other.name], check=True, capture_output=True)
            assert "certificate" in refusal(
                {**operator, "ssl.ca.location": other.name})


def wrong_use():
    with tempfile.TemporaryDirectory() as folder:
        for code, word, *arguments in (
                (2, "no command",), (2, "no directory", "start"),
                (2, "unknown command", "begin", folder),
                (2, "--brokers", "start", folder, "--brokers", "x"),
                (2, "--brokers", "start", folder, "--brokers"),
                (2, "--heap", "start", folder, "--heap", "big"),
                (2, "--acl", "start", folder, "--acl"),
                (2, "--user", "start", folder, "--scram", "--user", "a b"),
                (2, "--bogus", "start", folder, "--bogus"),
                (2, "--set", "start", folder, "--set", "x"),
                (2, "--while", "start", folder, "--while", "x"),
                (1, "no broker's directory", "stop", folder),
                (1, "no broker's directory", "status", folder),
                (1, "no broker's directory", "destroy", folder),
                (0, "", "destroy", folder + "/none")):
            ended = script(*arguments)
            assert ended.returncode == code, (arguments, ended)
            assert word in ended.stderr, (arguments, ended)
            assert len(ended.stderr.splitlines()) == bool(word), ended
        (pathlib.Path(folder) / "mine").write_text("precious")
        ended = script("start", folder)
        assert ended.returncode == 1 and "no broker's" in ended.stderr
        assert script("destroy", folder).returncode == 1
        assert (pathlib.Path(folder) / "mine").read_text() == "precious"
        ended = script("start", f"{folder}/bad", "--set", "log.dirs=")
        assert ended.returncode == 1, ended
        assert len(ended.stderr.splitlines()) == 1, ended
        assert not processes_of(f"{folder}/bad")
        assert script("destroy", f"{folder}/bad").returncode == 0
        assert sorted(os.listdir(folder)) == ["mine"]


def owner_ends():
    """Whoever wanted it is gone: so is it."""
    with tempfile.TemporaryDirectory() as folder:
        directory = f"{folder}/kafka"
        with subprocess.Popen(["sleep", "infinity"]) as owner:
            ended = script("start", directory, "--while", str(owner.pid))
            assert ended.returncode == 0, ended
            assert len(processes_of(directory)) == 1
            owner.kill()
        end = time.monotonic() + 120
        while os.path.exists(directory) and time.monotonic() < end:
            time.sleep(0.05)
        assert not os.path.exists(directory), os.listdir(directory)
        assert not processes_of(directory)


for story in (wrong_use, owner_ends, one_broker, three_brokers, secured):
    story()
    print(f"{story.__name__}: ok", flush=True)
