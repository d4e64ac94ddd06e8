"""A proxy before a broker that can hold back what ends transactions, and can
answer as a broker does that does not know yet that it leads no more.

    with Proxy() as proxy:
        broker = Broker(source, settings=[proxy.setting])
        proxy.target = broker.port(1)
        held = proxy.hold_next_end()

The broker must say that it is where the proxy is, or clients go around it.
"""

import socket
import struct
import threading

PRODUCE, LIST_OFFSETS, END_TXN = 0, 2, 26
LATEST = struct.pack(">q", -1)


class Held:
    """One EndTxn that was stopped on its way."""

    def __init__(self):
        self.caught = threading.Event()
        self.sent = threading.Event()     # On to the broker at last.
        self.answered = threading.Event()
        self.during_produce = False


class Proxy:
    """For one broker; every connection has two threads."""

    def __init__(self, client_id="understudy"):
        self.client_id = client_id.encode()
        self.target = None
        self.lock = threading.Lock()
        self.wanted = None    # A Held that waits for an EndTxn.
        self.maturing = None  # One that waits for the middle of another.
        self.stale = (b"", 0, 0)  # Topic, answers to come, offsets too low.
        self.delivering = threading.Lock()
        self.sockets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._thread(self._accept)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        with self.lock:
            for one in self.sockets:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                one.close()

    @property
    def setting(self):
        return f"advertised.listeners=PLAINTEXT://127.0.0.1:{self.port}"

    def bootstrap(self, _=None):
        return f"127.0.0.1:{self.port}"

    def hold_next_end(self):
        """The next EndTxn goes nowhere until it is released."""
        with self.lock:
            self.wanted = Held()
            return self.wanted

    def release_in_the_middle(self, held):
        """It goes on when the next transaction has stored its first part:
        between two Produce requests of the client."""
        with self.lock:
            self.maturing = held

    def name_stale_ends(self, topic, answers, behind):
        """So many answers name ends of a topic that are `behind` too low."""
        with self.lock:
            self.stale = (topic.encode(), answers, behind)

    def takes_stale(self, frame):
        """By how much the answer to this question shall be too low."""
        with self.lock:
            topic, answers, behind = self.stale
            if answers == 0 or topic not in frame or frame[-8:] != LATEST:
                return 0
            self.stale = (topic, answers - 1, behind)
            return behind

    @staticmethod
    def _thread(work, *arguments):
        threading.Thread(target=work, args=arguments, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                broker = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                if self.listener.fileno() < 0:
                    return
                client.close()
                continue
            with self.lock:
                self.sockets += [client, broker]
            pair = Connection(self, client, broker)
            self._thread(pair.forth)
            self._thread(pair.back)


class Connection:
    """From one client to the broker and back, frame by frame."""

    def __init__(self, proxy, client, broker):
        self.proxy = proxy
        self.client = client
        self.broker = broker
        self.held = None
        self.held_id = None
        self.stale = {}  # Request to how much its answer is too low.
        self.release = threading.Event()
        self.produce_id = None
        self.produced = threading.Event()

    def forth(self):
        try:
            while True:
                frame = read_frame(self.client)
                if frame is None:
                    break
                self._pass(frame)
        except OSError:
            pass
        if self.held is None or self.held.answered.is_set():
            shut(self.broker)

    def back(self):
        try:
            while True:
                frame = read_frame(self.broker)
                if frame is None:
                    break
                answered = struct.unpack(">i", frame[4:8])[0]
                if self.held and answered == self.held_id:
                    self.held.answered.set()
                if answered == self.produce_id:
                    self.produced.set()
                behind = self.stale.pop(answered, 0)
                if behind:
                    # One partition was asked for; its offset comes last.
                    end = struct.unpack(">q", frame[-8:])[0]
                    frame = frame[:-8] + struct.pack(">q",
                                                     max(end - behind, 0))
                try:
                    self.client.sendall(frame)
                except OSError:
                    if self.held is None:
                        break
        except OSError:
            pass
        shut(self.client)

    def _pass(self, frame):
        kind, _, correlation, length = struct.unpack(">hhih", frame[4:14])
        if frame[14:14 + max(length, 0)] != self.proxy.client_id:
            self.broker.sendall(frame)
        elif kind == END_TXN and self._hold(frame, correlation):
            return
        elif kind == PRODUCE:
            self._produce(frame, correlation)
        elif kind == LIST_OFFSETS:
            self.stale[correlation] = self.proxy.takes_stale(frame)
            self.broker.sendall(frame)
        else:
            with self.proxy.delivering:
                self.broker.sendall(frame)

    def _hold(self, frame, correlation):
        """Whether it is the one that was to be held."""
        with self.proxy.lock:
            held, self.proxy.wanted = self.proxy.wanted, None
        if held is None:
            return False
        self.held, self.held_id = held, correlation
        held.frame, held.connection = frame, self
        held.caught.set()
        return True

    def _produce(self, frame, correlation):
        with self.proxy.delivering:
            self.produce_id = correlation
            self.produced.clear()
            self.broker.sendall(frame)
            with self.proxy.lock:
                held, self.proxy.maturing = self.proxy.maturing, None
            if held is None:
                return
            # The first part is stored; all else waits until the old end of a
            # transaction has been carried out.
            held.during_produce = self.produced.wait(10)
            held.connection.broker.sendall(held.frame)
            held.sent.set()
            held.answered.wait(10)


def read_frame(stream):
    """With its size before it; nothing at the end."""
    head = read_exactly(stream, 4)
    if head is None:
        return None
    body = read_exactly(stream, struct.unpack(">i", head)[0])
    return None if body is None else head + body


def read_exactly(stream, size):
    parts = []
    while size > 0:
        part = stream.recv(min(size, 1 << 16))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def shut(one):
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
