#!/usr/bin/env python3
"""Follows the events of the fleet: one CloudEvent in JSON a line.

    follow.py SERVERS [--group GROUP] [--end]   needs confluent-kafka

With a group it goes on where the group was. --end: stop at the end of what
there is.
"""

import argparse
import json
import os

from confluent_kafka import Consumer, KafkaError

PREFIX = os.environ.get("UNDERSTUDY_KAFKA_PREFIX", "understudy")


def client_settings(servers):
    """Of the cluster: servers, and what the file of settings says."""
    settings = {}
    file = os.environ.get("UNDERSTUDY_KAFKA_CONFIG_FILE")
    if file:
        with open(file, encoding="utf-8") as lines:
            settings = dict(line.strip().split("=", 1) for line in lines
                            if "=" in line and not line.startswith("#"))
    return {**settings, "bootstrap.servers": servers}


def cloud_event(message):
    """Binary mode: attributes are headers `ce_...`, the value is the data."""
    event = {}
    for name, value in message.headers():
        if name == "content-type":
            event["datacontenttype"] = value.decode()
        else:
            event[name.removeprefix("ce_")] = value.decode()
    event["data"] = json.loads(message.value())
    return event


def main():
    options = argparse.ArgumentParser()
    options.add_argument("servers")
    options.add_argument("--group", default="follow-example")
    options.add_argument("--end", action="store_true")
    given = options.parse_args()
    consumer = Consumer({**client_settings(given.servers),
                         "group.id": given.group,
                         "auto.offset.reset": "earliest",
                         "isolation.level": "read_committed",
                         "enable.partition.eof": given.end})
    topic = f"{PREFIX}.events"
    left = set(consumer.list_topics(topic, 30).topics[topic].partitions)
    consumer.subscribe([topic])
    while left or not given.end:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                left.discard(message.partition())
            continue
        print(json.dumps(cloud_event(message)), flush=True)
    consumer.close()


main()
