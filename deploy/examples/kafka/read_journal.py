#!/usr/bin/env python3
"""Reads the journal to its end and says what is in it, a record a line.

    read_journal.py SERVERS GENERATED   needs confluent-kafka and flatbuffers

GENERATED holds what flatc made of the schemas:

    flatc --python -o GENERATED schemas/*.fbs

Checks what every reader must: that no record is missing, and that a record
of an owner whose successor had begun is not taken. Exit codes: 0 all is
there, 1 something is wrong.
"""

import json
import os
import struct
import sys

from confluent_kafka import (OFFSET_BEGINNING, Consumer, KafkaError,
                             TopicPartition)

sys.path.insert(0, sys.argv[2])
from understudy.fb import Event, Record  # noqa: E402

PREFIX = os.environ.get("UNDERSTUDY_KAFKA_PREFIX", "understudy")
FRAME = struct.Struct("<QBBHI")  # checksum, magic, format, flags, length


def client_settings(servers):
    """Of the cluster: servers, and what the file of settings says."""
    settings = {}
    file = os.environ.get("UNDERSTUDY_KAFKA_CONFIG_FILE")
    if file:
        with open(file, encoding="utf-8") as lines:
            settings = dict(line.strip().split("=", 1) for line in lines
                            if "=" in line and not line.startswith("#"))
    return {**settings, "bootstrap.servers": servers}


def record_of(value):
    """The FlatBuffer behind the frame that schemas/README.md describes."""
    _, magic, form, flags, length = FRAME.unpack_from(value)
    if (magic, form, flags) != (0x55, 1, 0):
        raise ValueError(f"no record: magic {magic}, format {form}")
    content = value[FRAME.size:FRAME.size + length]
    if not Record.Record.RecordBufferHasIdentifier(content, 0):
        raise ValueError("no record: another identifier")
    return Record.Record.GetRootAs(content, 0)


def event_name(record):
    names = {value: name for name, value in vars(Event.Event).items()
             if isinstance(value, int)}
    return names.get(record.EventType(), "unknown")


class Partition:
    """What was read of one partition, and what must come next."""

    def __init__(self, number):
        self.number = number
        self.epoch = 0
        self.next = 1

    def see(self, message):
        headers = dict(message.headers())
        if headers.get("understudy-kind") == b"barrier":
            return None  # A new owner reads up to here.
        epoch, sequence = int(headers["epoch"]), int(headers["sequence"])
        if epoch < self.epoch:
            return None  # Its owner had been succeeded.
        self.epoch = epoch
        if sequence != self.next:
            raise ValueError(f"partition {self.number}: record {sequence}, "
                             f"expected {self.next}")
        if "understudy-kind" in headers:
            return None  # About the journal itself.
        self.next = sequence + 1
        record = record_of(message.value())
        if record.Sequence() != sequence:
            raise ValueError(f"record {record.Sequence()} says {sequence}")
        return {"position": f"{self.number}:{sequence}",
                "offset": message.offset(),
                "type": headers["ce_type"].decode(),
                "table": event_name(record),
                "stream": record.Stream().decode(),
                "version": record.Version(),
                "epoch": record.Epoch(),
                "time_us": record.TimeUs()}


def main():
    consumer = Consumer({**client_settings(sys.argv[1]),
                         "group.id": "journal-example",
                         "isolation.level": "read_committed",
                         "enable.auto.commit": False,
                         "enable.partition.eof": True})
    topic = f"{PREFIX}.journal"
    numbers = consumer.list_topics(topic, 30).topics[topic].partitions
    partitions = {number: Partition(number) for number in numbers}
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING)
                     for number in numbers])
    left = set(numbers)
    while left:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                left.discard(message.partition())
            continue
        found = partitions[message.partition()].see(message)
        if found:
            print(json.dumps(found), flush=True)
    consumer.close()


try:
    main()
except ValueError as error:
    sys.exit(f"read_journal: {error}")
