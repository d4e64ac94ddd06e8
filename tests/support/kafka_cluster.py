"""A broker with daemons that share its fleet, for tests that hurt both."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from daemon import Daemon
from kafka import Broker
from process_fleet import free_ports, processes_of

# Room for everything that the stories ask for.
TRACE = """understudy-capacity 1
start 2025-10-04T00:00:00Z
offering 0 h100 zone-a on-demand
offering 1 a100 zone-a on-demand
0 0 3
0 1 10000
end 2026-10-04T00:00:00Z
"""
POOLS = [("h100", ["zone-a"], "on-demand", 1),
         ("a100", ["zone-a"], "on-demand", 2)]


class KafkaDaemon(Daemon):
    """A daemon on Kafka; each start is a new member."""

    def __init__(self, program, log, capacity, settings):
        super().__init__(program, "", "", settings)
        self.command[1:5] = ["--log", log, "--capacity", capacity]
        self.frozen = False

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)
        self.frozen = True

    def resume(self):
        self.process.send_signal(signal.SIGCONT)
        self.frozen = False

    @property
    def asks(self):
        """Whether a client may ask it."""
        return self.port is not None and not self.frozen and \
            self.process is not None and self.process.poll() is None

    def said(self, text):
        return [line for line in self.lines if text in line]


class Cluster:
    """with Cluster(source, program, brokers=1, daemons=2) as cluster: ..."""

    def __init__(self, source, program, brokers=1, daemons=2, partitions=4,
                 settings=(), broker=None, prefix="fleet", bootstrap=None,
                 processes=False):
        """broker: one that runs already and stays.
        processes: instances are real ones, shared by all daemons.
        bootstrap: where the daemons find it, if not where it is."""
        self.root = tempfile.mkdtemp(prefix="understudy-cluster-",
                                     dir=os.environ.get("TMPDIR", "/tmp"))
        self.prefix = prefix
        self.partitions = partitions
        self.daemons = []
        self.gone = []  # Daemons that were here for a while.
        self.broker = broker
        self.own_broker = broker is None
        try:
            if self.own_broker:
                self.broker = Broker(
                    source, brokers=brokers,
                    # Whoever came back leads again within seconds.
                    settings=["leader.imbalance.check.interval.seconds=5",
                              "leader.imbalance.per.broker.percentage=0"])
            self.client = self.broker.client()
            self.make_topics(program)
            capacity, more = self._capacity(program, processes)
            where = bootstrap or self.broker.bootstrap
            for _ in range(daemons):
                self.daemons.append(KafkaDaemon(
                    program, f"kafka:{where}", capacity,
                    [f"kafka.prefix={self.prefix}", *more, *settings]))
        except BaseException:
            self.end()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def make_topics(self, program):
        """By the command line, which stands beside the daemon."""
        made = subprocess.run(
            [pathlib.Path(program).with_name("understudy"), "topics",
             "create", "--log", self.broker.address,
             "--kafka-prefix", self.prefix,
             "--partitions", str(self.partitions)],
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert made.returncode == 0, made

    def _capacity(self, program, processes):
        """What daemons are started with: a trace, or processes that write
        down each start."""
        root = pathlib.Path(self.root)
        if not processes:
            (root / "a.capacity").write_text(TRACE)
            return f"simulated:{root}/a.capacity", ["clock.speed=20"]
        server = pathlib.Path(program).with_name("understudy-model-server")
        script = root / "serve"
        script.write_text(
            f'#!/bin/sh\necho "$UNDERSTUDY_TOKEN $UNDERSTUDY_INSTANCE" '
            f'>>{root}/launches\nexec {server.resolve()} "$@"\n')
        script.chmod(0o755)
        first = free_ports(200)
        (root / "catalogue.yaml").write_text(json.dumps({
            "ports": {"from": first, "to": first + 199},
            "offerings": [{"instance_type": kind, "zone": "zone-a",
                           "capacity": capacity, "command": [str(script)]}
                          for kind, capacity in (("h100", 3), ("a100", 60))]}))
        return f"process:{root}/catalogue.yaml", [
            f"process.directory={root}/instances",
            "runtime.sweep_interval_s=5"]

    def launches(self):
        """Each start of a process: call and instance."""
        file = pathlib.Path(self.root) / "launches"
        return file.read_text().splitlines() if file.exists() else []

    def processes(self):
        return processes_of(pathlib.Path(self.root) / "instances")

    def _end_processes(self):
        for pid in [one for all in self.processes().values() for one in all]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def end(self):
        for daemon in self.daemons:
            if daemon.process and daemon.frozen:
                daemon.resume()
            daemon.end()
        self._end_processes()
        if self.own_broker and self.broker:
            self.broker.destroy()
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self):
        for daemon in self.daemons:
            daemon.start()
        self.await_ready()
        return self

    def asked(self):
        """The daemons that a client may ask now."""
        return [one for one in self.daemons if one.asks]

    def topic(self, kind):
        return f"{self.prefix}.{kind}"

    def owned(self, daemon):
        """The partitions that a daemon has at work, by its own word."""
        status, answer, _ = daemon.request("/readyz")
        message = answer.get("message", "") if isinstance(answer, dict) else ""
        if status != 200 or "partitions" not in message:
            return []
        return [int(one) for one in
                message.rsplit("partitions", 1)[1].split(",")]

    def await_ready(self, wait_s=180):
        """Until every daemon is ready and every partition is somebody's."""
        last = []

        def whole():
            last[:] = [self.owned(one) for one in self.asked()]
            owned = sorted(one for part in last for one in part)
            return owned == list(range(self.partitions)) and all(
                one.request("/readyz")[0] == 200 for one in self.asked())
        await_true(whole, wait_s, lambda: (
            f"partitions {last}; " + self.last_words()))

    def last_words(self):
        """What each says of itself, and its last troubles."""
        words = []
        for one in self.daemons:
            try:
                words.append(f"{one.request('/readyz', timeout_s=5)[1]}\n")
            except OSError as error:
                words.append(f"{error}\n")
            told = [line for line in one.lines
                    if " error " in line or " phase=" in line]
            words += told[-8:]
        return "".join(words)


def await_true(condition, wait_s, detail=lambda: ""):
    """Polls until it holds."""
    end = time.monotonic() + wait_s
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise AssertionError(f"not within {wait_s} s: {detail()}")
        time.sleep(0.1)
