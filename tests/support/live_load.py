"""Clients that ask without a pause, and what came of each request."""

import collections
import http.client
import json
import threading
import time

from gateway import await_true

Answer = collections.namedtuple(
    "Answer", "status reason pool instance idempotent")


class LiveLoad:
    """Every second client keeps its connection, the others do not.

    service_ms: how long the instance takes, as it is asked in a header.
    idempotent: each request has a key of its own, so that it may be retried.
    patient: who finds nobody at the port comes again, and does not count it.
    """

    def __init__(self, ports, endpoint, clients=8, service_ms=20,
                 idempotent=False, patient=False):
        self.ports = list(ports)
        self.path = f"/endpoints/{endpoint}/invocations"
        self.service_ms = service_ms
        self.idempotent = idempotent
        self.patient = patient
        self.results = []
        self.refused = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.wanted = clients
        self.threads = [threading.Thread(target=self._run, args=(i,),
                                         daemon=True) for i in range(clients)]
        for one in self.threads:
            one.start()

    def _run(self, number):
        connection = None
        count = 0
        while not self.stopping.is_set():
            if number >= self.wanted:
                self.stopping.wait(0.05)
                continue
            connection = connection or http.client.HTTPConnection(
                "127.0.0.1", self.ports[number % len(self.ports)], timeout=60)
            count += 1
            answer = self._ask(connection, f"{id(self)}-{number}-{count}")
            if number % 2 == 0 or answer is None or answer.status != 200:
                connection.close()
                connection = None
            with self.lock:
                if answer is None:
                    self.refused += 1
                else:
                    self.results.append(answer)
            if answer is None:
                time.sleep(0.02)
        if connection:
            connection.close()

    def _ask(self, connection, key):
        headers = {"x-service-time-ms": str(self.service_ms)}
        if self.idempotent:
            headers["idempotency-key"] = key
        try:
            connection.request("POST", self.path, b"{}", headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except ConnectionRefusedError:
            if self.patient:
                return None
            return Answer("refused", "", None, None, self.idempotent)
        except (ConnectionError, http.client.HTTPException) as error:
            return Answer("closed", type(error).__name__, None, None,
                          self.idempotent)
        except OSError as error:
            return Answer(type(error).__name__, str(error), None, None,
                          self.idempotent)
        try:
            body = json.loads(text)
        except ValueError:
            body = {}
        return Answer(answer.status, body.get("reason", ""),
                      answer.getheader("x-understudy-pool"),
                      body.get("instance"), self.idempotent)

    def count(self):
        with self.lock:
            return len(self.results)

    def more(self, number=50, wait_s=60):
        """Waits until so many more have been answered."""
        goal = self.count() + number
        if not await_true(lambda: self.count() >= goal, wait_s):
            raise RuntimeError("the load stands still")
        return self

    def served_by(self, pool, since=0):
        with self.lock:
            return [one for one in self.results[since:] if one.pool == pool]

    def end(self):
        self.stopping.set()
        for one in self.threads:
            one.join(90)
        return self

    def failed(self):
        with self.lock:
            return [one for one in self.results if one.status != 200]
