#!/usr/bin/env python3
"""Runs every query of the dashboard and of the rules on a real Prometheus.

prometheus_dashboard.py PROMETHEUS ROOT EXPORTER

Prometheus scrapes the exporter, which goes on with its story at each scrape.
When the story is over, each query must be understood and have returned data
at some moment. Ports are free ones, the directory is a fresh one.
"""

import os
import subprocess
import sys
import tempfile
import time

from prometheus_support import Prometheus, check

SCRAPES = 50  # The story takes 45.


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
