#!/usr/bin/env python3
"""The gateway against HAProxy configured by hand, and its own delays.

    tests/benchmark/gateway_benchmark.py [--build DIR] [--part NAME...]

Needs a build with tests (build/release by default) and wrk (`deploy/setup
--benchmark`). Takes about five minutes; --short one, for a first look. What
is compared takes turns, round by round, and medians over the rounds are
shown, so that a noisy machine troubles all alike; it should be a quiet one.

  fleet     three fast instances with 20 slots, three slow ones with 8, under
            an open load near what they can do: latency, errors, throughput
  overhead  an instant instance, and a fleet whose slots are all taken, behind
            the gateway and behind HAProxy with the same servers
  timings   refusal to next launch, ready to first request, drain to none
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import gateway_overhead
import gateway_timings
from gateway_rivals import Hand, Place, Understudy, at_share, median

FAST = {"slots": 20, "service_ms": 60, "spread_ms": 40}
SLOW = {"slots": 8, "service_ms": 160, "spread_ms": 160}
FLEET = [FAST] * 3 + [SLOW] * 3
LOADS = (0.6, 0.9)


def capacity(fleet):
    """Requests per second with every slot taken."""
    return sum(one["slots"] * 1000 / (one["service_ms"] + one["spread_ms"] / 2)
               for one in fleet)


def start_fleet(place):
    """As many as an instance has slots may wait in it; the rest it refuses
    with 503, as model servers do."""
    return [place.model_server(
        "--slots", one["slots"], "--queue", one["slots"], "--seed", i + 1,
        "--service-time-ms", one["service_ms"],
        "--service-spread-ms", one["spread_ms"])
        for i, one in enumerate(FLEET)]


def fleet_rivals(place):
    ports = start_fleet(place)
    bare = [(port, "") for port in ports]
    capped = [(port, f"maxconn {one['slots']}")
              for port, one in zip(ports, FLEET)]
    return [
        Understudy(place, [(port, one["slots"])
                           for port, one in zip(ports, FLEET)]),
        Hand(place, "leastconn", "leastconn", bare),
        Hand(place, "leastconn, maxconn", "leastconn", capped),
        Hand(place, "random", "random(1)", bare),
        Hand(place, "random of 2, maxconn", "random", capped),
    ]


def fleet(place, options):
    """Without maxconn, HAProxy leaves the queueing to the instances, as one
    that knows nothing of slots must; with it, their slots were told to it."""
    rivals = fleet_rivals(place)
    seconds, rounds = (3, 1) if options.short else (5, 3)
    print(f"\nMixed fleet: 3 x 20 slots of 60-100 ms, 3 x 8 slots of "
          f"160-320 ms, {capacity(FLEET):.0f} requests/s at most; "
          f"{rounds} rounds of {seconds} s")
    for load in LOADS:
        rate = load * capacity(FLEET)
        seen = {rival.name: [] for rival in rivals}
        for turn in range(rounds):
            for rival in rivals:
                seen[rival.name].append(place.open_load(
                    rival, rate, seconds, 1, seed=turn + 1))
        show_fleet(load, rate, seen)


def show_fleet(load, rate, seen):
    print(f"\n  {load:.0%} load, {rate:.0f}/s{'':9} p50 ms   p90 ms   p99 ms"
          "  of gateway's   served/s   errors")

    def share(turns, part):
        return median([at_share(one["latency_ms"], part) for one in turns])

    for name, turns in seen.items():
        ratio = median([at_share(one["latency_ms"], 0.99) /
                        at_share(own["latency_ms"], 0.99)
                        for one, own in zip(turns, seen["gateway"])])
        served = median([one["served_per_s"] for one in turns])
        sent = sum(one["sent"] for one in turns)
        bad = sent - sum(len(one["latency_ms"]) for one in turns)
        print(f"  {name:24} {share(turns, 0.5):8.1f} {share(turns, 0.9):8.1f} "
              f"{share(turns, 0.99):8.1f} {ratio:13.2f} {served:10.0f} "
              f"{bad / sent:8.2%}")


PARTS = {"fleet": fleet, "overhead": gateway_overhead.run,
         "timings": gateway_timings.run}


def read_options():
    options = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default="build/release",
                         type=os.path.abspath)
    options.add_argument("--part", nargs="+", choices=PARTS,
                         default=list(PARTS))
    options.add_argument("--short", action="store_true")
    return options.parse_args()


def main():
    options = read_options()
    programs = os.path.join(options.build, "bin")
    os.environ["PATH"] += ":/usr/sbin"
    for needed in ("wrk", "haproxy"):
        if not shutil.which(needed):
            sys.exit(f"no {needed} here; deploy/setup --benchmark installs it")
    for needed in ("understudy-gateway", "gateway_log_writer"):
        if not os.path.exists(os.path.join(programs, needed)):
            sys.exit(f"no {needed} in {programs}; --build names a build")
    # A finally must run, so that nothing is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begin = time.monotonic()
    version = subprocess.run(["haproxy", "-v"], capture_output=True, text=True)
    print(version.stdout.split("\n")[0].split(" 20")[0] +
          f", {os.cpu_count()} processors, load average "
          f"{os.getloadavg()[0]:.1f}")
    for part in options.part:
        root = tempfile.mkdtemp(prefix="gateway-benchmark-")
        try:
            with Place(programs, root) as place:
                PARTS[part](place, options)
        finally:
            shutil.rmtree(root, ignore_errors=True)
        sys.stdout.flush()
    print(f"\n{time.monotonic() - begin:.0f} s in all; load average "
          f"{os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
