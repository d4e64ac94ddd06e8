"""How long the control plane takes, from the instants in its log."""

import json
import pathlib
import subprocess
import sys
import time
from datetime import datetime

from gateway_rivals import HERE, at_share

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from gateway import Gateway, await_true  # noqa: E402
from process_fleet import ProcessFleet  # noqa: E402


def instant_s(event):
    return datetime.fromisoformat(event["time"]).timestamp()


def all_events(fleet, *types):
    found, after = [], "0:0"
    while True:
        status, answer, _ = fleet.daemon.request(
            f"/v1/events?after={after}&limit=1000&type=" + ",".join(types))
        if status != 200:
            raise RuntimeError(f"events: {answer}")
        if not answer["items"]:
            return found
        found += answer["items"]
        after = found[-1]["id"]


def show(what, delays_s):
    if not delays_s:
        print(f"  {what:44} none seen")
        return
    ms = [1000 * one for one in delays_s]
    print(f"  {what:44} {at_share(ms, 0.5):8.1f} {at_share(ms, 0.99):8.1f} "
          f"{max(ms):8.1f} {len(ms):8d}")


def refusals(fleet, count):
    """Endpoints one after another, whose first pool is closed. The call is
    seen in the provider: when it wrote down what it is about to start."""
    fleet.cli("capacity", "close", "good/local/on-demand")
    called = {}
    for i in range(count):
        name = f"fall-{i}"
        fleet.create(name, ["good", "other"], 1)
        one = fleet.await_that("launched",
                               lambda: fleet.instances(name))[0]
        key = one["provider_ref"].removeprefix("process:").split("-")[0]
        call = fleet.directory / "calls" / key / "call"
        called[name] = call.stat().st_mtime
        fleet.command(name, delete={})
    fleet.cli("capacity", "open", "good/local/on-demand")
    refused, granted = {}, {}
    for event in all_events(fleet, "launch-refused", "instance-launched"):
        kind = refused if event["type"] == "launch-refused" else granted
        kind[event["subject"].split("/")[1]] = instant_s(event)
    # The kernel's clock of files goes in steps and may be a step behind.
    show("refusal to the next launch call",
         [max(called[name] - refused[name], 0) for name in called])
    show("refusal to the next pool's instance launched",
         [granted[name] - refused[name] for name in called])


class Watched:
    """A closed load that tells which instance served which request."""

    def __init__(self, port, connections):
        self.process = subprocess.Popen(
            [sys.executable, "-B", HERE / "gateway_load.py", "closed",
             str(port), "/endpoints/chat/invocations", str(connections)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "under way\n":
            self.stop()
            raise RuntimeError("no load")

    def end(self):
        return json.loads(self.process.communicate(timeout=60)[0])

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def waves(fleet, gateway, count):
    """Ten instances come and go at a time, under load."""
    fleet.create("chat", ["other"], 2)
    fleet.await_ready("chat", 2)
    if not await_true(lambda: gateway.invoke("chat")[0] == 200):
        raise RuntimeError("the gateway does not serve")
    load = Watched(gateway.port, 16)
    try:
        for _ in range((count + 9) // 10):
            for desired in (12, 2):
                fleet.command("chat", scale={"variant": "primary",
                                             "desired": desired})
                fleet.await_ready("chat", desired)
                # For the first and the last requests to come.
                time.sleep(0.7)
        answers = load.end()
    finally:
        load.stop()
    first, last = {}, {}
    for sent, _, instance in answers:
        first.setdefault(instance, sent)
        last[instance] = sent
    show_waves(fleet, answers, first, last)


def show_waves(fleet, answers, first, last):
    names, ready, draining = {}, {}, {}
    for event in all_events(fleet, "instance-registered", "instance-ready",
                            "instance-draining"):
        subject = event["subject"]
        if not subject.startswith("instance/chat/"):
            continue
        if event["type"] == "instance-registered":
            names[subject] = event["data"]["provider_ref"]
        elif event["type"] == "instance-ready":
            ready[names[subject]] = instant_s(event)
        else:
            draining[names[subject]] = instant_s(event)
    begin = answers[0][0]
    show("ready to the first request routed",
         [max(first[one] - at, 0) for one, at in ready.items()
          if at > begin and one in first])
    missing = [one for one, at in ready.items()
               if at > begin and one not in first]
    show("drain decision to the last request routed",
         [max(last[one] - at, 0) for one, at in draining.items()
          if one in last])
    bad = [one for one in answers if one[1] != 200]
    print(f"  {len(answers)} requests meanwhile, {len(bad)} of them failed; "
          f"{len(missing)} instances got none")


def run(place, options):
    count = 10 if options.short else 60
    fleet = ProcessFleet(place.program("understudyd"),
                         place.program("understudy"),
                         place.program("understudy-model-server"),
                         place.directory)
    place.stack.callback(fleet.close_down)
    fleet.offer("good", 4)
    fleet.offer("other", 150, "--service-time-ms", "10")
    fleet.start()
    print(f"\nTimings with the daemon, its processes and the gateway beside "
          f"it\n  {'':44} p50 ms   p99 ms   longest    times")
    refusals(fleet, count)
    gateway = Gateway(place.program("understudy-gateway"),
                      str(place.directory / "gateway"),
                      ["--server", fleet.daemon.url])
    place.stack.callback(gateway.end)
    gateway.start()
    waves(fleet, gateway, count)
    gateway.stop()
    fleet.command("chat", delete={})
    fleet.await_that("the end", lambda: not fleet.processes())
    fleet.daemon.stop()
