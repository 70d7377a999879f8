#!/usr/bin/env python3
"""CPU an IF-MIB walk of 26 interfaces beside snmpbulkwalk and snmp_exporter; a big device; 1,000 devices. Needs root."""
import contextlib
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import snmp_corpus  # noqa: E402

BIN = snmp_corpus.BIN
NS = f"vgsnmp{os.getpid()}"
PORT, COMMUNITY = 16161, "canh"
TABLES = ("1.3.6.1.2.1.2", "1.3.6.1.2.1.31.1.1")
DEVICES, EVERY, INVENTORY_EVERY = 1000, 60, 1800

EXPORTER = """if_mib:
  walk: [1.3.6.1.2.1.2, 1.3.6.1.2.1.31.1.1]
  version: 2
  max_repetitions: 25
  auth: {{community: {community}}}
  metrics:
{metrics}
"""
COLUMNS = {"1.3.6.1.2.1.2.2.1": {1: "gauge", 3: "gauge", 4: "gauge", 5: "gauge", 7: "gauge", 8: "gauge", 9: "gauge", 10: "counter",
                                 11: "counter", 13: "counter", 14: "counter", 16: "counter", 17: "counter", 19: "counter", 20: "counter"},
           "1.3.6.1.2.1.31.1.1.1": {6: "counter", 7: "counter", 10: "counter", 11: "counter", 15: "gauge"}}


