#!/usr/bin/env python3
"""Runs every query of the dashboard and of the rules on the real daemon.

    prometheus_daemon_test.py PROMETHEUS PROMTOOL UNDERSTUDYD ROOT

Prometheus scrapes understudyd while endpoints are made, fall back, wait, run
out of time and go. Each step ends when Prometheus has seen what it causes, so
that no query depends on how fast this machine is.
"""

import itertools
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from prometheus_support import Prometheus, check

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint  # noqa: E402

KIND = "a3-highgpu-1g"
PATIENCE_S = 120
WEST = ["us-west1-b", "us-west1-a"]

# What a sound daemon does not say, each with the reason.
SILENT = {
    # A commit fails, or none comes for five minutes, when the disk does.
    "rule: UnderstudyLogNotCommitting",
    # The simulated provider and the log have the same author here.
    "rule: UnderstudyProviderDisagrees",
}


def chat():
    """The endpoint of the main scenario, whose load it brings."""
    spec = endpoint("chat", [
        (KIND, WEST, "spot", 1),
        (KIND, ["us-central1-a", "us-central1-c", "us-central1-b"], "spot", 2),
        (KIND, ["us-east5-a", "us-east4-a", "us-east4-b"], "spot", 3),
        (KIND, ["europe-west1-c", "europe-west3-c"], "spot", 4)], count=8)
    variant, = spec["variants"]
    for pool, name in zip(variant["pools"],
                          ("us-west", "us-central", "us-east", "europe")):
        pool.update(name=name, max_concurrency=64)
    variant["scaling"] = {
        "enabled": True, "min_count": 4, "max_count": 20,
        "targets": [{"metric": "weighted-utilisation", "target_milli": 700}],
        "tolerance_milli": 100, "window_ms": 60000, "scale_out_windows": 1,
        "scale_in_windows": 15, "scale_out_cooldown_ms": 60000,
        "scale_in_cooldown_ms": 300000}
    variant["return_policy"] = {"mode": "active", "dwell_ms": 3600000,
                                "interval_ms": 1800000}
    return spec


def write_scenario(root, folder):
    """The main scenario, but all zones have room at all times."""
    scenarios = pathlib.Path(root, "deploy/scenarios").resolve()
    text = (scenarios / "main.yaml").read_text(encoding="utf-8")
    for name, place in (("data/gcp_h100.capacity", "steady.capacity"),
                        ("data/m_large.load",
                         str(scenarios / "data/m_large.load"))):
        assert text.count(name) == 1, name
        text = text.replace(name, place)
    recorded = (scenarios / "data/gcp_h100.capacity").read_text("utf-8")
    offerings = re.findall(r"^offering .*$", recorded, re.MULTILINE)
    (folder / "steady.capacity").write_text("\n".join([
        "understudy-capacity 1", "start 2025-10-04T00:10:00Z", *offerings,
        *(f"0 {i} 40" for i in range(len(offerings))),
        "end 2026-10-04T00:10:00Z", ""]), encoding="utf-8")
    (folder / "steady.yaml").write_text(text, encoding="utf-8")
    return folder / "steady.yaml"


