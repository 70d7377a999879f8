"""One office on a wire of its own: a collector and a web server in one namespace, an agent in the other, joined by a veth
pair on which packets travel as on a real line (offloads off, MTU 1500, IPv6 off, neighbours fixed). The assignment comes
from the register and yields forty series every thirty seconds, echo and web checks among them."""
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import time

import running

AGENT, COLLECTOR = "10.98.0.2", "10.98.0.1"

REGISTER = """\
units:
  - {{ code: "48", level: province, kind: thanh_pho, name: Đà Nẵng }}
  - {{ code: "20900", level: commune, kind: xa, name: Trà My, parent: "48", valid_from: 2025-07-01 }}
profiles:
  fibre: {{ heartbeat: 3s, seal: 30s }}
  metered: {{ seal: 5m }}
sites:
  - id: bench
    name: Trụ sở đo thử
    unit: "20900"
    head_count: 1
    expected_pcs: 1
    uplinks:
      - {{ name: line, kind: {kind}, interface: eth0, next_hop: {collector}, primary: true }}
services:
{services}
"""
SERVICE = ('  - {{ id: portal{n}, name: Trang {n}, kind: portal, probe: http, target: "http://{collector}:{port}/", '
           "every: 30s, timeout: 5s, expect_status: 200 }}\n")


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


