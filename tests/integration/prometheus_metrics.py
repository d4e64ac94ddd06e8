#!/usr/bin/env python3
"""promtool's opinion of real metrics: prometheus_metrics.py PROMTOOL EXPORTER

Beyond it: no family is told twice.
"""

import re
import subprocess
import sys


def main(promtool, exporter):
    page = subprocess.run([exporter, "--once"], stdout=subprocess.PIPE,
                          check=True).stdout
    checked = subprocess.run([promtool, "check", "metrics"], input=page,
                             check=False)
    names = re.findall(r"^# TYPE (\S+) ", page.decode("utf-8"), re.MULTILINE)
    twice = {name for name in names if names.count(name) > 1}
    for name in sorted(twice):
        print(f"{name} is told twice")
    print(f"{len(names)} families, {len(page)} bytes")
    return checked.returncode or (1 if twice else 0)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
