"""A daemon whose instances are processes, and what a test asks of both."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from daemon import Daemon  # noqa: E402


PORTS = 190  # Of instances; there are ten more, for whoever listens.


def first_outgoing_port():
    """From here on the system gives ports to connections that go out."""
    try:
        return int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")
                   .read_text().split()[0])
    except OSError:
        return 32768


def free_ports(count):
    """The first of so many ports in a row that nobody listens on.

    Among the ports of outgoing connections a busy machine has no such row;
    below them there is one, unless it gives out low ones too.
    """
    lowest, end = 10000, max(first_outgoing_port(), 10000 + 20 * count)
    rows = (end - lowest) // count
    for row in range(rows):
        first = lowest + (os.getpid() + row) % rows * count
        if all(is_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError(f"no {count} free ports in a row below {end}")


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True


def processes_of(directory):
    """What runs of a fleet: reference -> pids, by its mark."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            environ = (entry / "environ").read_bytes().split(b"\0")
            where = os.readlink(entry / "cwd")
        except OSError:
            continue
        if state[0] == "Z" or not where.startswith(str(directory)):
            continue
        for one in environ:
            if one.startswith(b"UNDERSTUDY_INSTANCE="):
                name = one.split(b"=", 1)[1].decode()
                found.setdefault(name, []).append(int(entry.name))
    return found


class ProcessFleet:
    """One catalogue, one directory, one log; daemons come and go."""

    def __init__(self, understudyd, understudy, server, folder):
        self.folder = pathlib.Path(folder)
        self.understudy = understudy
        self.server = server
        self.directory = self.folder / "instances"
        self.catalogue = self.folder / "catalogue.yaml"
        self.offerings = []
        self.grace_ms = 10000
        self.ports = free_ports(PORTS + 10)
        self.daemon = Daemon(
            understudyd, self.folder / "log", f"process:{self.catalogue}",
            [f"process.directory={self.directory}",
             "runtime.sweep_interval_s=1"])

    def offer(self, kind, capacity, *arguments, command=None):
        self.offerings.append({
            "instance_type": kind, "capacity": capacity,
            "command": command or [self.server, *arguments]})

    def start(self):
        self.catalogue.write_text(json.dumps({
            "ports": {"from": self.ports, "to": self.ports + PORTS - 1},
            "termination_grace_ms": self.grace_ms,
            "offerings": self.offerings}))
        self.daemon.start()
        self.daemon.await_ready()

    def cli(self, *arguments, accepted=(0,)):
        done = subprocess.run(
            [self.understudy, *arguments], capture_output=True, text=True,
            env=os.environ | {"UNDERSTUDY_SERVER": self.daemon.url},
            timeout=120)
        assert done.returncode in accepted, (arguments, done)
        return done.stdout

    def create(self, name, pools, count=1, overrides=None, **more):
        """`pools` are instance types, the most preferred one first;
        `overrides` the models that some of them run."""
        variant = {
            "initial_count": count, "provision_timeout_s": 300,
            "pools": [{"name": kind, "instance_type": kind,
                       "zones": ["local"], "priority": i + 1,
                       "max_concurrency": 4,
                       "model_override": (overrides or {}).get(kind, "")}
                      for i, kind in enumerate(pools)],
            "health": {"probe_interval_ms": 100, "healthy_threshold": 2,
                       "unhealthy_threshold": 3, "startup_timeout_ms": 60000,
                       "drain_timeout_ms": 5000},
            "cool_down": {"base_ms": 1000, "cap_ms": 1000}}
        variant["health"].update(more.pop("health", {}))
        variant.update(more)
        status, answer, _ = self.daemon.request("/v1/commands", {
            "command": f"create-{name}", "endpoint": name,
            "create": {"spec": {"name": name, "variants": [variant]}}})
        assert status == 200, answer

    def command(self, name, **body):
        status, answer, _ = self.daemon.request("/v1/commands", {
            "command": f"{name}-{time.monotonic_ns()}", "endpoint": name,
            **body})
        assert status == 200, answer

    def instances(self, name):
        status, answer, _ = self.daemon.request(
            f"/v1/instances?endpoint={name}")
        return answer["items"] if status == 200 else []

    def events(self, *types):
        status, answer, _ = self.daemon.request(
            "/v1/events?after=0:0&limit=1000&type=" + ",".join(types))
        assert status == 200, answer
        return answer["items"]

    def await_that(self, what, true, wait_s=180):
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            found = true()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"never came: {what}; "
                             + "".join(self.daemon.lines[-10:]))

    def await_ready(self, name, count, pool=None):
        def ready():
            all_of = self.instances(name)
            good = [one for one in all_of if one["status"] == "ready"
                    and (pool is None or one["pool"] == pool)]
            return good if len(good) == count == len(all_of) else None
        return self.await_that(f"{count} ready of {name} in {pool}", ready)

    def processes(self):
        return processes_of(self.directory)

    def close_down(self):
        """Whatever state it is in: nothing may be left."""
        self.daemon.end()
        for _ in range(50):
            left = [pid for pids in self.processes().values() for pid in pids]
            if not left:
                return
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.02)
