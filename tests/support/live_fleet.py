"""All of it, real: a daemon, its processes, gateways with HAProxy in front.

What a test started names its folder, in its command line or by where it
works; so at the end it can be told that nothing is left.
"""

import csv
import os
import pathlib
import shutil
import signal
import tempfile
import unittest

from gateway import Gateway, await_true
from process_fleet import PORTS, ProcessFleet

PROGRAMS = ("understudyd", "understudy", "model_server", "gateway", "haproxy")
ACTIVE = {"mode": "active", "dwell_ms": 500, "interval_ms": 1000}


def programs(arguments):
    """The paths that a test is given, by name."""
    return dict(zip(PROGRAMS, map(os.path.abspath, arguments)))


def left_of(folder):
    """pid -> command line of whatever runs in or for a folder."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            where = os.readlink(entry / "cwd")
        except OSError:
            continue
        mark = os.fsencode(str(folder))
        if state not in "ZX" and (mark in line
                                  or where.startswith(str(folder))):
            found[int(entry.name)] = line.replace(b"\0", b" ").decode(
                errors="replace")
    return found


def end_all_of(folder):
    for _ in range(50):
        left = left_of(folder)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if not left:
            return
        await_true(lambda: not left_of(folder), 1)


class LiveFleet(ProcessFleet):
    """Daemons come and go at one port, and so do gateways at theirs."""

    def __init__(self, paths, folder, gateways=1, follow="server",
                 settings=()):
        super().__init__(paths["understudyd"], paths["understudy"],
                         paths["model_server"], folder)
        # A server that is told to end too early is seen to break off.
        self.grace_ms = 50
        at = self.daemon.command.index("--listen") + 1
        # None that a connection of the load could get while nobody listens.
        self.port = self.ports + PORTS
        self.daemon.command[at] = f"127.0.0.1:{self.port}"
        server = ["--server", f"http://127.0.0.1:{self.port}"]
        if follow == "log":
            server += ["--log", f"embedded:{self.folder}/log"]
        self.gateways = [
            make_gateway(paths, f"{self.folder}/gateway-{i}", server, settings,
                         self.port + 1 + i)
            for i in range(gateways)]
        self.gateway = self.gateways[0]

    def start(self):
        super().start()
        for one in self.gateways:
            one.start()

    def served(self, name):
        """Waits until every gateway serves it."""
        for one in self.gateways:
            self.await_that(f"{name} served", lambda at=one: serves(at, name))

    def whole(self, name, count, pool=None):
        """So many instances, all ready, and one process for each."""
        self.await_ready(name, count, pool)
        return self.await_that("one process each", self.matching)

    def matching(self):
        """Processes, if they are what the daemon holds, one for one."""
        running = self.processes()
        status, answer, _ = self.daemon.request("/v1/instances")
        known = [one["provider_ref"] for one in answer["items"]] \
            if status == 200 else None
        return running if known is not None and sorted(running) == sorted(
            known) and all(len(one) == 1 for one in running.values()) else {}

    def in_flight_at(self, instance, name, gateway=None):
        """As HAProxy counts it, of one instance."""
        told = (gateway or self.gateway).ask_haproxy("show stat -1 4 -1")
        for row in csv.DictReader(told.lstrip("# ").splitlines()):
            if row["svname"] == f"{name}:{instance['id']}":
                return int(row["scur"])
        return None

    def pid_of(self, instance):
        return self.processes()[instance["provider_ref"]][0]

    def delete(self, name):
        self.command(name, delete={})
        self.await_that(f"the end of {name}", lambda: any(
            one["subject"].startswith(f"endpoint/{name}")
            for one in self.events("endpoint-deleted")))
        for one in self.gateways:
            self.await_that(f"{name} gone", lambda at=one: refused_as(
                at, name, 404))

    def finish(self):
        """Ends everything in good order; what is left of it."""
        codes = [one.stop() for one in self.gateways] + [self.daemon.stop()]
        if any(codes):
            return {"exit codes": codes}
        await_true(lambda: not left_of(self.folder))
        return left_of(self.folder)

    def close_down(self):
        for one in self.gateways:
            one.end()
        self.daemon.end()
        end_all_of(self.folder)


def make_gateway(paths, directory, follow, settings=(), port=None):
    pathlib.Path(directory).mkdir(exist_ok=True)
    return Gateway(paths["gateway"], directory, follow, [
        f"haproxy.program={paths['haproxy']}", "instance.slow_start_ms=500",
        *settings], port)


def serves(gateway, name):
    try:
        return gateway.invoke(name)[0] == 200
    except OSError:
        return False


def refused_as(gateway, name, status):
    try:
        return gateway.invoke(name)[0] == status
    except OSError:
        return False


class LiveTest(unittest.TestCase):
    """A folder of its own; nothing is left in it or of it."""

    paths = {}

    def fleet_of(self, **more):
        folder = tempfile.mkdtemp(prefix="understudy-live-")
        self.addCleanup(shutil.rmtree, folder)
        fleet = LiveFleet(self.paths, folder, **more)
        self.addCleanup(fleet.close_down)
        return fleet

    def finish(self, fleet):
        self.assertEqual(fleet.finish(), {})
