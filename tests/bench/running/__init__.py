"""What the benches run: a collector of this tree, the load, a Prometheus; each in a folder of its own under build/bench,
on loopback, on a port that was free. Standard library only."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("VONGGAC_BIN", TOP / "build" / "release" / "bin"))

REGISTER = """\
units:
  - { code: "48", level: province, kind: thanh_pho, name: Đà Nẵng }
  - { code: "20900", level: commune, kind: xa, name: Trà My, parent: "48", valid_from: 2025-07-01 }
sites:
  - id: bench
    name: Trụ sở đo thử
    unit: "20900"
    head_count: 1
    expected_pcs: 1
    uplinks:
      - { name: fibre, kind: fibre, primary: true }
"""


def register_of(sites):
    """A register with that many sites: bench0, bench1, ..."""
    head, site = REGISTER.split("  - id: bench\n")
    return head + "".join(f"  - id: bench{n}\n{site}" for n in range(sites))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def folder(name):
    """On the disk of the tree (not in memory), removed afterwards."""
    base = TOP / "build" / "bench"
    base.mkdir(parents=True, exist_ok=True)
    path = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=base))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class Process:
    """A child, its CPU seconds and its memory as the kernel counts them."""

    def __init__(self, command, log, **more):
        self.log = log
        with open(log, "ab") as to:
            self.child = subprocess.Popen([str(word) for word in command], stdout=to, stderr=to, **more)
        self.pid = self.child.pid

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, what="VmRSS"):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(what + ":"):
                return int(line.split()[1]) / 1024
        return 0.0

    def alive(self):
        return self.child.poll() is None

    def tail(self):
        return pathlib.Path(self.log).read_text(errors="replace")[-2000:]

    def stop(self, patience=60):
        if self.alive():
            self.child.terminate()
        try:
            self.child.wait(patience)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def wait_until(condition, what, process, patience=60):
    until = time.monotonic() + patience
    while not condition():
        if not process.alive():
            raise SystemExit(f"{what}: it ended before\n{process.tail()}")
        if time.monotonic() > until:
            raise SystemExit(f"{what}: not within {patience} s\n{process.tail()}")
        time.sleep(0.1)


def answers(url, context=None):
    try:
        with urllib.request.urlopen(url, timeout=5, context=context) as answer:
            return answer.status < 300
    except OSError:
        return False


class Collector:
    def __init__(self, where, register_text=REGISTER):
        self.where = where
        self.data = where / "data"
        self.port = free_port()
        self.config = where / "collector.yaml"
        self.config.write_text(
            f"listen: 127.0.0.1:{self.port}\ndata_dir: {self.data}\nweb_root: {TOP}/web-ui/dist\n"
            f"rules_dir: {TOP}/rules/catalogue\nnames: [127.0.0.1]\nlog_level: warning\n")
        register = where / "register.yaml"
        register.write_text(register_text)
        self.run("register", "import", register, "--who", "bench", "--why", "bench")
        self.trust = ssl.create_default_context()
        self.trust.check_hostname = False
        self.trust.verify_mode = ssl.CERT_NONE
        self.process = None

    def run(self, *words):
        command = [str(BIN / "vonggac-collector"), "--config", str(self.config), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def token(self, uses, site="bench"):
        return self.run("token", "--site", site, "--uses", uses).strip().splitlines()[-1]

    def api_token(self):
        return self.run("token", "--api").strip().splitlines()[-1]

    def start(self):
        self.process = Process([BIN / "vonggac-collector", "--config", self.config, "serve"], self.where / "collector.log")
        wait_until(lambda: answers(f"https://127.0.0.1:{self.port}/-/ready", self.trust), "collector", self.process)

    def get(self, path, token):
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=120, context=self.trust) as answer:
            return answer.read()

    def stop(self):
        if self.process:
            self.process.stop()

    def bytes_at_rest(self):
        return sum(file.stat().st_size for file in self.data.rglob("*") if file.is_file())


def load(where, collector, **options):
    """One run of vonggac-load; its JSON line."""
    words = [str(BIN / "vonggac-load"), "--connect", f"127.0.0.1:{collector.port}", "--identities", str(where / "identities")]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    done = subprocess.run(words, capture_output=True, text=True)
    if not done.stdout.strip():
        raise SystemExit(f"vonggac-load: {done.stderr}")
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    if figures["first_error"]:
        print("vonggac-load:", figures["first_error"], flush=True)
    return figures


class Prometheus:
    def __init__(self, where):
        self.where = pathlib.Path(tempfile.mkdtemp(prefix="prometheus-", dir=where))
        self.port = free_port()
        (self.where / "prometheus.yml").write_text("global: {}\n")
        self.process = None

    def start(self):
        self.process = Process(
            ["prometheus", f"--config.file={self.where}/prometheus.yml", f"--storage.tsdb.path={self.where}/tsdb",
             f"--web.listen-address=127.0.0.1:{self.port}", "--web.enable-remote-write-receiver", "--log.level=warn"],
            self.where / "log")
        wait_until(lambda: answers(f"http://127.0.0.1:{self.port}/-/ready"), "Prometheus", self.process)

    def push(self, **options):
        words = [str(BIN / "vonggac-remote-write"), "--port", str(self.port)]
        for name, value in options.items():
            words += ["--" + name, str(value)]
        done = subprocess.run(words, capture_output=True, text=True)
        if not done.stdout.strip():
            raise SystemExit(f"vonggac-remote-write: {done.stderr}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def stop(self):
        if self.process:
            self.process.stop()


def report(bench, figures, method):
    print(json.dumps({"bench": bench, "figures": figures, "method": method}, ensure_ascii=False), flush=True)
