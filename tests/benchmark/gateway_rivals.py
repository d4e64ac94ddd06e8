"""What the gateway's benchmark measures: instances, and what stands in front
of them. Every process is ended by its own id, whatever happens."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from gateway import (  # noqa: E402
    Gateway, Log, await_true, call, children, free_port)

HERE = pathlib.Path(__file__).parent
WRK_SCRIPT = """
wrk.method = "POST"
wrk.body = '{"prompt":"' .. string.rep("x", 200) .. '"}'
wrk.headers["Content-Type"] = "application/json"
done = function(summary, latency)
  local bad = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"p50_us":%f,"p99_us":%f,"errors":%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50),
    latency:percentile(99),
    bad.connect + bad.read + bad.write + bad.status + bad.timeout))
end
"""


def median(values):
    return at_share(values, 0.5)


def at_share(values, share):
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def cpu_s(pid):
    """Processor time of a process with one thread that works."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def pin(pid, processors):
    """All of a process's threads."""
    if len(os.sched_getaffinity(0)) < 2:
        return
    for task in os.listdir(f"/proc/{pid}/task"):
        os.sched_setaffinity(int(task), processors)


class Place:
    """A directory and processes, gone when it is left."""

    def __init__(self, programs, directory):
        self.bin = pathlib.Path(programs)
        self.directory = pathlib.Path(directory)
        self.stack = contextlib.ExitStack()
        self.script = self.directory / "load.lua"
        self.script.write_text(WRK_SCRIPT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def program(self, name):
        return str(self.bin / name)

    def start(self, *command, **more):
        more.setdefault("stderr", subprocess.DEVNULL)
        process = subprocess.Popen([str(one) for one in command],
                                   stdin=subprocess.DEVNULL, **more)
        self.stack.callback(self.stop, process)
        return process

    @staticmethod
    def stop(process):
        if process.poll() is None:
            process.kill()
        process.wait()

    def model_server(self, *options):
        port = free_port()
        self.start(self.program("understudy-model-server"), "--port", port,
                   *options)
        if not await_true(lambda: answers(port)):
            raise RuntimeError("a model server does not answer")
        return port

    def wrk(self, port, path, connections, seconds):
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout",
             "30s", "-s", self.script, f"http://127.0.0.1:{port}{path}"],
            capture_output=True, text=True, timeout=seconds + 60)
        found = re.search(r"^\{.*\}$", done.stdout, re.M)
        if not found:
            raise RuntimeError("wrk: " + done.stdout + done.stderr)
        return json.loads(found.group(0))

    @staticmethod
    def open_load(rival, rate, seconds, warm_s, seed):
        done = subprocess.run(
            [sys.executable, "-B", HERE / "gateway_load.py", "open",
             *map(str, (rival.port, rival.path, rate, seconds, warm_s, seed))],
            capture_output=True, text=True, timeout=seconds + 120)
        if done.returncode != 0:
            raise RuntimeError("the load: " + done.stderr)
        return json.loads(done.stdout)


def answers(port, path="/ping", method="GET"):
    try:
        return call(port, method, path, timeout_s=5)[0] == 200
    except OSError:
        return False


class Hand:
    """HAProxy with a configuration as one writes it by hand."""

    path = "/invocations"

    def __init__(self, place, name, balance, servers, threads=2, log=False):
        """`servers`: (port, further options)."""
        self.name = name
        self.port = free_port()
        lines = ["global", "  maxconn 4000", f"  nbthread {threads}"]
        if log:
            lines += [f"  log {log} format rfc3164 local0 info"]
        lines += ["defaults", "  mode http", "  timeout connect 3s",
                  "  timeout client 60s", "  timeout server 60s",
                  "  timeout queue 30s"]
        if log:
            lines += ["  log global", "  option httplog"]
        lines += ["frontend in", f"  bind 127.0.0.1:{self.port}",
                  "  default_backend out", "backend out",
                  f"  balance {balance}"]
        lines += [f"  server s{i} 127.0.0.1:{port} check inter 1s fall 2 "
                  f"rise 1 {options}"
                  for i, (port, options) in enumerate(servers)]
        file = place.directory / f"hand-{self.port}.cfg"
        file.write_text("\n".join(lines) + "\n")
        self.process = place.start("haproxy", "-db", "-f", file)
        if not await_true(lambda: answers(self.port, self.path, "POST")):
            raise RuntimeError(f"{name}: HAProxy does not serve")

    def worker(self):
        return self.process.pid


class Understudy:
    """The real gateway, on a log that names the instances."""

    path = "/endpoints/chat/invocations"

    def __init__(self, place, servers, threads=2):
        """`servers`: (port, maximum concurrency)."""
        self.name = "gateway"
        where = place.directory / f"gateway-{free_port()}"
        self.log = Log(place.program("gateway_log_writer"), f"{where}-log")
        place.stack.callback(self.log.end)
        self.log.tell("create chat", "in-service chat")
        for i, (port, most) in enumerate(servers):
            self.log.tell(f"ready chat {i + 1} 127.0.0.1:{port} pool-1 "
                          f"gpu.large {most}")
        self.gateway = Gateway(
            place.program("understudy-gateway"), str(where),
            ["--log", f"embedded:{where}-log"],
            ["daemon.publish=false", f"haproxy.threads={threads}"])
        place.stack.callback(self.end)
        self.gateway.start()
        self.port = self.gateway.port
        if not await_true(lambda: answers(self.port, self.path, "POST")):
            raise RuntimeError("the gateway does not serve")

    def worker(self):
        return children(self.gateway.haproxy_pid())[0]

    def end(self):
        if self.gateway.process.poll() is None:
            self.gateway.stop(signal.SIGTERM)
        self.gateway.end()