class Operator:
    """Asks the daemon for things, and knows what must be answered."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.numbers = itertools.count(1)
        self.position = None  # Of the last command.

    def command(self, name, accepted=True, **body):
        status, answer, _ = self.daemon.request("/v1/commands", {
            "command": f"c-{next(self.numbers)}", "endpoint": name, **body})
        assert (status == 200) == accepted, f"{name} {body}: {answer}"
        self.position = answer["position"]

    def create(self, spec):
        self.command(spec["name"], create={"spec": spec})
        self.await_status(spec["name"], "in-service")

    def scale(self, name, desired):
        self.command(name, scale={"variant": "primary", "desired": desired})

    def capacity(self, action, zones):
        for zone in zones:
            status, answer, _ = self.daemon.request("/v1/capacity", {
                "offering": {"instance_type": KIND, "zone": zone,
                             "market": "spot"}, "action": action})
            assert status == 200, answer

    def await_status(self, name, wanted):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            _, answer, _ = self.daemon.request(
                f"/v1/endpoints/{name}?after={self.position}")
            status = answer["items"][0]["status"]
            if status == wanted:
                return
            time.sleep(0.05)
        raise AssertionError(f"{name} is {status}, not {wanted}")

    def items(self, what):
        status, answer, _ = self.daemon.request(f"/v1/{what}?all=true")
        assert status == 200, answer
        return answer["items"]

    def metrics(self):
        status, text, _ = self.daemon.request("/metrics")
        assert status == 200, text
        return text


def story(operator, prometheus):
    seen = prometheus.await_data
    # One stands on its fallback from the beginning.
    operator.capacity("close", ["asia-southeast1-b"])
    operator.create(endpoint("second", [
        (KIND, ["asia-southeast1-b"], "spot", 1),
        (KIND, ["asia-southeast1-c"], "spot", 2)], count=2))
    operator.create(endpoint("starved", [
        (KIND, ["asia-south2-b"], "spot", 1)], timeout_s=3600))
    seen('understudy_endpoint_status{endpoint="second",state="in-service"} > 0')
    seen("endpoint_variant:understudy_instances_on_fallback:ratio > 0.5")

    # The preferred pool of chat closes: whatever is asked for falls back.
    operator.capacity("close", WEST)
    operator.scale("chat", 4)
    operator.scale("chat", 20)
    seen('sum(understudy_fallbacks_total{endpoint="chat"}) > 0')
    seen('understudy_instances_on_fallback{endpoint="chat"} > 0')
    operator.command("chat", accepted=False,
                     scale={"variant": "none", "desired": 3})

    # It opens again, and they come home.
    operator.capacity("open", WEST)
    seen('understudy_instances_on_fallback{endpoint="chat"} == 0')

    # Nobody gives this one anything: its operations wait and run out of time,
    # again and again.
    operator.capacity("close", ["asia-south2-b"])
    operator.scale("starved", 3)
    waiting = 'understudy_operations{endpoint="starved",state="waiting"} > 0'
    seen(waiting)
    seen(f"({waiting}) and ignoring (state) "
         "(endpoint_variant:understudy_instances_missing:sum > 0)")
    seen("understudy_operation_deadline_remaining_ratio < 0.25")
    seen('understudy_provisioning_timeouts_total{endpoint="starved"} > 0')

    seen('understudy_utilisation_weighted_ratio{endpoint="chat"}')
    seen('sum(understudy_scaling_decisions_total{endpoint="chat"}) > 0')
    seen('understudy_commands_refused_total > 0')


def labels(page):
    """The pairs of name and value that the page holds."""
    return {pair for line in page.splitlines() if not line.startswith("#")
            for pair in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', line)}


def check_labels(operator):
    """No label is an instance or an operation: they never end."""
    pairs = labels(operator.metrics())
    assert {("endpoint", "chat"), ("endpoint", "second")} <= pairs, pairs
    instances = operator.items("instances")
    assert instances and operator.items("operations")
    ids = {one[key] for one in instances for key in ("id", "provider_ref")}
    # Operations are numbers within their endpoint.
    wrong = {(name, value) for name, value in pairs
             if any(one in value for one in ids)
             or (value.isdigit() and name not in ("le", "code"))}
    assert not wrong, f"ids in labels: {wrong}"


def check_deletion(operator):
    operator.command("second", delete={})
    operator.await_status("second", "deleted")
    left = {pair for pair in labels(operator.metrics()) if "second" in pair}
    assert not left, f"of a deleted endpoint: {left}"


def check_page(promtool, operator):
    subprocess.run([promtool, "check", "metrics"], check=True,
                   input=operator.metrics().encode())


def run(prometheus_program, promtool, daemon, root, folder):
    operator = Operator(daemon)
    daemon.start().await_ready()
    operator.create(chat())  # There is a log to recover from.
    assert daemon.stop() == 0
    began = time.time()
    daemon.start().await_ready()
    prometheus = Prometheus(prometheus_program, root,
                            f"127.0.0.1:{daemon.port}", str(folder))
    try:
        prometheus.await_scrapes(2)
        story(operator, prometheus)
        check_labels(operator)
        check_page(promtool, operator)
        check_deletion(operator)
        check_page(promtool, operator)
        assert daemon.stop() == 0
        prometheus.await_data(
            'max_over_time(up{job="understudy"}[3s]) == 0')
        count, wrong = check(prometheus, root, began, SILENT)
        # This daemon's log is embedded: it has nothing to say of a cluster.
        return count, [one for one in wrong if "understudy_kafka_" not in one]
    finally:
        prometheus.stop()


def main(prometheus, promtool, understudyd, root):
    root = str(pathlib.Path(root).resolve())
    with tempfile.TemporaryDirectory(prefix="prometheus-daemon-") as name:
        folder = pathlib.Path(name)
        daemon = Daemon(understudyd, folder / "log",
                        write_scenario(root, folder), ["clock.speed=600"])
        try:
            count, wrong = run(prometheus, promtool, daemon, root, folder)
        finally:
            daemon.end()
    for line in wrong:
        print(line)
    print(f"{count} queries, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
