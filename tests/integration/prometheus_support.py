"""A Prometheus under test, and the questions that the project ships."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

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
        """The data of an answer; its `error` when it is refused."""
        url = (f"http://127.0.0.1:{self.port}/api/v1/{path}?"
               + urllib.parse.urlencode(arguments))
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == 503:  # It listens before it can answer.
                raise
            return {"error": json.load(error).get("error", str(error))}

    def await_scrapes(self, count):
        """Until the target was scraped so often; fails after a while."""
        self.await_data("count_over_time("
                        f'understudy_build_info{{job="understudy"}}[1h]) '
                        f">= {count}")

    def await_data(self, query):
        """Until the query returns something; fails after a while."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                data = self.ask("query", query=query)
                if "error" in data:
                    raise SystemExit(f"{data['error']}: {query}")
                if data["result"]:
                    return
            except OSError:
                pass  # It is not ready yet.
            time.sleep(0.2)
        self.output.seek(0)
        text = self.output.read().decode("utf-8", "replace")
        raise SystemExit(f"no data in {PATIENCE_S} s: {query}\n"
                         + text[-2000:])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()


def shipped_queries(prometheus, root):
    """Name and query: what the rules ask and record, and the dashboard."""
    for group in prometheus.ask("rules")["groups"]:
        for rule in group["rules"]:
            yield f"rule: {rule['name']}", rule["query"]
            if rule["type"] == "recording":
                yield f"recorded: {rule['name']}", rule["name"]
    yield from dashboard_queries(
        os.path.join(root, "deploy/grafana/understudy.json"))


def check(prometheus, root, began, silent=()):
    """How many queries there are, and what is wrong with them.

    Each must be understood, and have returned a number at some moment unless
    `silent` holds its name.
    """
    wrong = [f"rule {rule['name']}: {rule['lastError']}"
             for group in prometheus.ask("rules")["groups"]
             for rule in group["rules"] if rule.get("lastError")]
    queries = list(shipped_queries(prometheus, root))
    for name, query in queries:
        # Finer than scrapes, so that what only one of them saw is found.
        data = prometheus.ask("query_range", query=query, start=began,
                              end=time.time(), step=0.25)
        if "error" in data:
            wrong.append(f"{name}: {data['error']}: {query}")
        elif name in silent:
            continue
        elif not data["result"]:
            wrong.append(f"{name}: no data: {query}")
        elif all(value == "NaN" for one in data["result"]
                 for _, value in one["values"]):
            wrong.append(f"{name}: not one number: {query}")
    names = {name for name, _ in queries}
    wrong += [f"{name}: no such query" for name in silent if name not in names]
    for kind in ("rule: ", "recorded: ", "dashboard: "):
        if not any(name.startswith(kind) for name in names):
            wrong.append(f"{kind}none")
    return len(queries), wrong
