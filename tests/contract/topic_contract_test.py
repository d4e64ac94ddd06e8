"""The contract of the topics in schemas/: valid, and what the code does.

    topic_contract_test.py SOURCE TOPIC_CONTRACT NODE_FOLDER
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(sys.argv[1])
PROGRAM = sys.argv[2]
SCHEMAS = SOURCE / "schemas"
VALIDATOR = SOURCE / "tests/contract/topic_contract.mjs"


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True)


def validated(packages, document):
    return run("node", str(VALIDATOR), packages, str(document))


def code_takes(value, kind="command"):
    ended = run(PROGRAM, kind, text=json.dumps(value))
    assert ended.returncode in (0, 1) and not ended.stderr, ended
    return ended.returncode == 0


def is_what_the_code_says():
    written = run(PROGRAM, "events").stdout
    kept = (SCHEMAS / "event_messages.json").read_text()
    assert written == kept, (
        "schemas/event_messages.json is not what the code does: write it anew "
        "with build/release/bin/topic_contract events")


def settings_are_those_of_the_topics(channels):
    topics = json.loads(run(PROGRAM, "topics").stdout)
    names = {channel["address"].removeprefix("understudy.")
             for channel in channels.values()}
    assert names == set(topics), names
    for channel in channels.values():
        name = channel["address"].removeprefix("understudy.")
        binding = channel["bindings"]["kafka"]
        assert binding["topic"] == channel["address"]
        for key, value in binding["topicConfiguration"].items():
            text = ",".join(value) if isinstance(value, list) else str(value)
            assert topics[name]["settings"][key] == text, (name, key)
        for key in topics[name]["settings"]:
            stated = key in binding["topicConfiguration"]
            # Those that the binding has no place for.
            assert stated or key in (
                "message.timestamp.type", "unclean.leader.election.enable",
                "segment.bytes"), (name, key)


def events_are_all_there(channels):
    kept = json.loads((SCHEMAS / "event_messages.json").read_text())
    listed = channels["events"]["messages"]
    assert set(listed) == set(kept), set(listed) ^ set(kept)
    for name, message in kept.items():
        assert message["examples"][0]["headers"]["ce_type"] == name


def commands_are_taken(channels):
    """The examples by the code; what it refuses, the contract does not allow.
    """
    examples = [one["payload"] for one in
                channels["commands"]["messages"]["command"]["examples"]]
    kinds = {kind for one in examples
             for kind in ("create", "update", "scale", "delete") if kind in one}
    assert len(kinds) == 4, kinds
    for example in examples:
        assert code_takes(example), example
        for key in example:
            bad = copy.deepcopy(example)
            del bad[key]
            assert not code_takes(bad), bad


def load_facts_are_taken(channels):
    examples = [example["payload"]
                for message in channels["load"]["messages"].values()
                for example in message["examples"]]
    assert {one["leaving"] for one in examples} == {False, True}
    for example in examples:
        assert code_takes(example, "load"), example
        assert code_takes({**example, "more": 1}, "load")
        assert not code_takes({**example, "made_us": "now"}, "load")
        assert not code_takes({**example, "gateway": ""}, "load")


def broken_ones_are_found(packages):
    """The validator and the examples are really looked at."""
    text = (SCHEMAS / "asyncapi.yaml").read_text()
    for old, new in (("partitions: 8", "partitions: 0"),
                     ("action: receive", "action: swallow"),
                     ("            delete: {}", "            delete: {x: 1}"),
                     ("scale: {variant: primary, desired: 6}",
                      "scale: {variant: primary, desired: -6}"),
                     ("            command: deploy-41\n", ""),
                     ("queued: 0", "queued: -1"),
                     ("instance: 1-1-0", "instance: one"),
                     ("endpoints: [], made_us", "endpoints: [{}], made_us"),
                     ("event_messages.json#/capacity-denied",
                      "event_messages.json#/capacity-lost")):
        assert old in text, old
        with tempfile.TemporaryDirectory() as folder:
            schemas = pathlib.Path(folder) / "schemas"
            schemas.mkdir()
            (pathlib.Path(folder) / "services").symlink_to(SOURCE / "services")
            for one in SCHEMAS.glob("event_*.json"):
                (schemas / one.name).symlink_to(one)
            (schemas / "asyncapi.yaml").write_text(text.replace(old, new, 1))
            ended = validated(packages, schemas / "asyncapi.yaml")
            assert ended.returncode == 1 and ended.stderr, (old, ended)


made = subprocess.run([str(SOURCE / "tests/support/node_packages"),
                       sys.argv[3]], stdout=subprocess.PIPE, text=True)
if made.returncode != 0:
    sys.exit(made.returncode)
the_packages = made.stdout.strip()
is_what_the_code_says()
checked = validated(the_packages, SCHEMAS / "asyncapi.yaml")
assert checked.returncode == 0, checked.stderr
the_channels = json.loads(checked.stdout)["channels"]
settings_are_those_of_the_topics(the_channels)
events_are_all_there(the_channels)
commands_are_taken(the_channels)
load_facts_are_taken(the_channels)
broken_ones_are_found(the_packages)
