"""The client examples of deploy/examples/kafka, on a broker and a daemon.

    kafka_clients_test.py SOURCE PYTHON_ENVIRONMENT UNDERSTUDYD UNDERSTUDY
                          FLATC NODE_FOLDER
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(sys.argv[1])
DAEMON, PROGRAM, FLATC, NODE = sys.argv[3:7]
sys.path.insert(0, str(SOURCE / "tests/support"))
from python_environment import inside  # noqa: E402

inside(SOURCE, sys.argv[2])
from confluent_kafka import Producer  # noqa: E402
from daemon import Daemon  # noqa: E402
from kafka import Broker  # noqa: E402
from kafka_topics import read_back  # noqa: E402

EXAMPLES = SOURCE / "deploy/examples/kafka"
TRACE = SOURCE / "deploy/scenarios/main.yaml"
WAIT_S = 240
PARTITIONS = 4

SPEC = {"variants": [{
    "name": "primary", "model": "m", "initial_count": 2,
    "provision_timeout_s": 1800,
    "pools": [{"instance_type": "a3-highgpu-1g", "zones": ["us-west1-b"],
               "market": "spot", "priority": 1, "max_concurrency": 8,
               "price_micros_per_hour": 2000000},
              {"name": "fallback", "instance_type": "a3-highgpu-1g",
               "zones": ["us-west1-a"], "market": "spot", "priority": 2,
               "max_concurrency": 8, "price_micros_per_hour": 3000000}]}]}


def run(*command, text=None, code=0, timeout=WAIT_S):
    ended = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True,
        timeout=timeout, **({"input": text} if text is not None else
                            {"stdin": subprocess.DEVNULL}))
    assert ended.returncode == code, (command, ended)
    return ended.stdout


def command(name, endpoint, **what):
    return json.dumps({"command": name, "endpoint": endpoint, **what})


def java(jars, program, *arguments, text=None):
    return run("java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:-UsePerfData",
               "-cp", f"{jars}/*", EXAMPLES / program, *arguments, text=text)


def events(kafka):
    """All that are there, as follow.py prints them, each run anew."""
    group = f"test-{time.monotonic_ns()}"
    said = run(sys.executable, "-B", EXAMPLES / "follow.py", kafka.bootstrap,
               "--group", group, "--end")
    return [json.loads(line) for line in said.splitlines()]


def await_event(kafka, wanted, **attributes):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        for event in events(kafka):
            if (wanted in (None, event["type"]) and
                    attributes.items() <= event.items()):
                return event
    raise AssertionError(f"no {wanted} {attributes}")


def publishing(kafka, jars):
    """From three languages, each to another endpoint, then outcomes."""
    publish = EXAMPLES / "publish.py"
    said = run(sys.executable, "-B", publish, kafka.bootstrap,
               text=command("py-1", "from-python", create={"spec": SPEC}))
    assert json.loads(said)["type"] in ("command-accepted",
                                        "endpoint-created"), said
    said = run(sys.executable, "-B", publish, kafka.bootstrap, code=1,
               text=command("py-2", "from-python",
                            scale={"variant": "none", "desired": 1}))
    refused = json.loads(said)
    assert refused["type"] == "command-refused", said
    assert refused["data"]["command"] == "py-2", said
    run(EXAMPLES / "publish.sh", kafka.bootstrap, "from-kcat",
        text=command("kcat-1", "from-kcat", create={"spec": SPEC}))
    made = await_event(kafka, "endpoint-created", subject="endpoint/from-kcat")
    assert made["command"] == "kcat-1" and made["authid"], made
    java(jars, "Publish.java", kafka.bootstrap, "from-java",
         text=command("java-1", "from-java", create={"spec": SPEC}))
    await_event(kafka, "endpoint-created", subject="endpoint/from-java",
                command="java-1")
    for name in ("from-python", "from-kcat", "from-java"):
        await_event(kafka, "endpoint-in-service", subject=f"endpoint/{name}")


def flatbuffers(kafka):
    """Commands in both forms are the same command."""
    def publish(text, code=0):
        said = run(sys.executable, "-B", EXAMPLES / "publish_flatbuffer.py",
                   kafka.bootstrap, generated, text=text, code=code)
        return json.loads(said)

    spec = {"variants": [{
        **SPEC["variants"][0],
        "health": {"probe_interval_ms": 2000, "ping_path": "/ping"},
        "scaling": {"enabled": False, "min_count": 1, "max_count": 3,
                    "targets": [{"metric": "weighted-utilisation",
                                 "target_milli": 600}]},
        "environment": [{"name": "A", "value": "b"}]}]}
    with tempfile.TemporaryDirectory() as generated:
        run(FLATC, "--python", "-o", generated, SOURCE / "schemas/command.fbs")
        made = publish(command("fb-1", "from-buffer", create={"spec": spec}))
        assert made["type"] == "endpoint-created", made
        again = run(sys.executable, "-B", EXAMPLES / "publish.py",
                    kafka.bootstrap, text=command(
                        "fb-2", "from-text", create={"spec": spec}))
        told = json.loads(again)["data"]["spec"]
        assert made["data"]["spec"] == {**told, "name": "from-buffer"}, made
        publish(command("fb-3", "from-buffer",
                        scale={"variant": "primary", "desired": 3}))
        await_event(kafka, None, command="fb-3", subject="endpoint/from-buffer")
        refused = publish(command("fb-4", "from-buffer", scale={
            "variant": "none", "desired": 1}), code=1)
        assert refused["data"]["command"] == "fb-4", refused
        publish(command("fb-5", "from-buffer", delete={}))
    # What only says that it is one is put aside.
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    producer.produce("understudy.commands", b'{"command": "x"}', "from-buffer",
                     headers={"content-type": "application/"
                              "vnd.understudy.command+flatbuffers"})
    assert producer.flush(60) == 0
    aside = await_letter(kafka)
    assert aside["dead-letter-reason"] == "unreadable", aside


def await_letter(kafka):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        for part in read_back(kafka.client(), "understudy.dead-letter"):
            for one in part:
                return one.headers
    raise AssertionError("no dead letter")


def astray(kafka):
    """In whatever partition a command arrives, it is handled once."""
    for partition in range(PARTITIONS):
        what = ({"create": {"spec": SPEC}} if partition == 0 else
                {"scale": {"variant": "primary", "desired": 2 + partition}})
        subprocess.run(
            ["kcat", "-q", "-P", "-b", kafka.bootstrap, "-t",
             "understudy.commands", "-k", "astray", "-p", str(partition)],
            input=command(f"astray-{partition}", "astray", **what), text=True,
            check=True)
        caused = await_event(kafka, None, command=f"astray-{partition}")
        assert caused["type"] != "command-refused", caused
    # The same endpoint has one home, and each command one outcome.
    caused = [event for event in events(kafka)
              if event.get("command", "").startswith("astray-")]
    assert len(caused) == PARTITIONS, caused
    assert len({event["source"] for event in caused}) == 1, caused
    homes = {event["id"].split(":")[0] for event in caused}
    assert len(homes) == 1, caused


def following(kafka):
    """kcat sees the same events as Python does, each once."""
    seen = events(kafka)
    told = run(EXAMPLES / "follow.sh", kafka.bootstrap, "-e")
    for event in seen:
        assert f"ce_id={event['id']}," in told, event
    ids = [(event["source"], event["id"]) for event in seen]
    assert len(set(ids)) == len(ids), "an event twice"
    created = [event["subject"] for event in seen
               if event["type"] == "endpoint-created"]
    assert sorted(created) == sorted(set(created)), created


def contract(kafka):
    """Every message on the topic is as schemas/asyncapi.yaml says."""
    packages = run(SOURCE / "tests/support/node_packages", NODE,
                   timeout=900).strip()
    messages = []
    for event in events(kafka):
        data = event.pop("data")
        kind = event.pop("datacontenttype")
        messages.append({
            "name": event["type"], "payload": data,
            "headers": {"content-type": kind, **{
                f"ce_{name}": value for name, value in event.items()}}})
    assert messages
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(messages, file)
        file.flush()
        run("node", SOURCE / "tests/contract/topic_contract.mjs", packages,
            SOURCE / "schemas/asyncapi.yaml", file.name)


def journal(kafka):
    """Its FlatBuffers in Python, one to one with the events."""
    with tempfile.TemporaryDirectory() as generated:
        run(FLATC, "--python", "-o", generated,
            *sorted((SOURCE / "schemas").glob("*.fbs")))
        said = run(sys.executable, "-B", EXAMPLES / "read_journal.py",
                   kafka.bootstrap, generated)
    records = {line["position"]: line
               for line in map(json.loads, said.splitlines())}
    told = {event["id"]: event for event in events(kafka)}
    common = set(records) & set(told)
    # The daemon goes on between the two readings.
    assert len(common) == min(len(records), len(told)) > 0
    for position in common:
        assert records[position]["type"] == told[position]["type"]
        assert records[position]["stream"] == told[position]["subject"]
        table = re.sub(r"(?<!^)([A-Z])", r"-\1", records[position]["table"])
        assert table.split("_")[-1].lower().lstrip("-") == (
            records[position]["type"]), records[position]


def table(kafka, jars):
    """A Java job on the events: what fell back, and what is gone again."""
    run(EXAMPLES / "publish.sh", kafka.bootstrap, "nowhere",
        text=command("n-1", "nowhere", create={"spec": {"variants": [{
            **SPEC["variants"][0],
            "pools": [{"name": "first", "instance_type": "no-such",
                       "zones": ["us-west1-b"], "market": "spot",
                       "priority": 1},
                      {**SPEC["variants"][0]["pools"][1],
                       "name": "second"}]}]}}))
    await_event(kafka, "endpoint-in-service", subject="endpoint/nowhere")
    said = java(jars, "Fallbacks.java", kafka.bootstrap, "--end")
    assert "nowhere={second=2}" in said.splitlines()[-1], said
    run(EXAMPLES / "publish.sh", kafka.bootstrap, "nowhere",
        text=command("n-2", "nowhere", delete={}))
    await_event(kafka, "endpoint-deleted", subject="endpoint/nowhere")
    said = java(jars, "Fallbacks.java", kafka.bootstrap, "--end")
    assert "nowhere" not in said.splitlines()[-1], said


the_jars = run(SOURCE / "deploy/kafka/fetch", timeout=900).strip()
with Broker(SOURCE) as the_broker:
    run(PROGRAM, "topics", "create", "--log", the_broker.address,
        "--partitions", str(PARTITIONS))
    the_daemon = Daemon(DAEMON, the_broker.address, TRACE, ["clock.speed=60"])
    the_daemon.start(WAIT_S)
    try:
        the_daemon.await_ready(WAIT_S)
        publishing(the_broker, the_jars)
        print("publishing: ok", flush=True)
        for story in (flatbuffers, astray, following, contract, journal):
            story(the_broker)
            print(f"{story.__name__}: ok", flush=True)
        table(the_broker, the_jars)
        print("table: ok", flush=True)
    except BaseException:
        the_daemon.end()
        print("".join(the_daemon.lines[-30:]), file=sys.stderr)
        raise
    assert the_daemon.stop(WAIT_S) == 0, the_daemon.lines[-5:]
