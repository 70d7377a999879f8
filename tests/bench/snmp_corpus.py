#!/usr/bin/env python3
"""What the snmp probe reads out of recorded devices, beside what another program and the recordings themselves say.

Debian's snmpsim serves the shared recordings on loopback; the agent's binary asks each of them. With a file name after
the options every difference is written there; --half=0|1 takes one half of the recordings (by their checksum), so that
one half can be looked at and the other judges.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("VONGGAC_BIN", TOP / "build" / "release" / "bin"))
SHARED = pathlib.Path(os.environ.get("VONGGAC_SHARED", TOP.parent / "shared"))
TIMEOUT = 90  # s; longer is endless
PARALLEL = 4


def unpack():
    place = TOP / "build" / "corpora"
    subprocess.run([SHARED / "corpora" / "unpack.sh", place, "snmp/librenms"], check=True, stdout=subprocess.DEVNULL)
    return place / "snmp" / "librenms"


def servable(folder):
    """A copy without the lines (masked addresses inside an identifier) at which snmpsim itself dies."""
    copy = folder.parent.parent / "servable" / folder.name
    if copy.exists():
        return copy
    fresh = copy.with_suffix(f".{os.getpid()}")
    fresh.mkdir(parents=True)
    for path in folder.glob("*.snmprec"):
        lines = path.read_bytes().splitlines(keepends=True)
        (fresh / path.name).write_bytes(b"".join(line for line in lines if re.match(rb"[0-9.]+\|[0-9]+[xe]*\|", line)
                                                 or not re.match(rb"[0-9.]+[^0-9.|\r\n][^|]*\|", line)))
    fresh.rename(copy)
    return copy


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Simulator:
    """snmpsim over one folder; it refuses to run as root and wants a cache of its own."""

    def __init__(self, folder, any_name):
        self.port = free_port()
        self.cache = tempfile.mkdtemp(prefix="vonggac-snmpsim-")
        who = []
        if os.geteuid() == 0:
            shutil.chown(self.cache, "nobody", "nogroup")
            who = ["--process-user=nobody", "--process-group=nogroup"]
        self.any_name = any_name
        self.lock = threading.Lock()
        self.command = (
            ["snmpsimd", f"--data-dir={folder}", f"--cache-dir={self.cache}", f"--agent-udpv4-endpoint=127.0.0.1:{self.port}",
             "--logging-method=null", *who])
        self.process, self.deaths = None, 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        for _ in range(120):  # it indexes everything first
            got = subprocess.run(["snmpget", "-v2c", "-c", self.any_name, "-r0", "-t1", f"127.0.0.1:{self.port}",
                                  "1.3.6.1.2.1.1.1.0"], capture_output=True, check=False)
            if got.returncode == 0:
                return
            if self.process.poll() is not None:
                sys.exit("snmpsimd does not start")
            time.sleep(0.5)
        sys.exit("snmpsimd does not answer")

    def keep_alive(self):
        with self.lock:
            if self.process.poll() is not None:
                self.deaths += 1
                self.start()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.cache, ignore_errors=True)


def ask(port, community):
    """(answer or None, 'ok' | 'silent' | 'crashed' | 'endless', seconds)"""
    start = time.monotonic()
    try:
        done = subprocess.run([BIN / "vonggac-agent", "probe", "snmp", f"udp:127.0.0.1:{port}", "--community", community, "--json"],
                              capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return None, "endless", TIMEOUT
    took = time.monotonic() - start
    if done.returncode not in (0, 1):
        return None, "crashed", took
    try:
        return json.loads(done.stdout), "ok", took
    except ValueError:
        return None, "silent", took


def ask_again(simulator, name):
    """A simulator that died is no fault of the one who asked: asked once more."""
    simulator.keep_alive()
    got = ask(simulator.port, name)
    if simulator.process.poll() is None and got[1] != "silent":
        return got
    simulator.keep_alive()
    return ask(simulator.port, name)


def same_text(a, b):
    return " ".join((a or "").split()) == " ".join((b or "").split())


def lldp_set(links):
    return {(link["remote_chassis"] or "", link["remote_port"] or "") for link in links}


class Score:
    def __init__(self):
        self.right, self.all, self.notes = {}, {}, []

    def add(self, what, name, is_right, got, want):
        self.all[what] = self.all.get(what, 0) + 1
        self.right[what] = self.right.get(what, 0) + bool(is_right)
        if not is_right:
            self.notes.append(f"{what}\t{name}\tgot {got!r}\twant {want!r}")

    def share(self, what):
        return round(self.right.get(what, 0) / max(1, self.all.get(what, 0)), 4)


def judge(score, name, want, got):
    got = got or {}
    if want["vendor_enterprise_number"] is not None:
        score.add("vendor", name, got.get("enterprise") == want["vendor_enterprise_number"], got.get("enterprise"),
                  want["vendor_enterprise_number"])
    if want["answer"] == "detection only":
        return
    if want["if_count"] > 0:
        indices = {row["index"] for row in got.get("interfaces", [])}
        expected = {row["ifIndex"] for row in want["ports"]}
        score.add("ports", name, indices == expected, len(indices), len(expected))
    for what in ("version", "serial", "hardware"):
        if want[what] is None or want["found_in"].get(what, "not verbatim") == "not verbatim":
            continue
        score.add(what, name, same_text(got.get(what), want[what]), got.get(what), f"{want[what]} {want['found_in'][what]}")
    if want["lldp_links"] or want["cdp_links"]:
        heard = got.get("neighbours", [])
        lldp = {(n["chassis"] or "", n["port"] or "") for n in heard if n["protocol"] == "lldp"}
        cdp = {(n["name"] or "", n["port"] or "") for n in heard if n["protocol"] == "cdp"}
        expected_cdp = {(link["remote_name"] or "", link["remote_port"] or "") for link in want["cdp_links"]}
        is_right = lldp == lldp_set(want["lldp_links"]) and cdp == expected_cdp
        score.add("neighbours", name, is_right, sorted(lldp | cdp), sorted(lldp_set(want["lldp_links"]) | expected_cdp))


def in_half(want, half):
    return half is None or int(want["recording_sha1"][:8], 16) % 2 == half


def main():
    half = next((int(a[7:]) for a in sys.argv[1:] if a.startswith("--half=")), None)
    notes = next((a for a in sys.argv[1:] if not a.startswith("--")), None)
    if not (SHARED / "corpora" / "unpack.sh").exists():
        sys.exit("the shared corpora are not here: set VONGGAC_SHARED")
    if not shutil.which("snmpsimd"):
        sys.exit("snmpsimd is missing: apt-get install snmpsim")
    place = unpack()
    score, fates, slowest, deaths = Score(), {}, [], 0
    start = time.monotonic()
    for folder in ("recordings", "robustness"):
        names = sorted(p.stem for p in (place / folder).glob("*.snmprec") if (place / "expected" / f"{p.stem}.json").exists())
        wants = {name: json.loads((place / "expected" / f"{name}.json").read_text()) for name in names}
        names = [name for name in names if in_half(wants[name], half)]
        simulator = Simulator(servable(place / folder), names[0])
        try:
            with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
                for name, (got, fate, took) in zip(names, pool.map(lambda n: ask_again(simulator, n), names)):
                    fates.setdefault(fate, []).append(name)
                    slowest.append((round(took, 1), name))
                    judge(score, name, wants[name], got)
            deaths += simulator.deaths
        finally:
            simulator.stop()
    if notes:
        pathlib.Path(notes).write_text("\n".join(sorted(score.notes)) + "\n")
    for fate in ("silent", "crashed", "endless"):
        if fates.get(fate):
            print(f"  {fate}: {', '.join(fates[fate][:20])}")
    print(f"  slowest: {sorted(slowest)[-5:]}")
    figures = {what: score.share(what) for what in ("ports", "vendor", "version", "serial", "hardware", "neighbours")}
    figures.update(crashed=len(fates.get("crashed", [])), endless=len(fates.get("endless", [])))
    figures.update({f"{what}_devices": score.all.get(what, 0) for what in ("ports", "vendor", "version", "serial", "hardware",
                                                                           "neighbours")})
    figures.update(silent=len(fates.get("silent", [])), simulator_deaths=deaths, seconds=round(time.monotonic() - start))
    print(json.dumps({
        "bench": "snmp_corpus",
        "figures": figures,
        "method": "Debian's snmpsim serves the shared recordings (1,244 devices, 553 of them malformed or nearly empty) on loopback; "
                  f"`vonggac-agent probe snmp --json` asks each, {PARALLEL} at a time; ports: the set of ifIndex equals that of ifTable; "
                  "vendor: the enterprise number; version, serial, hardware: equal texts (blanks aside) where the expected text stands in "
                  "the recording; neighbours: equal sets of (chassis, port) by LLDP and (name, port) by CDP; crashed: an exit other than 0 "
                  f"or 1; endless: over {TIMEOUT} s.",
    }))


if __name__ == "__main__":
    main()
