"""A province in network namespaces: a data centre with the collector, DNS and an HTTPS service; two carriers; three communes,
each with a router that holds a fibre and a 3G line and runs snmpd, and two PCs with agents. Only the lines are played."""
import json
import os
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.parse
import http.client

import net as netmod

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
COMMUNES = (1, 2, 3)
UNITS = {1: ("20900", "Trà My"), 2: ("20920", "Trà Đốc"), 3: ("20908", "Trà Giáp")}
COLLECTOR, PORT = "10.0.0.10", 8443
LINES = {"fibre": {"delay_ms": 5, "jitter_ms": 0.5, "loss": 0, "rate_kbit": 50_000},
         "mobile": {"delay_ms": 60, "jitter_ms": 10, "loss": 0.002, "rate_kbit": 2_000}}


# The catalogue's holds are for people; the lab looks at the machine.
HOLDS = """- override: C01
  hold: 0s
  recover: 10s
- override: C05
  hold: 0s
  recover: 0s
"""


def pcs(commune):
    return [f"c{commune}pc1", f"c{commune}pc2"]


def site(commune):
    return f"C{commune}"


def register_yaml(extra=""):
    """What the province says should exist."""
    out = ["units:", "  - { code: '48', level: province, kind: thanh_pho, name: Đà Nẵng }"]
    for c in COMMUNES:
        code, name = UNITS[c]
        out.append(f"  - {{ code: '{code}', level: commune, kind: xa, name: {name}, parent: '48', valid_from: 2025-07-01 }}")
    out.append("sites:")
    for c in COMMUNES:
        code, name = UNITS[c]
        out += [f"  - id: {site(c)}", f"    name: Trụ sở UBND xã {name}", f"    unit: '{code}'", "    head_count: 20", "    expected_pcs: 2",
                "    uplinks:",
                f"      - {{ name: fibre, kind: fibre, provider: VNPT, contract: HD-{c}, subscribed_mbps: 50, primary: true, next_hop: 10.100.{c}.1 }}",
                f"      - {{ name: mobile, kind: 3g, provider: Viettel, primary: false, next_hop: 10.200.{c}.1 }}",
                "    devices:",
                f"      - {{ name: router, kind: router, ip: 10.{10 + c}.0.1, mac: '{router_mac(c)}', snmp: {{ community: lab, every: 30s }} }}",
                f"      - {{ name: pc1, kind: pc, ip: 10.{10 + c}.0.11, mac: '{pc_mac(c, 1)}' }}",
                f"      - {{ name: pc2, kind: pc, ip: 10.{10 + c}.0.12, mac: '{pc_mac(c, 2)}' }}"]
    out += ["services:",
            f"  - {{ id: document, name: Hệ thống quản lý văn bản, kind: document, probe: http, target: 'https://{COLLECTOR}:8444/login', every: 10s, "
            "timeout: 5s, expect_status: 200, match: 'Đăng nhập' }",
            "probes:",
            f"  - {{ id: internet, probe: http, target: 'http://10.0.0.11:8080/', every: 10s, timeout: 5s, internet: true }}",
            f"  - {{ id: names, probe: dns, target: document.lab.test, server: 10.0.0.10, every: 30s, timeout: 3s }}",
            "  - { id: lan, probe: lan, target: eth0, watchers: true }"]
    for c in COMMUNES:
        out.append(f"  - {{ id: hop, probe: icmp, site: {site(c)}, target: 10.100.{c}.1, every: 5s, timeout: 3s, count: 5 }}")
        out.append(f"  - {{ id: logins, probe: auth_log, site: {site(c)}, target: auth.log, users: plain }}")
    return "\n".join(out) + "\n" + extra


def router_mac(c):
    return f"02:00:00:00:{c:02x}:01"


def pc_mac(c, n):
    return f"02:00:00:00:{c:02x}:{0x10 + n:02x}"


