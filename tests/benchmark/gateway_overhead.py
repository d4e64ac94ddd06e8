"""What the gateway's HAProxy costs, against HAProxy with the same servers."""

import os
import subprocess
import sys

from gateway_rivals import Hand, Understudy, cpu_s, median, pin

# What a syslog daemon does with lines, as far as HAProxy can see.
SINK = """
import socket, sys
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
one.bind(sys.argv[1])
print("ready", flush=True)
while True:
    one.recv(4096)
"""


def start_sink(place):
    path = str(place.directory / "log.sock")
    process = place.start(sys.executable, "-c", SINK, path,
                          stdout=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    return path, process.pid


def instant(place, options):
    port = place.model_server("--slots", 1000, "--service-time-ms", 0)
    most = 200
    sink, sink_pid = start_sink(place)
    servers = [(port, f"maxconn {most}")]
    rivals = [
        Hand(place, "by hand", "leastconn", servers, 1),
        Hand(place, "by hand, httplog", "leastconn", servers, 1, sink),
        Understudy(place, [(port, most)], 1),
    ]
    everything = sorted(os.sched_getaffinity(0))
    for rival in rivals:
        pin(rival.worker(), everything[:1])
    pin(sink_pid, everything[1:])
    pin(rivals[-1].gateway.process.pid, everything[1:])
    seconds, rounds = (1, 3) if options.short else (2, 5)
    os.sched_setaffinity(0, everything[1:] or everything)
    try:
        for connections in (64, 1):
            seen = {rival.name: [] for rival in rivals}
            for _ in range(rounds):
                for rival in rivals:
                    before = cpu_s(rival.worker())
                    one = place.wrk(rival.port, rival.path, connections,
                                    seconds)
                    one["cpu_us"] = 1e6 * (
                        cpu_s(rival.worker()) - before) / one["requests"]
                    seen[rival.name].append(one)
            show_instant(connections, seen)
    finally:
        os.sched_setaffinity(0, everything)


def ratio(seen, name, base, key):
    """Neighbours in time are compared, not medians of the whole."""
    return median([own[key] / other[key]
                   for own, other in zip(seen[name], seen[base])])


def show_instant(connections, seen):
    load = "saturated" if connections > 1 else "one at a time"
    print(f"\n  instant instance, {load:14} requests/s  of by hand   "
          "p50 us   p99 us   HAProxy's us/request")
    for turns in seen.values():
        for one in turns:
            one["rate"] = one["requests"] / one["seconds"]
    for name, turns in seen.items():
        bad = sum(one["errors"] for one in turns)
        print(f"  {name:32} {median([o['rate'] for o in turns]):10.0f} "
              f"{ratio(seen, name, 'by hand', 'rate'):11.1%} "
              f"{median([o['p50_us'] for o in turns]):8.0f} "
              f"{median([o['p99_us'] for o in turns]):8.0f} "
              f"{median([o['cpu_us'] for o in turns]):12.1f}"
              + (f"   {bad} errors" if bad else ""))
    added = {key: median([own[key] - other[key] for own, other in
                          zip(seen["gateway"], seen["by hand"])])
             for key in ("p50_us", "p99_us")}
    print(f"  the gateway adds {added['p50_us']:.0f} us at p50, "
          f"{added['p99_us']:.0f} us at p99")


def full(place, options):
    """Real work, more requests than slots: what a fleet can do is reached."""
    shapes = [(20, 20, 10)] * 3 + [(8, 60, 20)] * 3
    ports = [place.model_server(
        "--slots", slots, "--service-time-ms", service_ms,
        "--service-spread-ms", spread_ms)
        for slots, service_ms, spread_ms in shapes]
    sized = [(port, shape[0]) for port, shape in zip(ports, shapes)]
    rivals = [
        Hand(place, "by hand", "leastconn",
             [(port, f"weight {most} maxconn {most}") for port, most in sized]),
        Understudy(place, sized),
    ]
    seconds, rounds = (2, 1) if options.short else (4, 4)
    seen = {rival.name: [] for rival in rivals}
    for _ in range(rounds):
        for rival in rivals:
            one = place.wrk(rival.port, rival.path, 120, seconds)
            one["rate"] = one["requests"] / one["seconds"]
            seen[rival.name].append(one)
    print("\n  a fleet with all 84 slots taken     requests/s  of by hand   "
          "p50 ms   p99 ms")
    for name, turns in seen.items():
        bad = sum(one["errors"] for one in turns)
        print(f"  {name:32} {median([o['rate'] for o in turns]):10.0f} "
              f"{ratio(seen, name, 'by hand', 'rate'):11.1%} "
              f"{median([o['p50_us'] for o in turns]) / 1000:8.1f} "
              f"{median([o['p99_us'] for o in turns]) / 1000:8.1f}"
              + (f"   {bad} errors" if bad else ""))


def run(place, options):
    print("\nThe gateway against HAProxy with the same servers, one thread "
          "of HAProxy on a processor of its own")
    instant(place, options)
    full(place, options)
