"""What stories of a fleet on Kafka have in common."""

from daemon import endpoint
from kafka_cluster import POOLS, await_true
from kafka_topics import home_of


def tell(stories, wanted, broker):
    """Those that are wanted, by name; all when none is named."""
    for story in stories:
        if not wanted or story.__name__ in wanted:
            print(story.__name__, flush=True)
            story(broker)


def create(daemon, name, command=None, timeout_s=60):
    """The status of an attempt to create it."""
    return daemon.request("/v1/commands", {
        "command": command or f"create-{name}", "endpoint": name,
        "create": {"spec": endpoint(name, POOLS)}}, timeout_s)[0]


def await_line(cluster, text, wait_s=90):
    """Some daemon says it, as a warning or an error or its phase."""
    def said():
        return [line for one in cluster.daemons for line in one.said(text)]
    await_true(said, wait_s, lambda: f"{text!r}: " + cluster.last_words())
    line = said()[0]
    print(f"  {line.strip()[:300]}", flush=True)
    return line


def name_at(partition, partitions=4, number=0):
    """An endpoint that is at home there."""
    found = [f"e{at}" for at in range(1000)
             if home_of(f"e{at}", partitions) == partition]
    return found[number]
