#!/usr/bin/env python3
"""Everything that goes wrong around a fleet on Kafka, in a random mix.

    kafka_chaos.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD [--minutes 20]
                   [--brokers 3] [--daemons 3] [--seed N] [--processes]
                   [--only FAULT...]

Prints what it did, a line each, and ends with 0 when nothing that a client
was told is lost, doubled or wrong. The same seed gives the same faults.
"""

import argparse
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from python_environment import inside  # noqa: E402

PARSER = argparse.ArgumentParser()
PARSER.add_argument("source")
PARSER.add_argument("environment")
PARSER.add_argument("understudyd")
PARSER.add_argument("--minutes", type=float, default=20)
PARSER.add_argument("--brokers", type=int, default=3)
PARSER.add_argument("--daemons", type=int, default=3)
PARSER.add_argument("--partitions", type=int, default=6)
PARSER.add_argument("--seed", type=int, default=1)
PARSER.add_argument("--only", nargs="*", default=[], help="names of faults")
PARSER.add_argument("--processes", action="store_true",
                    help="instances are processes, not simulated")
OPTIONS = PARSER.parse_args()
inside(OPTIONS.source, OPTIONS.environment)
import kafka_faults  # noqa: E402
from kafka_cluster import Cluster  # noqa: E402


def faults(chance):
    """One after another until the time is over."""
    kinds = [one for one in kafka_faults.FAULTS
             if not OPTIONS.only or one.__name__ in OPTIONS.only]
    end = time.monotonic() + OPTIONS.minutes * 60
    while time.monotonic() < end:
        yield chance.choice(kinds)


def trouble(cluster):
    """What operators were told, how often, without what differs."""
    told = {}
    for daemon in cluster.daemons + cluster.gone:
        for line in daemon.lines:
            words = line.split(" ", 2)
            if len(words) == 3 and words[1] in ("warning", "error"):
                text = "".join("#" if c.isdigit() else c for c in words[2])
                told[text] = told.get(text, 0) + 1
    return sorted(told.items(), key=lambda pair: -pair[1])


def main():
    chance = random.Random(OPTIONS.seed)
    with Cluster(OPTIONS.source, OPTIONS.understudyd, OPTIONS.brokers,
                 OPTIONS.daemons, OPTIONS.partitions,
                 processes=OPTIONS.processes) as cluster:
        cluster.start()
        clients = kafka_faults.clients_of(cluster, OPTIONS.seed, 24, 0.3)
        try:
            kafka_faults.run(cluster, faults(chance), chance, clients, 10)
        finally:
            clients.over.set()
            for text, count in trouble(cluster)[:30]:
                print(f"{count} x {text.strip()}", flush=True)


main()
