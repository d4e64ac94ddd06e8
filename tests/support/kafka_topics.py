"""The topics of a log on Kafka, read back.

Needs confluent-kafka: see python_environment.py.
"""

import collections
import json

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

QUIET = {"reconnect.backoff.max.ms": 500, "log_level": 0}

Message = collections.namedtuple(
    "Message", "topic partition offset key value headers")


def murmur2(key):
    """The hash by which Java's clients place a key."""
    seed, mix, mask = 0x9747b28c, 0x5bd1e995, 0xffffffff
    value = seed ^ len(key)
    whole = len(key) & ~3
    for at in range(0, whole, 4):
        word = int.from_bytes(key[at:at + 4], "little") * mix & mask
        word = (word ^ word >> 24) * mix & mask
        value = value * mix & mask ^ word
    if whole < len(key):
        value ^= int.from_bytes(key[whole:], "little")
        value = value * mix & mask
    value = (value ^ value >> 13) * mix & mask
    return value ^ value >> 15


def home_of(endpoint, partitions):
    """The partition whose owner decides for an endpoint."""
    return (murmur2(endpoint.encode()) & 0x7fffffff) % partitions


def text_headers(message):
    """Headers as text by name; of several the last."""
    return {name: (value or b"").decode(errors="replace")
            for name, value in message.headers() or []}


def read_back(client, topic, isolation="read_committed", wait_s=60):
    """Every message that can be read now: a list for each partition."""
    consumer = Consumer({**client, **QUIET, "group.id": "read-back",
                         "isolation.level": isolation,
                         "enable.auto.commit": False,
                         "enable.partition.eof": True,
                         "auto.offset.reset": "error"})
    try:
        known = consumer.list_topics(topic, timeout=wait_s).topics[topic]
        if known.error is not None:
            raise RuntimeError(f"{topic}: {known.error}")
        found = [[] for _ in known.partitions]
        ends = [consumer.get_watermark_offsets(
            TopicPartition(topic, one), timeout=wait_s)[1]
            for one in range(len(found))]
        consumer.assign([TopicPartition(topic, one, OFFSET_BEGINNING)
                         for one in range(len(found))])
        _drain(consumer, topic, found, ends, wait_s)
        return found
    finally:
        consumer.close()


def _drain(consumer, topic, found, ends, wait_s):
    """To the end that each partition had, or past it."""
    at_end = {one for one, end in enumerate(ends) if end == 0}
    idle = 0
    while len(at_end) < len(found):
        messages = consumer.consume(1000, timeout=1)
        idle = idle + 1 if not messages else 0
        if idle > wait_s:
            raise RuntimeError(f"{topic}: read {[len(f) for f in found]}, "
                               f"never came to {ends}")
        for message in messages:
            partition = message.partition()
            if message.error() is None:
                found[partition].append(Message(
                    topic, partition, message.offset(), message.key(),
                    message.value(), text_headers(message)))
                if message.offset() + 1 >= ends[partition]:
                    at_end.add(partition)
            elif message.error().code() == -191:  # The end of the partition.
                if message.offset() >= ends[partition]:
                    at_end.add(partition)


def parse(value):
    """A JSON object, or nothing."""
    try:
        found = json.loads(value)
    except (ValueError, TypeError, UnicodeDecodeError):
        return None
    return found if isinstance(found, dict) else None
