"""What goes wrong around a fleet on Kafka, one function each.

A fault is done to a cluster and undone again; `chance` chooses whom it hits.
What it did comes back as text. `run` does some of them under load and lets
the checker judge what is left.
"""

import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from kafka_checker import Checker  # noqa: E402
from kafka_clients import Clients, Commands  # noqa: E402
from kafka_cluster import POOLS, KafkaDaemon, await_true  # noqa: E402

FROZEN_S = 20


def daemon_killed(cluster, chance):
    """SIGKILL at any moment; started again a little later."""
    daemon = chance.choice(cluster.daemons)
    daemon.kill()
    time.sleep(chance.uniform(0, 8))
    daemon.start()
    return f"daemon {cluster.daemons.index(daemon)} killed"


def daemon_frozen(cluster, chance):
    """SIGSTOP until the others have taken over; then it wakes."""
    daemon = chance.choice(cluster.daemons)
    daemon.freeze()
    time.sleep(FROZEN_S)
    daemon.resume()
    return f"daemon {cluster.daemons.index(daemon)} frozen"


def daemons_rolled(cluster, _):
    """All of them restarted, one after another, as an upgrade does."""
    for daemon in cluster.daemons:
        code = daemon.stop()
        assert code == 0, f"ended with {code}: {daemon.lines[-3:]}"
        daemon.start()
        daemon.await_ready()
    return "daemons restarted one after another"


def daemon_joined(cluster, chance):
    """One more with the very same configuration, for a while."""
    twin = KafkaDaemon(None, None, None, [])
    twin.command = list(chance.choice(cluster.daemons).command)
    cluster.daemons.append(twin.start())
    try:
        twin.await_ready()
        time.sleep(chance.uniform(0, 5))
        if chance.random() < 0.5:
            twin.kill()
            return "a daemon joined and was killed"
        assert twin.stop() == 0, twin.lines[-3:]
        return "a daemon joined and left"
    finally:
        cluster.daemons.remove(twin)
        cluster.gone.append(twin)
        twin.end()


def broker_killed(cluster, chance):
    """SIGKILL; the same node comes back."""
    node = chance.choice(cluster.broker.nodes)
    cluster.broker.kill(node)
    time.sleep(chance.uniform(0, 10))
    cluster.broker.restart()
    return f"broker {node} killed"


def broker_frozen(cluster, chance):
    """Its connections stay up and it says nothing."""
    node = chance.choice(cluster.broker.nodes)
    cluster.broker.freeze(node)
    time.sleep(FROZEN_S)
    cluster.broker.resume(node)
    return f"broker {node} frozen"


def leaders_moved(cluster, chance):
    """A node leaves in good order, comes back and soon leads again."""
    node = chance.choice(cluster.broker.nodes)
    cluster.broker.end_node(node, signal.SIGTERM)
    cluster.broker.restart()
    time.sleep(chance.uniform(0, 10))
    return f"leaders moved away from broker {node} and back"


FAULTS = (daemon_killed, daemon_frozen, daemons_rolled, daemon_joined,
          broker_killed, broker_frozen, leaders_moved)


# --- under load, and judged --------------------------------------------------

def clients_of(cluster, seed, endpoints=12, pause_s=0.1):
    names = [f"chat-{at}" for at in range(endpoints)]
    return Clients(cluster.client, cluster.prefix,
                   Commands(seed, names, POOLS), cluster.asked, pause_s)


def judge(cluster, clients, wait_s=180):
    """Nothing acknowledged is lost, decided twice or answered wrongly."""
    end = time.monotonic() + wait_s
    while True:
        checker = Checker(cluster.client, cluster.prefix)
        whole = checker.check(clients.acknowledged, clients.answers,
                              clients.unreadable)
        # What is still under way comes in time; what is wrong stays so.
        if whole or time.monotonic() > end:
            break
    print(checker.summary() + f"; {len(clients.acknowledged)} acknowledged, "
          f"{len(clients.answers)} answered, {clients.unknown} unknown",
          flush=True)
    assert not checker.faults, "\n".join(
        [f"{len(checker.faults)} faults:", *checker.faults[:20],
         cluster.last_words()])
    return checker


def unsettled(cluster):
    """Endpoints that are not gone with all they held."""
    status, answer, _ = cluster.asked()[0].request("/v1/endpoints")
    assert status == 200, answer
    return [one["name"] for one in answer["items"]
            if one["status"] not in ("deleted", "failed") or
            any(variant["held"] for variant in one["variants"])]


def delete_everything(cluster, clients, wait_s=180):
    clients.delete_all()
    await_true(lambda: not unsettled(cluster), wait_s,
               lambda: f"not deleted: {unsettled(cluster)}")
    await_true(lambda: not cluster.processes(), 60,
               lambda: f"left behind: {cluster.processes()}")
    started = cluster.launches()
    twice = {one for one in started if started.count(one) > 1}
    assert not twice, f"launched twice: {twice}"
    print(f"{len(started)} processes, each once, none left", flush=True)


def run(cluster, faults, chance, clients, pause_s=2):
    """Each of the faults under load; then quiet, and the reckoning."""
    clients.start()
    for fault in faults:
        begun = time.monotonic()
        what = fault(cluster, chance)
        hurt = time.monotonic() - begun
        cluster.await_ready()
        whole = time.monotonic() - begun - hurt
        print(f"{what} ({hurt:.1f} s), whole again after {whole:.1f} s, "
              f"{len(clients.acknowledged)} commands", flush=True)
        time.sleep(chance.uniform(0, pause_s))
    clients.stop()
    judge(cluster, clients)
    delete_everything(cluster, clients)
    return judge(cluster, clients)
