#!/usr/bin/env python3
"""Ten thousand TLS agents that report every sixty seconds: memory of the collector, reports that were missed.
Usage: sessions.py [AGENTS, default 10000] [SECONDS, default 240]"""
import resource
import sys
import threading
import time

import running

EVERY = 60
PER_SITE = 50


def main():
    agents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 240
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, agents + 1000), max(hard, agents + 1000)))
    with running.folder("sessions") as where:
        sites = max(1, agents // PER_SITE)
        collector = running.Collector(where, running.register_of(sites))
        token = ",".join(collector.token(-(-agents // sites), f"bench{n}") for n in range(sites))
        collector.start()
        seen, over = [], threading.Event()
        connected = where / "connected"

        def watch():
            while not over.wait(2):
                if connected.exists() and collector.process.alive():
                    seen.append((collector.process.memory_mb(), collector.process.cpu_seconds(), time.monotonic()))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            figures = running.load(where, collector, mode="sessions", agents=agents, every=EVERY, seconds=seconds,
                                   connects_per_second=400, connected_file=connected, token=token)
        finally:
            over.set()
            watcher.join()
            collector.stop()
    print(f"enrolled in {figures['enrol_s']} s, connected in {figures['connect_s']} s, {figures['reports']} reports", flush=True)
    cpu = (seen[-1][1] - seen[0][1]) / (seen[-1][2] - seen[0][2]) if len(seen) > 1 else 0
    running.report("sessions", {
        "agents": figures["welcomed"],
        "rss_mb": round(max((memory for memory, _, _ in seen), default=0)),
        "missed": figures["missed"] + figures["lost_connections"] + figures["refused"],
        "ack_p99_ms": round(figures["latency_ms"]["p99"], 1),
        "cpu_percent": round(100 * cpu, 1),
    }, f"{agents} agents at sites of {PER_SITE}, enrolled by token, one TLS 1.3 session each on loopback, a heartbeat and a batch of 40 series every {EVERY} s for "
       f"{seconds} s; rss_mb is the collector's largest VmRSS while all are connected; missed: reports without an ack within "
       f"{EVERY} s, lost connections and refusals; cpu_percent of one core, collector, steady.")


if __name__ == "__main__":
    main()