class Province:
    def __init__(self, work, build, prefix="vglab", communes=COMMUNES):
        self.work, self.build, self.communes = pathlib.Path(work).resolve(), pathlib.Path(build).resolve(), communes
        shutil.rmtree(self.work, ignore_errors=True)
        self.net = netmod.Net(prefix, self.work)
        self.lines = None
        self.token = None
        self.agent_env = {}   # pc -> extra environment (a false clock)

    # building -------------------------------------------------------------------------------------------------

    def up(self, register=None):
        self.build_networks()
        self.start_services()
        self.start_collector(register)
        for c in self.communes:
            for pc in pcs(c):
                self.start_agent(pc)

    def build_networks(self):
        n = self.net
        for name in ("dc", "ispf", "ispm", "relay"):
            n.add(name)
        n.ip("dc", "addr", "add", f"{COLLECTOR}/32", "dev", "lo")
        n.ip("dc", "addr", "add", "10.0.0.11/32", "dev", "lo")
        for k, isp in ((1, "ispf"), (2, "ispm")):
            n.pair("dc", f"to-{isp}", isp, "to-dc")
            n.ip("dc", "addr", "add", f"10.0.{k}.2/30", "dev", f"to-{isp}")
            n.ip(isp, "addr", "add", f"10.0.{k}.1/30", "dev", "to-dc")
            n.ip(isp, "route", "add", "default", "via", f"10.0.{k}.2")
            # Answers leave by the carrier by which the question came last, as routing would have it.
            n.ip("dc", "route", "add", "default", "via", f"10.0.{k}.1", "table", str(k))
            n.ip("dc", "rule", "add", "fwmark", str(k), "table", str(k))
            n.exec("dc", "iptables", "-t", "mangle", "-A", "PREROUTING", "-i", f"to-{isp}", "-j", "CONNMARK", "--set-mark", str(k))
        n.exec("dc", "iptables", "-t", "mangle", "-A", "OUTPUT", "-j", "CONNMARK", "--restore-mark")
        n.ip("dc", "route", "add", "default", "via", "10.0.1.1")
        links = {}
        for c in self.communes:
            self.build_commune(c, links)
        self.lines = n.relay(self.build / "bin/vonggac-lab-relay", "relay", links)
        for c in self.communes:
            for line, settings in LINES.items():
                self.lines.set(f"c{c}-{line}", **settings)
            n.start(f"c{c}-watch", f"c{c}r", sys.executable, HERE / "gateway_watch.py", f"10.100.{c}.1", f"10.100.{c}.1", f"10.200.{c}.1")

    def build_commune(self, c, links):
        n, router = self.net, f"c{c}r"
        n.add(router)
        n.ip(router, "link", "add", "lan", "type", "bridge")
        n.ip(router, "link", "set", "lan", "address", router_mac(c), "up")
        n.ip(router, "addr", "add", f"10.{10 + c}.0.1/24", "dev", "lan")
        for k, pc in enumerate(pcs(c), 1):
            n.add(pc)
            self.plug(c, pc, k, f"10.{10 + c}.0.{10 + k}", pc_mac(c, k))
        for net_id, line, isp in ((100, "fibre", "ispf"), (200, "mobile", "ispm")):
            n.pair(router, line, "relay", f"c{c}{line[0]}r")
            n.pair(isp, f"c{c}", "relay", f"c{c}{line[0]}i")
            links[f"c{c}-{line}"] = (f"c{c}{line[0]}r", f"c{c}{line[0]}i")
            n.ip(router, "addr", "add", f"10.{net_id}.{c}.2/30", "dev", line)
            n.ip(isp, "addr", "add", f"10.{net_id}.{c}.1/30", "dev", f"c{c}")
            n.ip(isp, "route", "add", f"10.{10 + c}.0.0/24", "via", f"10.{net_id}.{c}.2")

    def plug(self, c, name, port, address, mac):
        """Connects a namespace to a commune's LAN."""
        n, router = self.net, f"c{c}r"
        n.pair(router, f"port{port}", name, "eth0")
        n.ip(router, "link", "set", f"port{port}", "master", "lan")
        n.ip(name, "link", "set", "eth0", "address", mac)
        n.ip(name, "addr", "add", f"{address}/24", "dev", "eth0")
        n.ip(name, "route", "add", "default", "via", f"10.{10 + c}.0.1")

    # services -------------------------------------------------------------------------------------------------

    def start_services(self):
        n, work = self.net, self.work
        n.start("dns", "dc", "dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts", "--bind-interfaces", f"--listen-address={COLLECTOR}",
                f"--address=/document.lab.test/{COLLECTOR}", "--pid-file=", "--user=root")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                        "-subj", "/CN=document.lab.test", "-addext", f"subjectAltName=DNS:document.lab.test,IP:{COLLECTOR}",
                        "-keyout", work / "service.key", "-out", work / "service.crt"], check=True, capture_output=True)
        n.start("service", "dc", sys.executable, HERE / "service.py", COLLECTOR, "8444", work / "service.crt", work / "service.key")
        n.start("web", "dc", sys.executable, HERE / "service.py", "10.0.0.11", "8080")
        for c in self.communes:
            conf = work / f"snmpd-c{c}.conf"
            conf.write_text(f"agentaddress udp:10.{10 + c}.0.1:161\nrocommunity lab\nsysLocation Xã {UNITS[c][1]}\nsysName router-c{c}\n", encoding="utf-8")
            n.start(f"c{c}-snmpd", f"c{c}r", "snmpd", "-f", "-LO", "4", "-C", "-c", conf, "-I", "-smux", "-p", work / f"snmpd-c{c}.pid",
                    env={"SNMP_PERSISTENT_DIR": str(work / f"snmp-c{c}"), "MIBS": ""})

    # collector ------------------------------------------------------------------------------------------------

    def collector(self, *words):
        return netmod.run("ip", "netns", "exec", self.net.ns("dc"), self.build / "bin/vonggac-collector", *words)

    def start_collector(self, register=None):
        work = self.work
        data = work / "collector"
        data.mkdir(exist_ok=True)
        config = work / "collector.yaml"
        if not config.exists():
            config.write_text(f"listen: {COLLECTOR}:{PORT}\ndata_dir: {data}\nrules_dir: [{TOP}/rules/catalogue, {work}/rules]\nweb_root: {TOP}/web-ui/dist\n"
                              f"names: [{COLLECTOR}, collector.lab.test]\n", encoding="utf-8")
            (work / "rules").mkdir()
            (work / "rules/lab.yaml").write_text(HOLDS, encoding="utf-8")
            (work / "register.yaml").write_text(register or register_yaml(), encoding="utf-8")
            self.collector("--config", config, "register", "import", work / "register.yaml", "--who", "lab", "--why", "phòng thử")
        self.net.start("collector", "dc", self.build / "bin/vonggac-collector", "--config", config, "serve")
        self.token = self.token or self.collector("--config", config, "token", "--api", "--role", "administrator").split()[-1]
        self.wait("the collector is ready", lambda: self.ready(), 20)

    def ready(self):
        try:
            return self.request("GET", "/-/ready")[0] == 200
        except OSError:
            return False

    def first_password(self):
        """The collector prints it once, at its first start."""
        found = re.search(r"password:\s+(\S+)", (self.work / "log/collector.log").read_text(encoding="utf-8"))
        return found.group(1) if found else "?"

    def connect(self):
        with netmod.inside(self.net.ns("dc")):
            context = ssl.create_default_context(cafile=self.work / "collector/ca.crt")
            context.set_alpn_protocols(["http/1.1"])
            connection = http.client.HTTPSConnection(COLLECTOR, PORT, context=context, timeout=10)
            connection.connect()
            return connection

    def request(self, method, path, body=None):
        connection = self.connect()
        try:
            headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            connection.request(method, path, body=json.dumps(body) if body is not None else None,
                               headers={**headers, "Content-Type": "application/json"})
            answer = connection.getresponse()
            data = answer.read()
            return answer.status, data
        finally:
            connection.close()

    def request_yaml(self, method, path, text):
        connection = self.connect()
        try:
            connection.request(method, path, body=text.encode(), headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/yaml"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def api(self, path, **query):
        status, data = self.request("GET", f"/api/v1{path}" + ("?" + urllib.parse.urlencode(query) if query else ""))
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {data[:300]!r}")
        return json.loads(data)

    def gaps(self, **query):
        return self.api("/gaps", limit=1000, **query)["items"]

    # agents ---------------------------------------------------------------------------------------------------

    def start_agent(self, pc):
        home = self.work / pc
        home.mkdir(exist_ok=True)
        (home / "auth.log").touch()
        config = home / "agent.yaml"
        if not config.exists():
            token = self.collector("--config", self.work / "collector.yaml", "token", "--site", site(int(pc[1]))).split()[-1]
            (home / "token").write_text(token, encoding="ascii")
            config.write_text(f"collector: {COLLECTOR}:{PORT}\nstate_dir: {home}/state\ntoken_file: {home}/token\n", encoding="utf-8")
        agent, env = self.build / "bin/vonggac-agent", self.agent_env.get(pc)
        self.net.start(f"agent-{pc}", pc, agent, "--config", config, "run", env=env, cwd=home)

    def stop_agent(self, pc, how=signal.SIGTERM):
        self.net.stop(f"agent-{pc}", how)

    # waiting --------------------------------------------------------------------------------------------------

    def wait(self, what, condition, seconds, every=0.2):
        """Seconds until the condition held; an AssertionError names what did not come."""
        start = time.monotonic()
        last = None
        while time.monotonic() - start < seconds:
            try:
                if condition():
                    return time.monotonic() - start
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                last = error
            time.sleep(every)
        raise AssertionError(f"{what}: not within {seconds} s" + (f" ({last})" if last else ""))

    def down(self):
        self.net.down()


