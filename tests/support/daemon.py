"""A daemon under test: started on a free port, ended by its process id."""

import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request


class Daemon:
    """One life of understudyd after the other on the same log."""

    def __init__(self, program, log, capacity, settings=(), environment=None):
        if not str(log).startswith("kafka:"):
            log = f"embedded:{log}"
        if not str(capacity).startswith("process:"):
            capacity = f"simulated:{capacity}"
        self.command = [program, "--log", str(log), "--capacity", capacity,
                        "--listen", "127.0.0.1:0"]
        for pair in settings:
            self.command += ["--set", pair]
        self.environment = environment
        self.process = None
        self.port = None
        self.lines = []

    def start(self, wait_s=180):
        """Starts it and waits until it listens."""
        self.port = None
        self.process = subprocess.Popen(
            self.command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            env=self.environment, text=True)
        listening = threading.Event()
        self.reader = threading.Thread(
            target=self._read, args=(self.process, listening), daemon=True)
        self.reader.start()
        if not listening.wait(wait_s) or self.port is None:
            self.process.kill()
            self.process.wait()
            raise RuntimeError("no daemon: " + "".join(self.lines[-5:]))
        return self

    def _read(self, process, listening):
        for line in process.stderr:
            self.lines.append(line)
            found = re.search(r"info listening address=.*\bport=(\d+)", line)
            if found:
                self.port = int(found.group(1))
                listening.set()
        listening.set()
        process.stderr.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join()

    def stop(self, wait_s=60):
        """SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(wait_s)
        self.reader.join()
        return code

    def end(self):
        """Whatever state it is in."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def request(self, path, body=None, timeout_s=30, headers=None):
        """Status, parsed body and headers; a problem is no exception."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data,
                                         headers=headers or {})
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:
                status, text = answer.status, answer.read()
                fields = answer.headers
        except urllib.error.HTTPError as problem:
            status, text = problem.code, problem.read()
            fields = problem.headers
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = text.decode(errors="replace")
        return status, parsed, fields

    def await_ready(self, wait_s=180):
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            try:
                if self.request("/readyz")[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                raise RuntimeError("ended: " + "".join(self.lines[-5:]))
            time.sleep(0.02)
        raise RuntimeError("not ready: " + "".join(self.lines[-5:]))


def endpoint(name, pools, count=1, timeout_s=1800):
    """A specification; pools are (instance type, zones, market, priority)."""
    return {"name": name, "variants": [{
        "initial_count": count, "provision_timeout_s": timeout_s,
        "pools": [{"name": f"pool-{i + 1}", "instance_type": kind,
                   "zones": zones, "market": market, "priority": priority,
                   "max_concurrency": 8, "price_micros_per_hour": 1000000}
                  for i, (kind, zones, market, priority)
                  in enumerate(pools)]}]}


def temporary_root():
    """Where a test makes its directories."""
    return os.environ.get("TMPDIR", "/tmp")