def inside(words, **options):
    return subprocess.run(["ip", "netns", "exec", NS] + words, **options)


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def device():
    """snmpd with lo, 24 ends of veth pairs and one more: 26 interfaces."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vonggac-snmpd-"))
    agent = None
    try:
        subprocess.run(["ip", "netns", "add", NS], check=True)
        subprocess.run(["ip", "-n", NS, "link", "set", "lo", "up"], check=True)
        have = len(list_links())
        for k in range((26 - have) // 2):
            subprocess.run(["ip", "-n", NS, "link", "add", "name", f"p{k}a", "type", "veth", "peer", "name", f"p{k}b"], check=True)
        if len(list_links()) < 26:
            subprocess.run(["ip", "-n", NS, "tuntap", "add", "name", "t0", "mode", "tap"], check=False)
        conf = folder / "snmpd.conf"
        conf.write_text(f"agentaddress udp:127.0.0.1:{PORT}\nrocommunity {COMMUNITY}\n")
        agent = subprocess.Popen(["ip", "netns", "exec", NS, "snmpd", "-f", "-Lo", "-C", "-c", str(conf), "-I", "-smux"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env={**os.environ, "SNMP_PERSISTENT_DIR": str(folder)})
        for _ in range(50):
            if inside(["snmpget", "-v2c", "-c", COMMUNITY, "-r0", "-t1", f"127.0.0.1:{PORT}", "1.3.6.1.2.1.1.3.0"],
                      capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.1)
        yield
    finally:
        if agent:
            agent.kill()
            agent.wait()
        subprocess.run(["ip", "netns", "del", NS], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def list_links():
    return subprocess.run(["ip", "-n", NS, "-o", "link"], capture_output=True, text=True, check=True).stdout.splitlines()


def ours(times):
    done = inside([str(BIN / "bench_snmp"), "walk", f"127.0.0.1:{PORT}", COMMUNITY, str(times)], capture_output=True, text=True, check=True)
    values, us = map(int, done.stdout.split())
    return values, us / 1000


def bulkwalk(times):
    script = f"for k in $(seq {times}); do for o in {' '.join(TABLES)}; do snmpbulkwalk -m '' -v2c -c {COMMUNITY} -On -Oq -Cr25 " \
             f"127.0.0.1:{PORT} .$o > /dev/null; done; done"
    before = children_cpu()
    inside(["bash", "-c", script], check=True)
    return (children_cpu() - before) * 1000 / times


def exporter(times):
    """CPU ms a scrape, or nothing where it is not installed."""
    program = shutil.which("prometheus-snmp-exporter")
    if not program:
        return None
    rows = "\n".join(f"  - {{name: m{entry.count('.')}_{number}, oid: {entry}.{number}, type: {kind}, help: h, indexes: "
                     "[{labelname: ifIndex, type: gauge}]}" for entry, columns in COLUMNS.items() for number, kind in columns.items())
    with tempfile.TemporaryDirectory() as folder:
        conf = pathlib.Path(folder) / "snmp.yml"
        conf.write_text(EXPORTER.format(community=COMMUNITY, metrics=rows))
        process = subprocess.Popen(["ip", "netns", "exec", NS, program, f"--config.file={conf}", "--web.listen-address=127.0.0.1:9116"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:9116/snmp?module=if_mib&target=127.0.0.1:{PORT}"
            fetch = f"import urllib.request,sys\nfor _ in range(int(sys.argv[1])): n = urllib.request.urlopen('{url}').read().count(b'ifIndex=')\nprint(n)"
            for _ in range(50):
                if inside([sys.executable, "-c", fetch, "1"], capture_output=True, check=False).returncode == 0:
                    break
                time.sleep(0.2)
            before = cpu_of(process.pid)
            done = inside([sys.executable, "-c", fetch, str(times)], capture_output=True, text=True, check=True)
            if int(done.stdout) < 26 * 10:
                sys.exit(f"snmp_exporter read only {done.stdout} values")
            return (cpu_of(process.pid) - before) * 1000 / times
        finally:
            process.kill()
            process.wait()


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def poll_thousand():
    done = inside([str(BIN / "bench_snmp"), "poll", f"127.0.0.1:{PORT}", COMMUNITY, str(DEVICES)], capture_output=True, text=True, check=True)
    answered, first, second = map(int, done.stdout.split())
    if answered != DEVICES:
        sys.exit(f"only {answered} of {DEVICES} answered")
    inventory = max(0, first - second)
    return second / 1e6 / EVERY + inventory / 1e6 / INVENTORY_EVERY


def big_device():
    """Wall seconds for everything about the biggest recording, and how big it is; nothing without the corpora."""
    if not (snmp_corpus.SHARED / "corpora" / "unpack.sh").exists() or not shutil.which("snmpsimd"):
        return None, 0
    place = snmp_corpus.unpack()
    biggest = max((p for folder in ("recordings", "robustness") for p in (place / folder).glob("*.snmprec")), key=lambda p: p.read_bytes().count(b"\n"))
    with tempfile.TemporaryDirectory(prefix="vonggac-big-") as folder:
        os.chmod(folder, 0o755)
        shutil.copy(biggest, pathlib.Path(folder) / "big.snmprec")
        simulator = snmp_corpus.Simulator(folder, "big")
        try:
            got, fate, took = snmp_corpus.ask(simulator.port, "big")
        finally:
            simulator.stop()
    if fate != "ok" or not got["sys_object_id"]:
        sys.exit(f"the big device: {fate}")
    return took, biggest.read_bytes().count(b"\n")


def main():
    if os.geteuid() != 0:
        sys.exit("the snmp_walk bench makes a network namespace: run it as root")
    with device():
        links = len(list_links())
        mine, walks, exported = [], [], []
        for _ in range(5):  # in turns, so that a busy neighbour disturbs all
            values, ms = ours(100)
            mine.append(ms)
            walks.append(bulkwalk(10))
            one = exporter(100)
            if one is not None:
                exported.append(one)
        share = poll_thousand()
    seconds, size = big_device()
    figures = {
        "cpu_ms_per_walk": round(statistics.median(mine), 2), "bulkwalk_cpu_ms": round(statistics.median(walks), 2),
        "values_per_walk": values, "interfaces": links, "core_share_1000": round(share, 3),
    }
    if exported:
        figures["snmp_exporter_cpu_ms"] = round(statistics.median(exported), 2)
        figures["ratio_to_snmp_exporter"] = round(statistics.median(a / b for a, b in zip(mine, exported)), 3)
    if seconds is not None:
        figures.update(big_device_s=round(seconds, 1), big_device_variables=size)
    print(json.dumps({
        "bench": "snmp_walk",
        "figures": figures,
        "method": "snmpd in a network namespace; every column of ifTable and ifXTable, v2c; CPU of the asking process (user + system), "
                  "median of 5 rounds in turns with snmpbulkwalk (two processes a walk, MIBs off) and snmp_exporter (20 metrics, 25 "
                  "repetitions); ratio: median of the rounds' ratios. core_share_1000: 1,000 probes on one thread, counters every 60 s "
                  "and the inventory every 30 min. big_device: the whole of `probe snmp --json` of the biggest shared recording, "
                  "served by snmpsim.",
    }))


if __name__ == "__main__":
    main()
