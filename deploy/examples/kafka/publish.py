#!/usr/bin/env python3
"""Publishes one command, JSON on standard input, and waits for its outcome.

    publish.py SERVERS <command.json          needs confluent-kafka

Prints the event that says what became of it. Exit codes: 0 accepted,
1 refused, 124 no outcome within a minute.
"""

import json
import os
import sys
import time

from confluent_kafka import (OFFSET_END, Consumer, Producer, TopicPartition)

PREFIX = os.environ.get("UNDERSTUDY_KAFKA_PREFIX", "understudy")
WAIT_S = 60


def client_settings(servers):
    """Of the cluster: servers, and what the file of settings says."""
    settings = {}
    file = os.environ.get("UNDERSTUDY_KAFKA_CONFIG_FILE")
    if file:
        with open(file, encoding="utf-8") as lines:
            settings = dict(line.strip().split("=", 1) for line in lines
                            if "=" in line and not line.startswith("#"))
    return {**settings, "bootstrap.servers": servers}


def events_from_now(settings):
    """A consumer of every partition of the events, at their ends."""
    consumer = Consumer({**settings, "group.id": "operator-publish",
                         "isolation.level": "read_committed",
                         "enable.auto.commit": False})
    topic = f"{PREFIX}.events"
    partitions = consumer.list_topics(topic, 30).topics[topic].partitions
    # The ends are asked for now: an assignment alone would look them up when
    # it first fetches, which may be after the outcome.
    consumer.assign([
        TopicPartition(topic, number, consumer.get_watermark_offsets(
            TopicPartition(topic, number, OFFSET_END), 30)[1])
        for number in partitions])
    return consumer


def as_json(command):
    return json.dumps(command).encode(), "application/json"


def publish(settings, command, form=as_json):
    # The same partitioner as Java's clients: the endpoint's home.
    producer = Producer({**settings, "partitioner": "murmur2_random",
                         "enable.idempotence": True})
    failed = []
    value, content_type = form(command)
    producer.produce(
        f"{PREFIX}.commands", key=command["endpoint"], value=value,
        headers={"content-type": content_type,
                 "ce_authid": os.environ.get("USER", "nobody")},
        on_delivery=lambda error, _: error and failed.append(error))
    if producer.flush(30) or failed:
        sys.exit(f"not published: {failed or 'no answer'}")


def outcome(consumer, command):
    """The first event of the decision that the command caused."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        message = consumer.poll(0.2)
        if message is None or message.error():
            continue
        headers = {name: value.decode() for name, value in message.headers()}
        if headers.get("ce_command") == command["command"]:
            return headers, json.loads(message.value())
    return None


def main(form=as_json):
    settings = client_settings(sys.argv[1])
    command = json.load(sys.stdin)
    consumer = events_from_now(settings)
    publish(settings, command, form)
    found = outcome(consumer, command)
    consumer.close()
    if found is None:
        return 124
    headers, data = found
    print(json.dumps({"type": headers["ce_type"], "id": headers["ce_id"],
                      "data": data}))
    return 1 if headers["ce_type"] == "command-refused" else 0


if __name__ == "__main__":
    sys.exit(main())
