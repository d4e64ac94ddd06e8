"""The load of the gateway's benchmark, in a process of its own.

    gateway_load.py open PORT PATH RATE SECONDS WARM_S SEED
    gateway_load.py closed PORT PATH CONNECTIONS     until its input ends

Open: requests come at RATE as chance has it, whether earlier ones were
answered or not, and each one's time begins when it was due: what waits is
not forgotten. Closed: each connection sends as soon as it has its answer.
Both print JSON.
"""

import asyncio
import json
import random
import sys
import time

BODY = b'{"prompt":"' + b"x" * 200 + b'"}'


class Client(asyncio.Protocol):
    """One connection; `told(client, status, body)` ends a request."""

    def __init__(self, told):
        self.told = told
        self.busy = False
        self.alive = False
        self.buffer = b""
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport
        self.alive = True

    def send(self, text):
        self.busy = True
        self.transport.write(text)

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].lower() + b"\r\n"
        begin = head.find(b"\r\ncontent-length:") + 17
        size = int(head[begin:head.find(b"\r\n", begin)]) if begin > 16 else 0
        if len(self.buffer) < end + 4 + size:
            return
        status = int(head[9:12])
        body = self.buffer[end + 4:end + 4 + size]
        self.buffer = self.buffer[end + 4 + size:]
        self.busy = False
        if b"\r\nconnection: close" in head:
            self.alive = False
            self.transport.close()
        self.told(self, status, body)

    def connection_lost(self, _):
        self.alive = False
        if self.busy:
            self.busy = False
            self.told(self, 0, b"")


class Load:
    def __init__(self, port, path):
        self.port = int(port)
        self.text = (f"POST {path} HTTP/1.1\r\nHost: benchmark\r\n"
                     "Content-Type: application/json\r\n"
                     f"Content-Length: {len(BODY)}\r\n\r\n").encode() + BODY

    async def connect(self, told):
        loop = asyncio.get_running_loop()
        try:
            return (await loop.create_connection(
                lambda: Client(told), "127.0.0.1", self.port))[1]
        except OSError:
            return None


class OpenLoad(Load):
    def __init__(self, port, path, rate, seconds, warm_s, seed):
        super().__init__(port, path)
        self.warm_s, self.seconds = float(warm_s), float(seconds)
        chance, at = random.Random(int(seed)), 0.0
        self.due = []
        while (at := at + chance.expovariate(float(rate))) < self.seconds:
            self.due.append(at)
        self.idle, self.under_way, self.answers = [], {}, []

    def told(self, client, status, _):
        due = self.under_way.pop(client)
        self.answers.append((due, status, time.monotonic() - self.begin - due))
        if client.alive:
            self.idle.append(client)

    async def one(self, due):
        while self.idle:
            client = self.idle.pop()
            if client.alive:
                break
        else:
            client = await self.connect(self.told)
        if client is None:
            self.answers.append((due, 0, 0))
            return
        self.under_way[client] = due
        client.send(self.text)

    async def run(self):
        self.begin = time.monotonic()
        tasks = set()
        for due in self.due:
            wait_s = self.begin + due - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            task = asyncio.create_task(self.one(due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        end = time.monotonic() + 15
        while (self.under_way or tasks) and time.monotonic() < end:
            await asyncio.sleep(0.005)
        lost = [(due, 0, 0) for due in self.under_way.values()]
        counted = [one for one in self.answers + lost if one[0] >= self.warm_s]
        statuses = {}
        for _, status, _ in counted:
            statuses[status] = statuses.get(status, 0) + 1
        ended = [due + took for due, status, took in self.answers
                 if status == 200]
        inside = [at for at in ended if self.warm_s <= at < self.seconds]
        print(json.dumps({
            "sent": len(counted), "statuses": statuses,
            "served_per_s": len(inside) / (self.seconds - self.warm_s),
            "latency_ms": [took * 1000 for _, status, took in counted
                           if status == 200]}))


class ClosedLoad(Load):
    """Tells of each request when it was sent, its status and who served."""

    def __init__(self, port, path, connections):
        super().__init__(port, path)
        self.connections = int(connections)
        self.answers, self.since, self.stopping = [], {}, False

    def told(self, client, status, body):
        try:
            instance = json.loads(body).get("instance", "")
        except ValueError:
            instance = ""
        self.answers.append((self.since[client], status, instance))
        if self.stopping:
            return
        if client.alive:
            self.begin(client)
        else:
            asyncio.get_running_loop().create_task(self.open())

    def begin(self, client):
        self.since[client] = time.time()
        client.send(self.text)

    async def open(self):
        client = await self.connect(self.told)
        if client:
            self.begin(client)

    async def run(self):
        for _ in range(self.connections):
            await self.open()
        while not self.answers:
            await asyncio.sleep(0.005)
        print("under way", flush=True)
        await asyncio.get_running_loop().run_in_executor(
            None, sys.stdin.read)
        self.stopping = True
        while any(client.busy for client in self.since):
            await asyncio.sleep(0.005)
        print(json.dumps(self.answers))


if __name__ == "__main__":
    kinds = {"open": OpenLoad, "closed": ClosedLoad}
    asyncio.run(kinds[sys.argv[1]](*sys.argv[2:]).run())
