"""TLS, users and ACLs: each role with the rights that are written down.

    kafka_rights_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD UNDERSTUDY
                         GATEWAY HAPROXY
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

SOURCE = pathlib.Path(sys.argv[1])
DAEMON, PROGRAM, GATEWAY, HAPROXY = sys.argv[3:7]
sys.path.insert(0, str(SOURCE / "tests/support"))
from python_environment import inside  # noqa: E402

inside(SOURCE, sys.argv[2])
from confluent_kafka import Consumer, Producer  # noqa: E402
from confluent_kafka.admin import (  # noqa: E402
    AclBindingFilter, AclOperation, AclPermissionType,
    AdminClient, ResourcePatternType, ResourceType)
from daemon import Daemon, endpoint  # noqa: E402
from gateway import Gateway, await_true  # noqa: E402
from kafka import Broker  # noqa: E402
from kafka_topics import read_back  # noqa: E402

EXAMPLES = SOURCE / "deploy/examples/kafka"
TRACE = SOURCE / "deploy/scenarios/main.yaml"
WAIT_S = 240
SPEC = endpoint("chat", [("a3-highgpu-1g", ["us-west1-a"], "spot", 1)])


def run(user, kafka, *command, text=None, code=0):
    file = str(kafka.client_file(user))
    ended = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True,
        input=text or "", timeout=WAIT_S,
        env={**os.environ, "UNDERSTUDY_KAFKA_CONFIG_FILE": file})
    assert ended.returncode == code, (command, ended)
    return ended.stdout + ended.stderr


def daemon(kafka, *more, file=None):
    file = file or kafka.client_file("daemon")
    return Daemon(DAEMON, kafka.address, TRACE,
                  ["clock.speed=60", f"kafka.config_file={file}", *more])


def roles(kafka):
    """Installer, daemon, operator, gateway and consumer do their work."""
    run("installer", kafka, PROGRAM, "topics", "create", "--log",
        kafka.address, "--partitions", "2")
    one = daemon(kafka)
    one.start(WAIT_S)
    try:
        one.await_ready(WAIT_S)
        said = run("operator", kafka, sys.executable, "-B",
                   EXAMPLES / "publish.py", kafka.bootstrap, text=json.dumps(
                       {"command": "c-1", "endpoint": "chat",
                        "create": {"spec": SPEC}}))
        assert json.loads(said)["type"] != "command-refused", said
        said = run("consumer", kafka, sys.executable, "-B",
                   EXAMPLES / "follow.py", kafka.bootstrap, "--group",
                   "consumer-1", "--end")
        assert '"endpoint-created"' in said, said
        a_gateway(kafka)
    except BaseException:
        one.end()
        print("".join(one.lines[-30:]), file=sys.stderr)
        raise
    assert one.stop(WAIT_S) == 0, one.lines[-5:]


def a_gateway(kafka):
    """It follows the journal, and its facts arrive."""
    with tempfile.TemporaryDirectory() as directory:
        one = Gateway(
            GATEWAY, directory, ["--log", kafka.address],
            [f"haproxy.program={HAPROXY}", "name=edge", "queue.waiting_ms=0",
             f"kafka.config_file={kafka.client_file('gateway')}"])
        try:
            one.start(wait_s=WAIT_S)
            assert one.invoke("chat")[0] == 503
            assert await_true(lambda: any(
                b'"edge"' in told.value
                for part in read_back(kafka.client(), "understudy.load")
                for told in part), WAIT_S), one.lines[-5:]
            assert not any("do not arrive" in line for line in one.lines)
        finally:
            one.end()


def refused_to_write(kafka, user, topic):
    told = []
    producer = Producer({**kafka.client(user), "log_level": 0})
    producer.produce(topic, b"x", on_delivery=lambda e, _: told.append(e))
    producer.flush(60)
    assert told and told[0] and told[0].name() == (
        "TOPIC_AUTHORIZATION_FAILED"), (user, topic, told)


def refused_to_read(kafka, user, topic, group=None,
                    reason="TOPIC_AUTHORIZATION_FAILED"):
    consumer = Consumer({**kafka.client(user), "group.id": group or f"{user}-x",
                         "log_level": 0})
    consumer.subscribe([topic])
    for _ in range(600):
        message = consumer.poll(0.1)
        if message is not None:
            assert message.error() and message.error().name() == reason, (
                user, topic, message.error())
            consumer.close()
            return
    raise AssertionError(f"{user} was told nothing about {topic}")


def nothing_more(kafka):
    for topic in ("commands", "journal", "events", "dead-letter"):
        refused_to_write(kafka, "consumer", f"understudy.{topic}")
    for topic in ("journal", "events", "snapshots", "load"):
        refused_to_write(kafka, "operator", f"understudy.{topic}")
    for topic in ("commands", "journal", "events"):
        refused_to_write(kafka, "gateway", f"understudy.{topic}")
    # Not even as a member of a group: the daemons' own is none of its business.
    refused_to_read(kafka, "gateway", "understudy.commands",
                    group="understudy.daemons",
                    reason="GROUP_AUTHORIZATION_FAILED")
    refused_to_read(kafka, "consumer", "understudy.journal")
    refused_to_read(kafka, "consumer", "understudy.commands")


def one_line(kafka, word, one, planted=None):
    """It ends, or stays not ready, and says why in one line."""
    def start():
        with contextlib.suppress(RuntimeError):  # It may not stay.
            one.start(60)

    def told():
        return any(word in line for line in one.lines if " error " in line or
                   " warning " in line or line.startswith("error: "))

    starting = threading.Thread(target=start)
    starting.start()
    assert await_true(told, 60), (word, one.lines)
    one.end()
    starting.join()
    said = "".join(one.lines)
    assert planted is None or planted not in said, said


def explained(kafka):
    """A wrong password, another CA, a right that is missing."""
    def changed(**settings):
        lines = {**kafka.client("daemon"),
                 **{key.replace("_", "."): value
                    for key, value in settings.items()}}
        file = kafka.directory.parent / "changed.properties"
        file.write_text("".join(f"{key}={value}\n"
                                for key, value in lines.items()))
        file.chmod(0o600)
        return file

    one_line(kafka, "uthentication failed", daemon(
        kafka, file=changed(sasl_password="planted")), planted="planted")
    other = kafka.directory.parent / "other.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048",
                    "-nodes", "-subj", "/CN=other", "-keyout", os.devnull,
                    "-out", other], check=True, capture_output=True)
    one_line(kafka, "certificate", daemon(
        kafka, file=changed(ssl_ca_location=other)))
    admin = AdminClient(kafka.client())
    gone = AclBindingFilter(
        ResourceType.TOPIC, "understudy.journal", ResourcePatternType.LITERAL,
        "User:daemon", None, AclOperation.ANY, AclPermissionType.ANY)
    for removed in admin.delete_acls([gone]).values():
        assert removed.result(60)
    one_line(kafka, "uthoriz", daemon(kafka))


with Broker(SOURCE, tls=True, scram=True, acl=True, users=[
        "installer", "daemon", "operator", "gateway",
        "consumer"]) as the_broker:
    the_broker.grant("installer", "daemon", "operator", "gateway", "consumer")
    for story in (roles, nothing_more, explained):
        story(the_broker)
        print(f"{story.__name__}: ok", flush=True)
