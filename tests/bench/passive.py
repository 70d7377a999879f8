#!/usr/bin/env python3
"""Packets a second of one core: a capture of an office network through all dissectors, and through tshark, in turns.
Usage: passive.py [--packets N, default 1000000]"""
import argparse
import resource
import subprocess
import time

import lan_capture
import running

HOSTS = 1000
ROUNDS = 5
# What watch tells, asked of tshark: who has which address, names, leases and neighbours.
FIELDS = """eth.src vlan.id arp.src.hw_mac arp.src.proto_ipv4 dhcp.hw.mac_addr dhcp.ip.your dhcp.option.hostname dhcp.option.vendor_class_id dhcpv6.client_domain
dns.resp.name dns.a dns.aaaa nbns.name nbns.addr lldp.chassis.id.mac lldp.port.id lldp.tlv.system.name cdp.deviceid cdp.portid cdp.platform stp.bridge.hw""".split()


def run(command):
    """CPU seconds of a process with its start, seconds by the clock, and its lines."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(word) for word in command], capture_output=True, check=True, timeout=900)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start, done.stdout.count(b"\n")


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--packets", type=int, default=1_000_000)
    packets = words.parse_args().packets
    with running.folder("passive") as where:
        capture = where / "office.pcap"
        lan_capture.write(capture, packets, HOSTS)
        ours = [running.BIN / "vonggac-agent", "watch", "--json", "--read", capture]
        theirs = ["tshark", "-n", "-r", capture, "-T", "fields"] + [word for field in FIELDS for word in ("-e", field)]
        run(ours)  # the file comes into memory
        runs = [run(ours) for _ in range(ROUNDS // 2)]
        tshark = run(theirs)
        runs += [run(ours) for _ in range(ROUNDS - len(runs))]
        runs.sort()
        cpu, seconds, lines = runs[len(runs) // 2]
        megabytes = capture.stat().st_size / 1e6
    running.report("passive", {
        "packets_per_s": round(packets / cpu), "ratio_to_tshark": round(tshark[0] / cpu, 1), "cpu_s": round(cpu, 3), "clock_s": round(seconds, 3),
        "tshark_cpu_s": round(tshark[0], 2), "tshark_clock_s": round(tshark[1], 2), "lines": lines, "packets": packets, "mb": round(megabytes),
    }, f"vonggac-agent watch --read --json over a made capture of {HOSTS} devices (72 % announcements of eleven protocols, 28 % TCP), start included, one "
       f"thread, CPU seconds, median of {ROUNDS}; tshark -n -T fields with the corresponding fields over the same file between them.")


if __name__ == "__main__":
    main()
