#!/usr/bin/env python3
"""Bytes on the wire per sample in the metered profile: IP bytes both ways on a veth, TLS, TCP and acknowledgements with
them. Usage: wire.py [--minutes N, default 17]"""
import argparse
import time

import running
from running.office import office, series_of


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--minutes", type=float, default=17)
    words.add_argument("--services", type=int, default=1)
    asked = words.parse_args()
    with office("wire", "3g", asked.services) as one:
        # Start-up is not steady state: the window begins after the first batch of samples and ends with one.
        batches = wait_batch(one, 0, 720)
        begin_bytes, begin_packets = one.wire.bytes()
        begin_samples, begin = one.counted("samples_total"), time.monotonic()
        taken = 0
        while taken < 3 and (taken == 0 or time.monotonic() - begin < asked.minutes * 60 - 300):
            batches = wait_batch(one, batches, 720)
            taken += 1
        end_bytes, end_packets = one.wire.bytes()
        samples, seconds = one.counted("samples_total") - begin_samples, time.monotonic() - begin
        series = series_of(one)
    used = end_bytes - begin_bytes
    running.report("wire", {
        "bytes_per_sample": round(used / samples, 3),
        "bytes_per_day": round(used * 86400 / seconds),
        "samples": int(samples), "series": series, "batches": taken, "packets": end_packets - begin_packets,
    }, f"real agent and collector in two namespaces, veth, MTU 1500, offloads off; the register says 3g, so the metered profile with "
       f"5-minute batches applies; {series} series every 30 s (host, echo to the next hop, web checks); IP bytes of packets to and from "
       f"the collector's port, both ways, over {taken} batches ({seconds:.0f} s) after the first.")


def wait_batch(one, before, patience):
    """Until samples of a further batch are committed; gives the collector's count of samples."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        one.wait_alive(2)
        now = one.counted("samples_total")
        if now > before:
            one.wait_alive(3)  # its acknowledgement and the last lone TCP ack
            return one.counted("samples_total")
    raise SystemExit(f"no batch within {patience} s\n{one.agent.tail()}")


if __name__ == "__main__":
    main()
