#!/usr/bin/env python3
"""Bytes on the wire when one package of a PC changed, and when its software was told for the first time: IP bytes both
ways on a veth, TLS, TCP and acknowledgements with them. Usage: inventory_delta.py [--packages N, default 2000]"""
import argparse
import os
import re
import subprocess
import time

import running
from running.office import office, series_of

PROBE = "probes:\n  - { id: inventory, probe: inventory, every: 10s }\n"
ROUNDS = 5


def records_of(text):
    return [record for record in text.split("\n\n") if record.startswith("Package: ")]


def packages(wanted):
    """Records as dpkg keeps them: this machine's, and where there are too few, further ones of Debian's own lists."""
    records = records_of(open("/var/lib/dpkg/status", encoding="utf-8").read())
    names = {record.split("\n", 1)[0] for record in records}
    if len(records) < wanted:
        said = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, timeout=120).stdout
        for record in records_of(said):
            name, rest = record.split("\n", 1)
            if len(records) < wanted and name not in names:
                names.add(name)
                records.append(f"{name}\nStatus: install ok installed\n{rest}")
    return records[:wanted]


class Software:
    """A folder that stands where the agent sees /var/lib/dpkg; a change comes by rename, as dpkg makes it."""

    def __init__(self, where):
        self.folder = where / "dpkg"
        self.folder.mkdir()
        self.write([])

    def write(self, records):
        (self.folder / "status-new").write_text("\n\n".join(records) + "\n", encoding="utf-8")
        os.replace(self.folder / "status-new", self.folder / "status")


def told(one, before, at_least, patience=90):
    """Until that many facts more are committed, and the last lone acknowledgement has passed."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if one.counted("facts_total") >= before + at_least:
            one.wait_alive(3)
            return
        time.sleep(0.5)
    raise SystemExit(f"not told within {patience} s\n{one.agent.tail()}")


def quiet(one):
    """Nothing was sent for some seconds: what is counted next is what is changed next."""
    last = None
    while (now := one.wire.bytes()) != last:
        last = now
        one.wait_alive(6)
    return now


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--packages", type=int, default=2000)
    asked = words.parse_args()
    records = packages(asked.packages)
    kept = {}

    def prepare(where):
        kept["software"] = Software(where)
        return ["sh", "-c", 'mount --bind "$0" /var/lib/dpkg && exec "$@"', str(kept["software"].folder)]

    with office("invdelta", "3g", 0, PROBE, prepare) as one:
        one.wait_alive(12)
        begin, packets = quiet(one)
        facts = one.counted("facts_total")
        kept["software"].write(records)
        told(one, facts, len(records))
        end, end_packets = one.wire.bytes()
        first, first_packets = end - begin, end_packets - packets
        rounds = []
        for number in range(ROUNDS * 3):
            if len(rounds) == ROUNDS:
                break
            at = (number * 997 + 13) % len(records)
            records[at] = re.sub(r"^Version: .*$", lambda found: found.group(0) + f"+deb12u{number + 1}", records[at], count=1, flags=re.M)
            begin, packets = quiet(one)
            facts, batches = one.counted("facts_total"), one.counted("batches_total")
            kept["software"].write(records)
            told(one, facts, 1)
            end, end_packets = one.wire.bytes()
            # A round in which anything else was told is not one of ours.
            if one.counted("facts_total") == facts + 1 and one.counted("batches_total") == batches + 1:
                rounds.append((end - begin, end_packets - packets))
        if not rounds:
            raise SystemExit("no round in which the change was told alone")
        series = series_of(one)
    running.report("inventory_delta", {
        "bytes": max(used for used, _ in rounds), "packets": max(many for _, many in rounds), "rounds": len(rounds),
        "first_bytes": first, "first_packets": first_packets, "packages": len(records),
    }, f"real agent and collector in two namespaces, veth, MTU 1500, offloads off, metered profile ({series} series beside); IP bytes of "
       f"packets to and from the collector's port, both ways, from the change of one version in dpkg's list to the last "
       f"acknowledgement, the largest of {len(rounds)} rounds; first: the same when all {len(records)} packages came at once.")


if __name__ == "__main__":
    main()