class Wire:
    """Two namespaces and a veth pair; counts what passed at the agent's end."""

    def __init__(self, name):
        # The process id: two runs at one time must not take down each other's namespaces.
        self.here, self.there = f"{name}-{os.getpid()}-a", f"{name}-{os.getpid()}-c"

    def __enter__(self):
        self.__exit__()
        for namespace in (self.here, self.there):
            run("ip", "netns", "add", namespace)
            run("ip", "netns", "exec", namespace, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                "net.ipv6.conf.default.disable_ipv6=1", "net.ipv4.ping_group_range=0 2147483647")
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        run("ip", "-n", self.here, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", self.there)
        for namespace, address in ((self.here, AGENT), (self.there, COLLECTOR)):
            run("ip", "-n", namespace, "addr", "add", f"{address}/24", "dev", "eth0")
            run("ip", "netns", "exec", namespace, "ethtool", "-K", "eth0", "tso", "off", "gso", "off", "gro", "off")
            run("ip", "-n", namespace, "link", "set", "eth0", "up")
        for namespace, other, address in ((self.here, self.there, COLLECTOR), (self.there, self.here, AGENT)):
            mac = run("ip", "netns", "exec", other, "cat", "/sys/class/net/eth0/address").strip()
            run("ip", "-n", namespace, "neigh", "replace", address, "lladdr", mac, "dev", "eth0", "nud", "permanent")
        run("ip", "-n", self.here, "route", "add", "default", "via", COLLECTOR)
        # What the checks cost is not what the reports cost: their packets are counted apart.
        self.nft("table ip count { chain in { type filter hook input priority 0; tcp sport PORT counter\n }\n"
                 " chain out { type filter hook output priority 0; tcp dport PORT counter\n }\n}")
        return self

    def nft(self, rules):
        self.rules = rules

    def count_port(self, port):
        subprocess.run(["ip", "netns", "exec", self.here, "nft", "-f", "-"], input=self.rules.replace("PORT", str(port)), text=True,
                       check=True, timeout=30)

    def bytes(self):
        """IP bytes and packets to and from the collector's port, both ways."""
        text = run("ip", "netns", "exec", self.here, "nft", "list", "table", "ip", "count")
        counted = re.findall(r"packets (\d+) bytes (\d+)", text)
        return sum(int(b) for _, b in counted), sum(int(p) for p, _ in counted)

    def __exit__(self, *_):
        for namespace in (self.here, self.there):
            subprocess.run(["ip", "netns", "del", namespace], capture_output=True, timeout=30)


class Office(running.Collector):
    """The collector of running, moved to the far end of a wire, with an enrolled agent at the near one."""

    def __init__(self, where, wire, kind, services, more="", before_agent=()):
        self.wire, self.before_agent = wire, before_agent
        self.where, self.data, self.port = where, where / "data", 8443
        self.config, self.process, self.agent, self.web = where / "collector.yaml", None, None, None
        self.config.write_text(
            f"listen: {COLLECTOR}:{self.port}\ndata_dir: {self.data}\nweb_root: {running.TOP}/web-ui/dist\n"
            f"rules_dir: {running.TOP}/rules/catalogue\nnames: [{COLLECTOR}]\nlog_level: warning\n")
        register = where / "register.yaml"
        text = "".join(SERVICE.format(n=n, collector=COLLECTOR, port=8080) for n in range(services))
        register.write_text(REGISTER.format(kind=kind, collector=COLLECTOR, services=text) + more)
        self.run("register", "import", register, "--who", "bench", "--why", "bench")

    def inside(self, namespace, *words):
        return ["ip", "netns", "exec", namespace, *map(str, words)]

    def start(self):
        (self.where / "www").mkdir()
        (self.where / "www" / "index.html").write_text("Đăng nhập\n")
        self.web = running.Process(self.inside(self.wire.there, sys.executable, "-m", "http.server", "8080", "--bind", COLLECTOR,
                                               "--directory", self.where / "www"), self.where / "web.log")
        self.process = running.Process(
            self.inside(self.wire.there, running.BIN / "vonggac-collector", "--config", self.config, "serve"),
            self.where / "collector.log")
        running.wait_until(lambda: self.fetch("/-/ready") is not None, "collector", self.process)
        token = self.token(1)
        state = self.where / "agent"
        run(*self.inside(self.wire.here, running.BIN / "vonggac-agent", "enrol", "--token", token, "--collector",
                         f"{COLLECTOR}:{self.port}", "--state-dir", state))
        config = self.where / "agent.yaml"
        config.write_text(f"collector: {COLLECTOR}:{self.port}\nstate_dir: {state}\n")
        self.wire.count_port(self.port)
        self.agent = running.Process(
            self.inside(self.wire.here, *self.before_agent, running.BIN / "vonggac-agent", "--config", config, "run"),
            self.where / "agent.log")
        self.token_api = self.api_token()

    def fetch(self, path, token=""):
        words = ["curl", "-sk", "--fail", "--max-time", "10", "-H", f"Authorization: Bearer {token}",
                 f"https://{COLLECTOR}:{self.port}{path}"]
        done = subprocess.run(self.inside(self.wire.there, *words), capture_output=True, text=True, timeout=30)
        return done.stdout if done.returncode == 0 else None

    def counted(self, name):
        """A counter of /metrics, asked from the collector's own side of the wire; a busy machine may need a second try."""
        said = None
        for _ in range(6):
            said = self.fetch("/metrics", self.token_api)
            for line in (said or "").splitlines():
                if line.startswith(f"vonggac_{name} "):
                    return float(line.split()[1])
            time.sleep(2)
        raise SystemExit(f"the collector's /metrics has no vonggac_{name}: {(said or 'no answer')[:300]}\n{self.process.tail()}")

    def wait_alive(self, seconds):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for process in (self.agent, self.process):
                if not process.alive():
                    raise SystemExit(f"it ended before\n{process.tail()}")
            time.sleep(min(5, left))

    def stop(self):
        for process in (self.agent, self.web, self.process):
            if process:
                process.stop()


@contextlib.contextmanager
def office(name, kind, services, more="", prepare=None):
    """`more` stands at the end of the register; `prepare` gets the folder and gives the words before the agent's."""
    if os.geteuid() != 0:
        raise SystemExit("this bench makes network namespaces: run it as root")
    with running.folder(name) as where, Wire(f"vgb{name}") as wire:
        one = Office(pathlib.Path(where), wire, kind, services, more, prepare(pathlib.Path(where)) if prepare else ())
        try:
            one.start()
            yield one
        finally:
            one.stop()


def series_of(one):
    """How many series the agent has named so far, from its spool."""
    import sqlite3
    with contextlib.closing(sqlite3.connect(f"file:{one.where}/agent/spool.db?mode=ro", uri=True)) as spool:
        return spool.execute("SELECT count(*) FROM series").fetchone()[0]
