#!/usr/bin/env python3
"""Memory of a real agent that watches a LAN on which 1,000 devices speak. Usage: lan_memory.py [--minutes N, default 4]"""
import argparse
import pathlib
import socket
import subprocess
import sys
import time

import agent
import lan_capture
import running
from running.office import office

HOSTS, RATE = 1000, 500
# What a station hears without being spoken to.
HEARD = [(kind, share) for kind, share in lan_capture.MIX if kind not in (lan_capture.web, lan_capture.llmnr)]
MORE = "probes:\n  - { id: lan, probe: lan, target: eth0 }\n"


def speak(interface):
    """Runs in the far namespace until it is ended: first everybody once by ARP, then all kinds at RATE packets a second."""
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((interface, 0))
    for n in range(HOSTS):
        out.send(lan_capture.arp(n, 0))
        time.sleep(1 / RATE)
    frames = list(lan_capture.frames(40_000, HOSTS, HEARD))
    start, sent = time.monotonic(), 0
    while True:
        out.send(frames[sent % len(frames)])
        sent += 1
        if (ahead := sent / RATE - (time.monotonic() - start)) > 0:
            time.sleep(ahead)


def devices_known(one):
    """Of the state file that the watcher keeps."""
    file = one.where / "agent" / "lan-eth0.known"
    return sum(1 for line in file.read_text().splitlines() if " " in line and not line.startswith(("heard/", "vonggac"))) if file.exists() else 0


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--minutes", type=float, default=4)
    words.add_argument("--speak")
    asked = words.parse_args()
    if asked.speak:
        return speak(asked.speak)
    with office("lanmem", "fibre", 1, MORE) as one:
        one.wait_alive(20)
        before, _ = agent.memory_alone(one.agent.pid)
        speaker = subprocess.Popen(one.inside(one.wire.there, sys.executable, pathlib.Path(__file__).resolve(), "--speak", "eth0"))
        try:
            cpu, since = agent.cpu_seconds(one.agent.pid), time.monotonic()
            one.wait_alive(asked.minutes * 60)
            cpu, seconds = agent.cpu_seconds(one.agent.pid) - cpu, time.monotonic() - since
            if speaker.poll() is not None:
                raise SystemExit("the speaker ended")
            anon, files = agent.memory_alone(one.agent.pid)
        finally:
            speaker.kill()
            speaker.wait()
        known, rss = devices_known(one), one.agent.memory_mb()
    running.report("lan_memory", {
        "anon_mb": round(anon / 1024, 2), "anon_before_mb": round(before / 1024, 2), "alone_mb": round((anon + files) / 1024, 2), "rss_mb": round(rss, 2),
        "devices": known, "cpu_share": round(cpu / seconds, 4),
    }, f"real agent against a real collector over a veth, watching eth0, on which {HOSTS} devices speak all protocols at {RATE} packets a second; memory "
       f"after {asked.minutes:g} minutes from smaps (anonymous and private PSS; alone: and each file-backed range once); before: before anybody spoke.")


if __name__ == "__main__":
    sys.exit(main())
