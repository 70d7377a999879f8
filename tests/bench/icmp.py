#!/usr/bin/env python3
"""CPU an echo: 2,000 targets with the agent's engine and with fping, in turns, with the same pacing. Needs root."""
import contextlib
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("VONGGAC_BIN", TOP / "build" / "release" / "bin"))
TARGETS = [f"10.97.{i}.{j}" for i in range(8) for j in range(1, 251)]
NEAR, FAR = f"vgicmp{os.getpid()}n", f"vgicmp{os.getpid()}f"


def ip(words):
    subprocess.run(["ip"] + words.split(), check=True)


@contextlib.contextmanager
def two_namespaces():
    """A prober and 2,000 addresses behind one veth; the kernel of the far one answers."""
    try:
        for name in (NEAR, FAR):
            ip(f"netns add {name}")
            ip(f"-n {name} link set lo up")
        ip(f"-n {NEAR} link add name v0 type veth peer name v1 netns {FAR}")
        ip(f"-n {NEAR} addr add 10.98.0.1/24 dev v0")
        ip(f"-n {FAR} addr add 10.98.0.2/24 dev v1")
        ip(f"-n {NEAR} link set v0 up")
        ip(f"-n {FAR} link set v1 up")
        ip(f"-n {FAR} route add local 10.97.0.0/20 dev lo")
        ip(f"-n {NEAR} route add 10.97.0.0/20 via 10.98.0.2")
        for key, value in (("icmp_msgs_per_sec", 1000000), ("icmp_ratelimit", 0), ("icmp_msgs_burst", 100000)):
            subprocess.run(["ip", "netns", "exec", FAR, "sysctl", "-qw", f"net.ipv4.{key}={value}"],
                           stderr=subprocess.DEVNULL, check=False)
        yield
    finally:
        for name in (NEAR, FAR):
            subprocess.run(["ip", "netns", "del", name], check=False)


def run(command):
    """Everything that the process and the kernel on its behalf used, in seconds: its start included."""
    start = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(["ip", "netns", "exec", NEAR] + command, input="\n".join(TARGETS), text=True,
                          capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - start, done


def empty_start():
    """`ip netns exec` itself, which both pay for and neither means."""
    return statistics.median(run(["true"])[0] for _ in range(9))


def ours(count, pace_us):
    cpu, wall, done = run([str(BIN / "bench_icmp"), str(count), str(pace_us), "1000"])
    sent, answered, median = map(int, done.stdout.split())
    if answered != sent:
        raise SystemExit(f"only {answered} of {sent} were answered {done.stderr}")
    return cpu, wall, median


def fping(count, pace_us):
    cpu, wall, done = run(["fping", "-q", f"-c{count}", "-p1000", f"-i{pace_us / 1000:g}", "-t1000"])
    whole = done.stderr.count(f"= {count}/{count}/0%")
    if whole != len(TARGETS):
        raise SystemExit(f"fping: only {whole} of {len(TARGETS)} targets answered everything\n{done.stderr[-300:]}")
    return cpu, wall


def compare(count, pace_us, rounds, start_cost):
    """Taken in turns, so that a busy neighbour disturbs both."""
    echoes = count * len(TARGETS)
    mine, theirs, ratios = [], [], []
    for _ in range(rounds):
        a, wall_a, median = ours(count, pace_us)
        b, wall_b = fping(count, pace_us)
        mine.append((a - start_cost) * 1e6 / echoes)
        theirs.append((b - start_cost) * 1e6 / echoes)
        ratios.append(mine[-1] / theirs[-1])
    print(f"  pace {pace_us} us, {count} x {len(TARGETS)}: {statistics.median(mine):.1f} us (wall {wall_a:.2f} s, median rtt "
          f"{median} us), fping {statistics.median(theirs):.1f} us (wall {wall_b:.2f} s), ratios "
          f"{' '.join(f'{r:.2f}' for r in ratios)}", flush=True)
    return statistics.median(mine), statistics.median(theirs), statistics.median(ratios)


def main():
    if os.geteuid() != 0:
        sys.exit("the icmp bench makes network namespaces: run it as root")
    with two_namespaces():
        start_cost = empty_start()
        compare(1, 1000, 1, start_cost)  # warm-up: neighbours, routes, pages
        cpu, peer, ratio = compare(1, 1000, 7, start_cost)
        fast = compare(5, 100, 3, start_cost)
    print(json.dumps({
        "bench": "icmp",
        "figures": {
            "cpu_us_per_echo": round(cpu, 1), "ratio_to_fping": round(ratio, 3), "fping_cpu_us_per_echo": round(peer, 1),
            "fast_cpu_us_per_echo": round(fast[0], 1), "fast_ratio_to_fping": round(fast[2], 3),
        },
        "method": "2,000 addresses behind a veth in two network namespaces, 56 bytes of data, one echo each at one a millisecond "
                  "(fping -c1 -i1), 7 runs in turns with fping, medians; the engine sends what is due in 10 ms ticks, fping one by "
                  "one, the mean pace is the same; CPU = user + system of the whole process (rusage), softirq work of the echo path "
                  "included, less the start of an empty process in the namespace. fast: five echoes each at ten a millisecond "
                  "(-c5 -i0.1), 3 runs.",
    }))


if __name__ == "__main__":
    main()
