#!/usr/bin/env python3
"""The browser tests against a mock and against a real collector with a real agent of this machine, on loopback."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("VONGGAC_BIN", TOP / "build/release/bin"))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class House:
    """A collector and an agent with their data in a folder of their own."""

    def __init__(self, work):
        self.work, self.port, self.children = pathlib.Path(work), free_port(), []
        self.url = f"https://127.0.0.1:{self.port}"
        self.password = ""

    def collector(self, *words):
        return subprocess.run([BIN / "vonggac-collector", "--config", self.work / "collector.yaml", *words],
                              check=True, capture_output=True, text=True, timeout=60).stdout

    def start(self, name, *words):
        log = open(self.work / f"{name}.log", "wb")
        child = subprocess.Popen([str(w) for w in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.children.append(child)
        return child

    def up(self):
        register = (TOP / "packaging/register.dev.yaml").read_text(encoding="utf-8")
        register = register.replace("@HOST@", "thử").replace("@PORT@", str(self.port)).replace("@GATEWAY@", "127.0.0.1")
        lines = [line for line in register.splitlines(True) if "# root" not in line]  # without captures
        (self.work / "register.yaml").write_text("".join(lines), encoding="utf-8")
        (self.work / "collector.yaml").write_text(
            f"listen: 127.0.0.1:{self.port}\ndata_dir: {self.work}/collector\nweb_root: {TOP}/web-ui/dist\n"
            f"rules_dir: {TOP}/rules/catalogue\nnames: [127.0.0.1, localhost]\n", encoding="utf-8")
        self.collector("register", "import", self.work / "register.yaml", "--who", "e2e", "--why", "test")
        self.start("collector", BIN / "vonggac-collector", "--config", self.work / "collector.yaml", "serve")
        self.wait("the collector is ready", lambda: self.get("/-/ready") is not None, 30)
        found = re.search(r"password:\s+(\S+)", (self.work / "collector.log").read_text(encoding="utf-8"))
        self.password = found.group(1) if found else ""
        self.token = self.collector("token", "--api", "--role", "administrator").split()[-1]
        (self.work / "token").write_text(self.collector("token", "--site", "here").split()[-1], encoding="ascii")
        (self.work / "agent.yaml").write_text(
            f"collector: 127.0.0.1:{self.port}\nstate_dir: {self.work}/agent\ntoken_file: {self.work}/token\n", encoding="utf-8")
        self.start("agent", BIN / "vonggac-agent", "--config", self.work / "agent.yaml", "run")
        self.wait("the agent's samples are there", self.has_series, 90)

    def get(self, path):
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {getattr(self, 'token', '')}"})
        context = ssl.create_default_context(cafile=self.work / "collector/ca.crt")
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:
            return answer.read()

    def has_series(self):
        return json.loads(self.get("/api/v1/series?site=here"))["total"] > 10

    def listen(self, last_id=""):
        """An open line to /live; yields (id, event, data) as they come."""
        request = urllib.request.Request(self.url + "/api/v1/live", headers={"Authorization": f"Bearer {self.token}"})
        if last_id:
            request.add_header("Last-Event-ID", last_id)
        context = ssl.create_default_context(cafile=self.work / "collector/ca.crt")
        with urllib.request.urlopen(request, timeout=40, context=context) as answer:
            told = {}
            for line in answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name in ("id", "event", "data"):
                    told[name] = value
                elif not name and told:
                    yield told.get("id", ""), told.get("event", ""), json.loads(told["data"])
                    told = {}

    def live_gap(self, rule, state, seconds, last_id=""):
        """The id of the event that tells this gap, and the kinds of all events until then."""
        end, kinds = time.monotonic() + seconds, []
        for number, kind, data in self.listen(last_id):
            kinds.append(kind)
            if kind == "gap" and data["rule"] == rule and data["state"] == state:
                return number, kinds
            if time.monotonic() > end:
                break
        raise SystemExit(f"live: no {state} gap of {rule} within {seconds} s, only {kinds}")

    def check_live(self):
        """An agent that is cut off (one that says goodbye is no silence) is a gap on the live line by itself; a reader who comes back misses nothing."""
        with concurrent.futures.ThreadPoolExecutor() as pool:
            opened = pool.submit(self.live_gap, "A01", "open", 40)
            time.sleep(0.5)  # the line is to be open before the agent goes
            agent = self.children.pop()
            agent.kill()
            agent.wait(10)
            last, _ = opened.result()
        self.start("agent", BIN / "vonggac-agent", "--config", self.work / "agent.yaml", "run")
        self.wait("the agent is heard again", lambda: json.loads(self.get("/api/v1/agents?state=heard"))["total"] == 1, 20)
        # Nobody listened while the gap closed: it comes to the reader who names the last event that it saw.
        _, kinds = self.live_gap("A01", "closed", 20, last)
        if "resync" in kinds:
            raise SystemExit("live: a short absence was answered with a new start")

    @staticmethod
    def wait(what, condition, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return
            except (OSError, ValueError):
                pass
            time.sleep(0.3)
        raise SystemExit(f"{what}: not within {seconds} s")

    def down(self):
        for child in reversed(self.children):
            child.terminate()
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def browse(environment):
    return subprocess.run(["npm", "run", "--silent", "e2e"], cwd=TOP / "web-ui", env={**os.environ, **environment}, timeout=1200).returncode


def main():
    print("== against the mock", flush=True)
    bad = browse({})
    work = tempfile.mkdtemp(prefix="vonggac-e2e-")
    house = House(work)
    try:
        house.up()
        print("== against a collector and an agent", flush=True)
        house.check_live()
        bad |= browse({"VONGGAC_URL": house.url, "VONGGAC_USER": "admin", "VONGGAC_PASSWORD": house.password})
    finally:
        house.down()
        if bad:
            for log in ("collector.log", "agent.log"):
                if (house.work / log).exists():
                    print(f"-- {log}\n" + "\n".join((house.work / log).read_text(errors="replace").splitlines()[-20:]))
        shutil.rmtree(work, ignore_errors=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
