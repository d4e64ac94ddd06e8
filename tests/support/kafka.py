"""A real Kafka for a test, by deploy/kafka/broker: made, hurt and destroyed.

    with Broker(source, brokers=3) as kafka:
        kafka.create_topic("t", partitions=4)
        kafka.kill(1)
        kafka.restart()
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time


class Broker:
    """One Kafka of one or more nodes, in a directory of its own."""

    def __init__(self, source, brokers=1, tls=False, scram=False, acl=False,
                 users=(), settings=(), heap=None):
        """source: the root of the repository. Starts it and waits."""
        self.script = str(pathlib.Path(source) / "deploy/kafka/broker")
        self.root = tempfile.mkdtemp(prefix="understudy-kafka-",
                                     dir=os.environ.get("TMPDIR", "/tmp"))
        self.directory = pathlib.Path(self.root) / "kafka"
        self.nodes = range(1, brokers + 1)
        options = ["--brokers", str(brokers), "--while", str(os.getpid())]
        options += [f"--{name}" for name, wanted in
                    (("tls", tls), ("scram", scram), ("acl", acl)) if wanted]
        for user in users:
            options += ["--user", user]
        for pair in settings:
            options += ["--set", pair]
        if heap:
            options += ["--heap", heap]
        try:
            self.start(*options)
        except BaseException:
            self.destroy()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.destroy()

    def run(self, verb, *options, code=0):
        """One command of the script; what it printed."""
        ended = subprocess.run(
            [self.script, verb, str(self.directory), *options],
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if ended.returncode != code:
            raise RuntimeError(f"broker {verb}: {ended.returncode}, "
                               f"{ended.stdout}{ended.stderr}")
        return ended.stdout

    def start(self, *options):
        """Starts whatever does not run, on the same ports and data."""
        self.run("start", *options)

    restart = start

    def stop(self):
        self.run("stop")

    def destroy(self):
        """Ends what runs and removes what it kept."""
        self.run("destroy")
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def bootstrap(self):
        return (self.directory / "bootstrap").read_text().strip()

    @property
    def address(self):
        """What --log is given."""
        return f"kafka:{self.bootstrap}"

    def client(self, user=None):
        """The settings of librdkafka as the operator, or as a user."""
        lines = self.client_file(user).read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def client_file(self, user=None):
        name = f"user-{user}.properties" if user else "client.properties"
        return self.directory / name

    def grant(self, *roles):
        """Gives users named as the roles the rights that README lists."""
        from confluent_kafka.admin import (
            AclBinding, AclOperation, AclPermissionType, AdminClient,
            ResourcePatternType, ResourceType)
        readme = pathlib.Path(self.script).parent / "README.md"
        kinds = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP,
                 "transactional-id": ResourceType.TRANSACTIONAL_ID}
        rules = []
        for who, kind, name, operations in re.findall(
                r"^\| (\w+) \| ([\w-]+) \| (\S+) \| (\w[\w, ]*) \|$",
                readme.read_text(), re.MULTILINE):
            for one in operations.split(", ") if who in roles else ():
                operation = re.sub(r"(?<!^)([A-Z])", r"_\1", one).upper()
                pattern = (ResourcePatternType.PREFIXED if name.endswith("*")
                           else ResourcePatternType.LITERAL)
                rules.append(AclBinding(
                    kinds[kind], name.rstrip("*"), pattern, f"User:{who}",
                    "*", AclOperation[operation], AclPermissionType.ALLOW))
        missing = [role for role in roles if not any(
            rule.principal == f"User:{role}" for rule in rules)]
        if missing:
            raise ValueError(f"{readme} lists no rights of {missing}")
        admin = AdminClient(self.client())
        for made in admin.create_acls(rules).values():
            made.result(60)

    def pid(self, node):
        file = self.directory / f"broker-{node}" / "pid"
        return int(file.read_text())

    def kill(self, node):
        """As if the machine were gone: SIGKILL."""
        os.kill(self.pid(node), signal.SIGKILL)

    def end_node(self, node, sent=signal.SIGKILL):
        """Ends one and waits until it is gone; not for ever: a node without
        the others may not get done with leaving."""
        pid = self.pid(node)
        os.kill(pid, sent)
        end = time.monotonic() + 20
        stat = pathlib.Path(f"/proc/{pid}/stat")
        try:
            while stat.read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                if time.monotonic() > end:
                    os.kill(pid, signal.SIGKILL)
        except OSError:
            pass

    def freeze(self, node):
        os.kill(self.pid(node), signal.SIGSTOP)

    def resume(self, node):
        os.kill(self.pid(node), signal.SIGCONT)

    def port(self, node):
        return int(self.bootstrap.split(",")[node - 1].rsplit(":", 1)[1])

    def log(self, node):
        file = self.directory / f"broker-{node}" / "log"
        return file.read_text(errors="replace")
