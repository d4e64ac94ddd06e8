#!/usr/bin/env python3
"""Compares a running API with its description, by many requests.

usage: api_schemathesis.py API_HOST VENV FOLDER

VENV is tests/support/venv, FOLDER where it makes its environment. The same
requests are made each time. Exit code: 0 when the API keeps what it says.
"""

import json
import os
import subprocess
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))


def command(url, body):
    request = urllib.request.Request(
        url + "/v1/commands", data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200, answer.status


def main(host, venv, folder):
    python = subprocess.run([venv, folder], check=True, text=True,
                            stdout=subprocess.PIPE).stdout.strip()
    server = subprocess.Popen([host], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        command(url, {"command": "first", "endpoint": "chat", "create": {
            "spec": {"variants": [{"pools": [{
                "instance_type": "gpu", "market": "spot",
                "zones": ["zone-b"]}]}]}}})
        environment = dict(
            os.environ, NO_COLOR="1", COLUMNS="100",
            SCHEMATHESIS_HOOKS=os.path.join(HERE, "api_schemathesis_hooks.py"))
        done = subprocess.run(
            [python, "-m", "schemathesis.cli", "--config-file",
             os.path.join(HERE, "api_schemathesis.toml"), "run",
             url + "/openapi.json"],
            env=environment, cwd=folder, check=False)
        return done.returncode
    finally:
        server.stdin.close()
        server.wait(60)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
