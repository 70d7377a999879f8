#!/usr/bin/env python3
"""Memory and CPU of a real agent: forty series every thirty seconds, checks included, heartbeats every three.
Usage: agent.py [--minutes N, default 10]"""
import argparse
import pathlib
import time

import running
from running.office import office, series_of


def memory_alone(pid):
    """As bench-peers' grouppss.py counts one process: anonymous and private PSS, and every file-backed range once. kB."""
    anon, files, current, rss, pss, anonymous = 0, {}, None, 0, 0, 0
    for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines():
        words = line.split()
        if "-" in words[0] and not words[0].endswith(":"):
            current = (words[5] if len(words) > 5 else "anon", words[2], words[4])
        elif words[0] == "Rss:":
            rss = int(words[1])
        elif words[0] == "Pss:":
            pss = int(words[1])
        elif words[0] == "Anonymous:":
            anonymous = int(words[1])
        elif words[0] == "VmFlags:":
            if current[2] == "0":
                anon += pss
            else:
                files[current] = max(files.get(current, 0), rss - anonymous)
                anon += min(pss, anonymous)
    return anon, sum(files.values())


def cpu_seconds(pid):
    """Nanoseconds that the scheduler counted, of all threads that live."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e9


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--minutes", type=float, default=10)
    words.add_argument("--services", type=int, default=1)
    asked = words.parse_args()
    with office("agent", "fibre", asked.services) as one:
        one.wait_alive(45)  # enrolled, first reports sent
        pid = one.agent.pid
        before, since = cpu_seconds(pid), time.monotonic()
        one.wait_alive(asked.minutes * 60 - 45)
        cpu, seconds = cpu_seconds(pid) - before, time.monotonic() - since
        anon, files = memory_alone(pid)
        series, samples = series_of(one), one.counted("samples_total")
        threads = len(list(pathlib.Path(f"/proc/{pid}/task").iterdir()))
        rss = one.agent.memory_mb()
    running.report("agent", {
        "anon_mb": round(anon / 1024, 2), "alone_mb": round((anon + files) / 1024, 2),
        "cpu_s_per_hour": round(cpu * 3600 / seconds, 3), "rss_mb": round(rss, 2), "series": series, "threads": threads,
        "samples": int(samples),
    }, f"real agent against a real collector over a veth, fibre profile (heartbeat 3 s, batches 30 s), {series} series every 30 s with echo "
       f"and web checks; memory after {asked.minutes:g} minutes from smaps (anonymous and private PSS; alone: and each file-backed range "
       f"once); CPU from schedstat over {seconds:.0f} s.")


if __name__ == "__main__":
    main()
