"""A fleet on Kafka, two daemons and one broker, each hurt in its turn.

    kafka_faults_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD [--seed N]
                         [--only FAULT...]
"""

import argparse
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from python_environment import inside  # noqa: E402

PARSER = argparse.ArgumentParser()
PARSER.add_argument("source")
PARSER.add_argument("environment")
PARSER.add_argument("understudyd")
PARSER.add_argument("--seed", type=int, default=1)
PARSER.add_argument("--only", nargs="*", help="names of faults",
                    default=["daemon_killed", "daemon_frozen",
                             "daemons_rolled", "broker_killed"])
OPTIONS = PARSER.parse_args()
inside(OPTIONS.source, OPTIONS.environment)
import kafka_faults  # noqa: E402
from kafka_cluster import Cluster  # noqa: E402


def main():
    chance = random.Random(OPTIONS.seed)
    with Cluster(OPTIONS.source, OPTIONS.understudyd,
                 processes=True) as cluster:
        cluster.start()
        clients = kafka_faults.clients_of(cluster, OPTIONS.seed)
        kafka_faults.run(cluster, [getattr(kafka_faults, name)
                                   for name in OPTIONS.only],
                         chance, clients)


main()
