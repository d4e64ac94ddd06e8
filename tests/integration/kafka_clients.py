"""Clients of a fleet on Kafka that remember everything they were told.

Producers publish commands as foreign programs do: with either of the two
partitioners that are in use, some of them twice, some of them unreadable.
HTTP clients ask whatever daemon there is.
"""

import http.client
import json
import pathlib
import random
import sys
import threading
import time

from confluent_kafka import Producer

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import endpoint  # noqa: E402
from kafka_checker import Acknowledged, Answer  # noqa: E402
from kafka_topics import QUIET  # noqa: E402

UNREADABLE = (b"{", b"\xff\xfe\x00", b"", b'{"command": 7}',
              b'{"command": "x", "endpoint": "e", "explode": {}}')


class Commands:
    """Random commands for a few endpoints; each id is used for one only."""

    def __init__(self, seed, names, pools):
        self.random = random.Random(seed)
        self.names = names
        self.pools = pools
        self.lock = threading.Lock()
        self.count = 0

    def next(self, prefix):
        with self.lock:
            self.count += 1
            name = self.random.choice(self.names)
            body = {"command": f"{prefix}-{self.count}", "endpoint": name}
            kind = self.random.choices(
                ("create", "scale", "delete"), (4, 6, 1))[0]
            if kind == "create":
                body["create"] = {"spec": endpoint(
                    name, self.pools, self.random.randint(1, 2))}
            elif kind == "scale":
                body["scale"] = {"variant": "primary",
                                 "desired": self.random.randint(1, 3)}
            else:
                body["delete"] = {}
            return body


class Clients:
    """Threads that send until they are stopped.

    daemons: called for the list of daemons that may be asked now.
    """

    def __init__(self, client, prefix, commands, daemons, pause_s=0.1):
        self.settings = {**client, **QUIET, "acks": "all", "linger.ms": 2,
                         "enable.idempotence": True,
                         "message.timeout.ms": 120000}
        self.topic = f"{prefix}.commands"
        self.commands = commands
        self.daemons = daemons
        self.pause_s = pause_s
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.acknowledged, self.answers = [], []
        self.unreadable, self.failed = [], []
        self.unknown = 0
        self.threads = []

    def start(self, producers=2, askers=2):
        partitioners = ("murmur2_random", "consistent_random")
        for at in range(producers):
            self._thread(self._produce, partitioners[at % 2], at)
        for at in range(askers):
            self._thread(self._ask, at)
        return self

    def _thread(self, work, *arguments):
        thread = threading.Thread(target=self._run, daemon=True,
                                  args=(work, *arguments))
        thread.start()
        self.threads.append(thread)

    def _run(self, work, *arguments):
        try:
            work(*arguments)
        except Exception as error:  # Whatever it was, the story has failed.
            with self.lock:
                self.failed.append(f"{work.__name__}: {error!r}")

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        assert not self.failed, self.failed[:3]

    # --- to the topic --------------------------------------------------------

    def _produce(self, partitioner, at):
        chance = random.Random(f"{self.commands.count}-{at}")
        producer = Producer({**self.settings, "partitioner": partitioner})
        late = []  # Commands to be sent once more, and when.
        while not self.over.is_set():
            body = self.commands.next(f"p{at}")
            self.send(producer, body)
            if chance.random() < 0.1:
                self.send(producer, body)
            if chance.random() < 0.1:
                late.append((time.monotonic() + 3 * chance.random(), body))
            if late and late[0][0] < time.monotonic():
                self.send(producer, late.pop(0)[1])
            if chance.random() < 0.01:
                self.send_bytes(producer, chance.choice(UNREADABLE))
            producer.poll(0)
            self.over.wait(self.pause_s * 2 * chance.random())
        assert producer.flush(180) == 0, "commands could not be sent"

    def send(self, producer, body):
        """A command; it is remembered when the broker has it."""
        def told(error, message):
            with self.lock:
                if error is not None:
                    self.unknown += 1
                    return
                self.acknowledged.append(Acknowledged(
                    body["command"], body["endpoint"], message.partition(),
                    message.offset()))
        producer.produce(self.topic, json.dumps(body), body["endpoint"],
                         headers={"content-type": "application/json"},
                         on_delivery=told)

    def send_bytes(self, producer, value):
        def told(error, message):
            if error is None:
                with self.lock:
                    self.unreadable.append(
                        (message.partition(), message.offset()))
        producer.produce(self.topic, value, "anything", on_delivery=told)

    def delete_all(self):
        """Every endpoint is to go; returns what was acknowledged."""
        producer = Producer({**self.settings,
                             "partitioner": "murmur2_random"})
        before = len(self.acknowledged)
        for name in self.commands.names:
            self.commands.count += 1
            self.send(producer, {"command": f"end-{self.commands.count}",
                                 "endpoint": name, "delete": {}})
        assert producer.flush(60) == 0
        return self.acknowledged[before:]

    # --- to the daemons ------------------------------------------------------

    def _ask(self, at):
        chance = random.Random(f"{self.commands.count}-http-{at}")
        while not self.over.is_set():
            daemons = self.daemons()
            if daemons:
                body = self.commands.next(f"h{at}")
                # The same id again after no answer, as a client should.
                for _ in range(3):
                    if self.ask(chance.choice(daemons), body):
                        break
                    self.over.wait(1)
            self.over.wait(self.pause_s * 2 * chance.random())

    def ask(self, daemon, body):
        """Whether there was an answer that says what became of it."""
        try:
            status, answer, _ = daemon.request("/v1/commands", body,
                                               timeout_s=20)
        except (OSError, http.client.HTTPException):
            status = 0  # Gone meanwhile, or it never came back.
        with self.lock:
            if status == 0 or status in (429, 503, 504):
                self.unknown += 1
                return False
            reason = None if status == 200 else answer["reason"]
            self.answers.append(Answer(body["command"], body["endpoint"],
                                       reason, answer.get("position")))
            return True
