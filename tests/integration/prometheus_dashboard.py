#!/usr/bin/env python3
"""Runs every query of the dashboard and of the rules on a real Prometheus.

prometheus_dashboard.py PROMETHEUS ROOT EXPORTER

Prometheus scrapes the exporter, which goes on with its story at each scrape.
When the story is over, each query must be understood and have returned data
at some moment. Ports are free ones, the directory is a fresh one.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

SCRAPES = 50  # The story takes 45.
PATIENCE_S = 240


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def dashboard_queries(path):
    """Panel's title and query, with the dashboard's variables filled in."""
    with open(path, encoding="utf-8") as file:
        board = json.load(file)
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"].replace("$endpoint", ".*")
            if "$" in re.sub(r'"\$1"', "", query):
                raise SystemExit(f"{panel['title']}: unknown variable: {query}")
            yield f"dashboard: {panel['title']}", query
    for variable in board["templating"]["list"]:
        match = re.match(r"label_values\((\w+), (\w+)\)",
                         variable.get("definition", ""))
        if match:
            yield (f"dashboard: variable {variable['name']}",
                   f"count by ({match.group(2)}) ({match.group(1)})")


class Prometheus:
    def __init__(self, program, root, target, folder):
        self.port = free_port()
        config = os.path.join(folder, "prometheus.yaml")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s",
                           "evaluation_interval": "1s"},
                "rule_files": [os.path.join(
                    root, "deploy/prometheus/rules.yaml")],
                "scrape_configs": [{
                    "job_name": "understudy",
                    "static_configs": [{"targets": [target]}]}],
            }, file)
        self.output = open(os.path.join(folder, "output"), "w+b")
        self.process = subprocess.Popen(
            [program, f"--config.file={config}",
             f"--web.listen-address=127.0.0.1:{self.port}",
             f"--storage.tsdb.path={folder}/data"],
            stdout=self.output, stderr=subprocess.STDOUT, cwd=folder)

    def ask(self, path, **arguments):
        """The data of an answer; SystemExit when it is refused."""
        url = (f"http://127.0.0.1:{self.port}/api/v1/{path}?"
               + urllib.parse.urlencode(arguments))
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            return {"error": json.load(error).get("error", str(error))}

    def await_scrapes(self, count):
        """Until the target was scraped so often; fails after a while."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                data = self.ask(
                    "query", query='count_over_time('
                    'understudy_build_info{job="understudy"}[1h])')
                result = data.get("result", [])
                if result and int(result[0]["value"][1]) >= count:
                    return
            except (urllib.error.URLError, OSError):
                pass  # It does not listen yet.
            time.sleep(0.5)
        self.output.seek(0)
        text = self.output.read().decode("utf-8", "replace")
        raise SystemExit(f"no {count} scrapes in {PATIENCE_S} s:\n"
                         + text[-2000:])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()


def check(prometheus, root, began):
    rules = [rule for group in prometheus.ask("rules")["groups"]
             for rule in group["rules"]]
    wrong = [f"rule {rule['name']}: {rule['lastError']}"
             for rule in rules if rule.get("lastError")]
    queries = [(f"rule: {rule['name']}", rule["query"]) for rule in rules]
    queries += dashboard_queries(
        os.path.join(root, "deploy/grafana/understudy.json"))
    for name, query in queries:
        data = prometheus.ask("query_range", query=query, start=began,
                              end=time.time(), step=1)
        if "error" in data:
            wrong.append(f"{name}: {data['error']}: {query}")
        elif not data["result"]:
            wrong.append(f"{name}: no data: {query}")
        elif all(value == "NaN" for one in data["result"]
                 for _, value in one["values"]):
            wrong.append(f"{name}: not one number: {query}")
    if not rules:
        wrong.append("Prometheus loaded no rules")
    return len(queries), wrong


def main(program, root, exporter):
    began = time.time()
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(
            [exporter], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE) as target:
        port = int(target.stdout.readline())
        prometheus = Prometheus(program, os.path.abspath(root),
                                f"127.0.0.1:{port}", folder)
        try:
            prometheus.await_scrapes(SCRAPES)
            count, wrong = check(prometheus, root, began)
        finally:
            prometheus.stop()
            target.stdin.close()
    for line in wrong:
        print(line)
    print(f"{count} queries, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
