"""A gateway under test, the log that it follows, and instances for it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def await_true(what, wait_s=30.0):
    """Waits until what() is true; its last value."""
    end = time.monotonic() + wait_s
    while True:
        value = what()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.02)


class Log:
    """Told line by line; each line is durable when it returns."""

    def __init__(self, writer, directory):
        self.process = subprocess.Popen(
            [writer, directory], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)

    def tell(self, *lines):
        for line in lines:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            if self.process.stdout.readline() != "ok\n":
                raise RuntimeError("not written: " + line)

    def ready(self, endpoint, number, instance, most=8, pool="pool-1",
              kind="gpu.large"):
        self.tell(f"ready {endpoint} {number} {instance.address} {pool} "
                  f"{kind} {most}")

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)


class Instance:
    """A small model server; what it does stands in the request's headers."""

    def __init__(self):
        self.served = 0
        self.in_flight = 0
        self.most = 0
        self.lock = threading.Lock()
        instance = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                instance.serve(self)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever,
                                       args=(0.05,), daemon=True)
        self.thread.start()

    def serve(self, handler):
        with self.lock:
            self.in_flight += 1
            self.most = max(self.most, self.in_flight)
        try:
            size = 0
            length = int(handler.headers.get("content-length") or 0)
            while size < length:
                size += len(handler.rfile.read(min(65536, length - size)))
            time.sleep(float(handler.headers.get("x-sleep") or 0))
            if handler.headers.get("x-die"):
                handler.close_connection = True
                return
            if handler.headers.get("x-stream"):
                return self.stream(handler)
            if handler.headers.get("x-bytes"):
                return self.much(handler, int(handler.headers["x-bytes"]))
            body = json.dumps({
                "path": handler.path, "size": size,
                "authorization": handler.headers.get("authorization"),
                "server": self.address}).encode()
            handler.send_response(200)
            handler.send_header("content-type", "application/json")
            handler.send_header("content-length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        finally:
            with self.lock:
                self.in_flight -= 1
                self.served += 1

    @staticmethod
    def much(handler, size):
        handler.send_response(200)
        handler.send_header("content-length", str(size))
        handler.end_headers()
        handler.wfile.write(bytes(size))

    @staticmethod
    def stream(handler):
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for i in range(5):
            piece = b"data: %d\n\n" % i
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            handler.wfile.flush()
            time.sleep(0.2)
        handler.wfile.write(b"0\r\n\r\n")

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class Gateway:
    """One life of understudy-gateway after the other."""

    def __init__(self, program, directory, follow, settings=(), port=None):
        self.directory = directory
        self.port = port or free_port()
        self.command = [program, "--directory", directory, "--listen",
                        f"127.0.0.1:{self.port}", "--status-listen",
                        "127.0.0.1:0", *follow, "--set",
                        "request.timeout_ms=60000"]
        for pair in settings:
            self.command += ["--set", pair]
        self.process = None
        self.lines = []

    def start(self, ready=True, wait_s=60):
        self.status_port = None
        self.lines.append("--- start\n")
        self.process = subprocess.Popen(
            self.command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            text=True)
        self.reader = threading.Thread(target=self._read, daemon=True,
                                       args=(self.process,))
        self.reader.start()
        if ready and not await_true(
                lambda: self.process.poll() is not None or
                self.status("/readyz")[0] == 200, wait_s):
            raise RuntimeError("not ready: " + "".join(self.lines))
        if ready and self.process.poll() is not None:
            raise RuntimeError("ended: " + "".join(self.lines))
        return self

    def _read(self, process):
        for line in process.stderr:
            self.lines.append(line)
            found = re.search(r"\bstatus_port=(\d+)", line)
            if found:
                self.status_port = int(found.group(1))
        process.stderr.close()

    def status(self, path):
        if self.status_port is None:
            return 0, ""
        try:
            return call(self.status_port, "GET", path)[:2]
        except OSError:
            return 0, ""

    def counted(self):
        """Requests that its metrics tell of, in this life."""
        return sum(float(line.split()[-1])
                   for line in self.status("/metrics")[1].splitlines()
                   if line.startswith("understudy_gateway_requests_total{"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, how=signal.SIGTERM, wait_s=60):
        self.process.send_signal(how)
        return self.process.wait(wait_s)

    def haproxy_pid(self):
        try:
            with open(os.path.join(self.directory, "haproxy.pid")) as file:
                pid = int(file.readline())
            with open(f"/proc/{pid}/stat") as file:
                name, state = file.read().split("(", 1)[1].rsplit(") ", 1)
            alive = name.startswith("haproxy") and state[0] not in "ZX"
            return pid if alive else None
        except (OSError, ValueError):
            return None

    def kill_haproxy(self):
        """Its master and all its workers, by their ids."""
        master = self.haproxy_pid()
        for pid in [master, *children(master)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def end(self):
        """Whatever state it is in."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.haproxy_pid():
            self.kill_haproxy()

    def invoke(self, endpoint, headers=None, body=b"x", timeout_s=30):
        """Status, text, headers (names in lower case)."""
        return call(self.port, "POST", f"/endpoints/{endpoint}/invocations",
                    body, headers, timeout_s)

    def ask_haproxy(self, command):
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(os.path.join(self.directory, "haproxy.sock"))
            one.sendall(command.encode() + b"\n")
            text = b""
            while piece := one.recv(65536):
                text += piece
        return text.decode()


def children(pid):
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid:
                found.append(int(name))
        except (OSError, IndexError):
            pass
    return found


def call(port, method, path, body=None, headers=None, timeout_s=30):
    connection = http.client.HTTPConnection("127.0.0.1", port,
                                            timeout=timeout_s)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        return (answer.status, text,
                {k.lower(): v for k, v in answer.getheaders()})
    finally:
        connection.close()


class Load:
    """Requests without a pause from several threads; what came of them."""

    def __init__(self, gateway, endpoint, threads=8, sleep_s=0.01,
                 retry_refused_connections=False):
        self.results = []
        self.retry = retry_refused_connections
        self.stopping = False
        self.lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self._run, daemon=True,
                             args=(gateway, endpoint, sleep_s))
            for _ in range(threads)]
        for one in self.threads:
            one.start()

    def _run(self, gateway, endpoint, sleep_s):
        while not self.stopping:
            try:
                status = gateway.invoke(endpoint, {"x-sleep": str(sleep_s)})[0]
            except ConnectionRefusedError:
                if self.retry:
                    time.sleep(0.02)
                    continue
                status = "refused"
            except OSError as error:
                status = type(error).__name__
            except http.client.HTTPException as error:
                status = type(error).__name__
            with self.lock:
                self.results.append(status)

    def count(self):
        with self.lock:
            return len(self.results)

    def more(self, number, wait_s=30):
        """Waits until so many more are done."""
        goal = self.count() + number
        if not await_true(lambda: self.count() >= goal, wait_s):
            raise RuntimeError("the load stands still")

    def end(self):
        self.stopping = True
        for one in self.threads:
            one.join(60)
        return self.results

    def failed(self):
        return [one for one in self.results if one != 200]
