#!/usr/bin/env python3
"""Bytes at rest a sample, and how long a year of one series (a value every 30 s) takes to read back.
Usage: store.py [DAYS, default 365]"""
import json
import statistics
import sys
import time
import urllib.parse

import running

POINTS, SERIES, STEP_S = 10, 40, 30


def iso(seconds):
    return urllib.parse.quote(time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds)))


def timed(collector, token, path):
    times = []
    for _ in range(5):
        start = time.monotonic()
        body = collector.get(path, token)
        times.append(1000 * (time.monotonic() - start))
    return statistics.median(times), json.loads(body)


def wait_until_packed(collector, token, patience=300):
    """A year that came in a minute is packed in the background; a year that came in a year is packed day by day."""
    start = time.monotonic()
    while "vonggac_housekeeping_pending 0" not in str(collector.get("/metrics", token)):
        if time.monotonic() - start > patience:
            raise SystemExit("finished days are still not packed")
        time.sleep(1)


def main():
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 365
    batches = days * 86_400 // (STEP_S * POINTS)
    with running.folder("store") as where:
        collector = running.Collector(where)
        token = collector.token(1)
        api = collector.api_token()
        collector.start()
        try:
            figures = running.load(where, collector, mode="flood", agents=1, batches=batches, points=POINTS, window=512, token=token)
            if figures["acked"] != figures["batches"]:
                raise SystemExit("not every batch was acknowledged")
            collector.stop()  # everything is in the files now
            at_rest = collector.bytes_at_rest()
            collector.start()
            wait_until_packed(collector, api)
            series = json.loads(collector.get("/api/v1/series?metric=host.cpu_busy", api))["items"][0]["id"]
            now = time.time()
            span = f"from={iso(now - 86_400 * (days + 1))}&to={iso(now + 3600)}"
            year, answer = timed(collector, api, f"/api/v1/series/{series}/data?{span}&max_points=1440")
            raw, points = timed(collector, api, f"/api/v1/series/{series}/data?{span}&step=raw&max_points=100000")
        finally:
            collector.stop()
    print(f"{figures['samples_acked']:,} samples, {at_rest:,} bytes; {len(answer['t'])} points shown, {len(points['t'])} raw", flush=True)
    running.report("store", {
        "bytes_per_sample": round(at_rest / figures["samples_acked"], 3),
        "year_read_ms": round(year, 1),
        "year_raw_ms": round(raw, 1),
        "points": len(answer["t"]),
        "raw_points": len(points["t"]),
    }, f"one agent, {days} days of {SERIES} series every {STEP_S} s in 5-minute batches through the session; all files of the data "
       f"folder after a stop, register, facts and roll-ups included; a series of that time by the API over TLS, as the page asks for "
       f"it (year_read_ms, at most 1440 points) and every value (year_raw_ms); medians of 5.")


if __name__ == "__main__":
    main()
