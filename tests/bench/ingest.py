#!/usr/bin/env python3
"""Durable samples a second of the collector, facts and rules on, beside Prometheus remote write with the same batches.
Usage: ingest.py [BATCHES of an agent, default 2000]"""
import statistics
import sys
import time

import running

AGENTS, POINTS, WINDOW, RUNS = 100, 10, 64, 3


def ours(where, batches):
    collector = running.Collector(where)
    token = collector.token(AGENTS)
    collector.start()
    rates, costs, latencies = [], [], []
    try:
        for turn in range(RUNS):
            before = collector.process.cpu_seconds()
            figures = running.load(where, collector, mode="flood", agents=AGENTS, batches=batches, points=POINTS,
                                   window=WINDOW, token=token)
            # Enrolment and handshakes are in here, too; the first run has the enrolments and is not used for the cost.
            cpu = collector.process.cpu_seconds() - before
            print(f"collector, run {turn + 1}: {figures['samples_per_s']:,.0f} samples/s, CPU {cpu:.2f} s, "
                  f"ack p99 {figures['latency_ms']['p99']:.0f} ms, {figures['acked']} of {figures['batches']} batches",
                  flush=True)
            if figures["acked"] != figures["batches"] or figures["samples_acked"] == 0:
                raise SystemExit("not every batch was acknowledged")
            rates.append(figures["samples_per_s"])
            latencies.append(figures["latency_ms"]["p99"])
            if turn > 0:
                costs.append(cpu / (figures["samples_acked"] / 1e6))
    finally:
        collector.stop()
    return statistics.median(rates), statistics.median(costs), statistics.median(latencies)


def theirs(where, batches, **shape):
    """shape: as Prometheus' own senders write (a sample an entry, some 500 a request), or our batches."""
    prometheus = running.Prometheus(where)
    prometheus.start()
    rates, costs = [], []
    span = batches * shape["points"] * 30
    try:
        for turn in range(RUNS):
            start = int(time.time()) - 60 - span * (RUNS - turn)
            before = prometheus.process.cpu_seconds()
            figures = prometheus.push(agents=AGENTS, batches=batches, connections=2, start=start, **shape)
            cpu = prometheus.process.cpu_seconds() - before
            print(f"Prometheus {shape}, run {turn + 1}: {figures['samples_per_s']:,.0f} samples/s, CPU {cpu:.2f} s, "
                  f"{figures['refused']} requests refused", flush=True)
            rates.append(figures["samples_per_s"])
            costs.append(cpu / (figures["samples"] / 1e6))
    finally:
        prometheus.stop()
    return statistics.median(rates), statistics.median(costs)


def main():
    batches = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with running.folder("ingest") as where:
        rate, cost, latency = ours(where, batches)
        peer_rate, peer_cost = theirs(where, batches, points=1, together=12)
        batched_rate, _ = theirs(where, batches // 4, points=POINTS, together=1)
    running.report("ingest", {
        "samples_per_s": round(rate),
        "cpu_s_per_million": round(cost, 3),
        "ratio_to_prometheus": round(rate / peer_rate, 2),
        "prometheus_samples_per_s": round(peer_rate),
        "prometheus_cpu_s_per_million": round(peer_cost, 3),
        "prometheus_our_batches_samples_per_s": round(batched_rate),
        "ack_p99_ms": round(latency, 1),
    }, f"{AGENTS} TLS agents on loopback, {batches} batches each of 40 series x {POINTS} values (bodies made before the clock "
       f"starts), {WINDOW} on the way an agent, with facts every 20 and an event every 100 batches, rules of the catalogue on; "
       f"an ack means committed on disk. CPU of the collector with handshakes. Prometheus: remote write of the same series as its "
       f"own senders do it, a sample an entry, 480 a request, 2 connections, plain HTTP, its ack is a WAL write without fsync; "
       f"and, for comparison, with ten samples an entry as our batches have them. Medians of {RUNS} runs.")


if __name__ == "__main__":
    main()
