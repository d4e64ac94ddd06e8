"""What clients were told against what the topics of a log hold.

    checker = Checker(client, prefix)      # reads all topics back
    checker.check(acknowledged, answers, unreadable)

Everything that is not as it must be is a line in `checker.faults`; none of
them stops the others from being looked for.
"""

import collections
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from kafka_topics import home_of, parse, read_back  # noqa: E402

# A command that a client was told is stored.
Acknowledged = collections.namedtuple(
    "Acknowledged", "command endpoint partition offset")
# What a daemon answered: accepted or the reason, and the position if any.
Answer = collections.namedtuple("Answer", "command endpoint reason position")
# A record of the journal that counts.
Entry = collections.namedtuple("Entry", "sequence message")


def number(headers, name):
    try:
        return int(headers.get(name, ""))
    except ValueError:
        return None


def position(text):
    partition, _, rest = text.partition(":")
    return int(partition), int(rest)


class Checker:
    """One reading of a log, judged."""

    def __init__(self, client, prefix):
        # What a record tells of is read after it, or it might be missing.
        read = {kind: read_back(client, f"{prefix}.{kind}")
                for kind in ("journal", "events", "dead-letter", "commands")}
        self.commands = read["commands"]
        self.dead = [one for part in read["dead-letter"] for one in part]
        self.events = read["events"]
        self.partitions = len(read["journal"])
        self.faults = []
        self.voided = 0
        self.claims = 0
        self.decided = collections.defaultdict(list)  # (endpoint, id)
        self.journal = [self._journal(messages)
                        for messages in read["journal"]]

    def fault(self, text):
        self.faults.append(text)

    def check(self, acknowledged=(), answers=(), unreadable=()):
        """The whole of it; true when nothing is wrong.

        unreadable: (partition, offset) of each message that is no command.
        """
        self.unreadable = set(unreadable)
        self._streams()
        self._events()
        self._sources()
        self._forwarded()
        self._acknowledged(acknowledged)
        self._answers(answers)
        self._dead_letters()
        self._launches()
        return not self.faults

    # --- the journal alone ---------------------------------------------------

    def _journal(self, messages):
        """The records that count of one partition."""
        entries, epoch, following = [], 0, 1
        for message in messages:
            where = f"journal {message.partition}:{message.offset}"
            if message.headers.get("understudy-kind") == "barrier":
                continue
            own = number(message.headers, "epoch")
            sequence = number(message.headers, "sequence")
            kind = message.headers.get("understudy-kind", "")
            if own is None or sequence is None:
                self.fault(f"{where}: no epoch or no sequence")
                continue
            if own < epoch:
                self.voided += 1
                continue
            if sequence != following:
                self.fault(f"{where}: {kind or 'record'} {sequence}, expected "
                           f"{following}")
            if kind == "claim":
                self.claims += 1
                if own <= epoch:
                    self.fault(f"{where}: epoch {own} claimed twice")
            elif kind == "" and own != epoch:
                self.fault(f"{where}: epoch {own} was never claimed")
            epoch = own
            if kind == "":
                following = sequence + 1
                entries.append(Entry(sequence, message))
                self._note_decision(message, own, where)
            else:
                following = sequence
        return entries

    def _note_decision(self, message, epoch, where):
        headers = message.headers
        if number(headers, "ce_epoch") != epoch:
            self.fault(f"{where}: ce_epoch {headers.get('ce_epoch')}")
        if "ce_command" in headers:
            endpoint = (message.key or b"").decode()
            self.decided[endpoint, headers["ce_command"]].append(message)

    def _streams(self):
        for entries in self.journal:
            versions = collections.Counter()
            for _, message in entries:
                stream = message.headers.get("ce_subject")
                versions[stream] += 1
                found = number(message.headers, "ce_streamversion")
                if found != versions[stream]:
                    self.fault(f"{stream}: version {found}, expected "
                               f"{versions[stream]}, at journal "
                               f"{message.partition}:{message.offset}")
                    versions[stream] = found or 0

    # --- journal and events --------------------------------------------------

    def _events(self):
        for partition, entries in enumerate(self.journal):
            wanted = [f"{partition}:{one.sequence}" for one in entries]
            events = self.events[partition]
            found = [one.headers.get("ce_journalposition") for one in events]
            # Some may have come since the journal was read.
            wanted += [f"{partition}:{at}" for at in
                       range(len(wanted) + 1, len(found) + 1)]
            if found != wanted:
                at = next((i for i, (a, b) in enumerate(zip(found, wanted))
                           if a != b), min(len(found), len(wanted)))
                self.fault(
                    f"events {partition}: {len(found)} for {len(wanted)} "
                    f"records; number {at} is {found[at:at + 1]}, expected "
                    f"{wanted[at:at + 1]}")
                continue
            for entry, event in zip(entries, events):
                self._event(entry.message, event)

    def _event(self, record, event):
        where = f"events {event.partition}:{event.offset}"
        if record.key != event.key or parse(event.value) is None:
            self.fault(f"{where}: key {event.key}, value {event.value[:80]}")
        for name, value in record.headers.items():
            if name.startswith("ce_") and event.headers.get(name) != value:
                self.fault(f"{where}: {name} is {event.headers.get(name)}, "
                           f"in the journal {value}")

    # --- commands ------------------------------------------------------------

    def _command_at(self, partition, offset):
        for message in self.commands[partition]:
            if message.offset == offset:
                return message
        return None

    def _sources(self):
        """Every decision names the command that it answers, once."""
        named = collections.Counter()
        at = {(m.partition, m.offset): m
              for part in self.commands for m in part}
        for (endpoint, command), messages in self.decided.items():
            for message in messages:
                text = message.headers.get("command")
                if text is None:
                    self.fault(f"{command} of {endpoint}: decided without a "
                               f"source at {message.partition}:"
                               f"{message.offset}")
                    continue
                named[text] += 1
                source = at.get(position(text))
                body = parse(source.value) if source else None
                if body is None or (body.get("endpoint"),
                                    body.get("command")) != (endpoint,
                                                             command):
                    self.fault(f"{command} of {endpoint}: its source {text} "
                               f"is {source and source.value[:120]}")
        for text, count in named.items():
            if count > 1:
                self.fault(f"command {text}: {count} decisions name it")

    def _forwarded(self):
        """What is not at home is sent home: once, and in its order."""
        sent = collections.defaultdict(list)
        for part in self.commands:
            for message in part:
                source = message.headers.get("forwarded-from")
                if source:
                    sent[message.partition, position(source)[0]].append(
                        position(source)[1])
        wanted = collections.defaultdict(list)
        for part in self.commands:
            for message in part:
                body = parse(message.value)
                if (body is None or "forwarded-from" in message.headers or
                        message[1:3] in self.unreadable):
                    continue
                home = home_of(str(body.get("endpoint")), self.partitions)
                if home != message.partition:
                    wanted[home, message.partition].append(message.offset)
        for pair in sorted(set(sent) | set(wanted)):
            if sent[pair] != wanted[pair]:
                extra = collections.Counter(sent[pair])
                extra.subtract(wanted[pair])
                wrong = {at: n for at, n in extra.items() if n}
                self.fault(f"forwarded from {pair[1]} to {pair[0]}: by offset "
                           f"too often or too seldom {wrong or 'none'}, else "
                           "out of order")

    def _acknowledged(self, acknowledged):
        at = {(m.partition, m.offset): m
              for part in self.commands for m in part}
        for one in acknowledged:
            message = at.get((one.partition, one.offset))
            if message is None:
                self.fault(f"{one.command}: acknowledged at {one.partition}:"
                           f"{one.offset}, not there")
            elif (parse(message.value) or {}).get("command") != one.command:
                self.fault(f"{one.command}: another command is at "
                           f"{one.partition}:{one.offset}")
            count = len(self.decided.get((one.endpoint, one.command), []))
            if count == 0:
                self.fault(f"{one.command} of {one.endpoint}: acknowledged at "
                           f"{one.partition}:{one.offset}, never decided")
        for (endpoint, command), messages in self.decided.items():
            if len(messages) > 1:
                places = [f"{m.partition}:{m.headers['sequence']}"
                          for m in messages]
                self.fault(f"{command} of {endpoint}: decided at {places}")

    def _answers(self, answers):
        """What a daemon answered is what the log says."""
        for one in answers:
            messages = self.decided.get((one.endpoint, one.command))
            if not messages:
                self.fault(f"{one.command} of {one.endpoint}: answered "
                           f"{one.reason or 'accepted'}, never decided")
                continue
            first = messages[0]
            refused = first.headers.get("ce_type") == "command-refused"
            if refused != bool(one.reason):
                self.fault(f"{one.command} of {one.endpoint}: answered "
                           f"{one.reason or 'accepted'}, the log has "
                           f"{first.headers.get('ce_type')}")
            if one.position:
                self._position(one, first)

    def _position(self, answer, first):
        """The last record of the decision."""
        partition, sequence = position(answer.position)
        entries = self.journal[partition]
        if partition != first.partition or sequence > len(entries):
            self.fault(f"{answer.command}: answered position "
                       f"{answer.position}, decided at {first.partition}:"
                       f"{first.headers['sequence']}")
            return
        last = entries[sequence - 1].message.headers
        begun = last.get("ce_decision", last.get("ce_id"))
        if begun != first.headers.get("ce_id"):
            self.fault(f"{answer.command}: position {answer.position} belongs "
                       f"to {begun}, not to {first.headers.get('ce_id')}")

    # --- the rest ------------------------------------------------------------

    def _dead_letters(self):
        found = collections.Counter(
            one.headers.get("dead-letter-position") for one in self.dead)
        wanted = collections.Counter(f"{p}:{o}" for p, o in self.unreadable)
        if found != wanted:
            self.fault(f"dead letters: missing {dict(wanted - found)}, "
                       f"too many {dict(found - wanted)}")
        for one in self.dead:
            source = self._command_at(*position(
                one.headers.get("dead-letter-position", "0:-1")))
            if source is None or source.value != one.value:
                self.fault(f"dead letter {one.partition}:{one.offset}: not "
                           "the bytes that were put aside")

    def _launches(self):
        """Each attempt is begun once and launches once."""
        for kind in ("launch-attempted", "instance-launched"):
            seen = collections.Counter()
            for part in self.events:
                for event in part:
                    if event.headers.get("ce_type") == kind:
                        data = parse(event.value) or {}
                        seen[event.headers["ce_subject"],
                             *(str(data.get(name)) for name in
                               ("operation", "request", "attempt"))] += 1
            for token, count in seen.items():
                if count > 1:
                    self.fault(f"{kind} {token}: {count} times")

    def summary(self):
        records = sum(len(entries) for entries in self.journal)
        return (f"{sum(map(len, self.commands))} commands, "
                f"{len(self.decided)} decided, {records} records, "
                f"{self.claims} claims, {self.voided} void, "
                f"{len(self.dead)} dead letters")
