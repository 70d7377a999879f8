"""A collector and agents of this tree that a campaign starts, kills and starts again, and what they have on their disks.
Standard library only; everything lies under build/bench and is removed afterwards."""
import json
import pathlib
import random
import signal
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import running  # noqa: E402

REGISTER = running.REGISTER + """\
profiles:
  fibre: { heartbeat: 1s, seal: 1s }
probes:
  - { id: host, probe: host, every: 1s }
  - { id: logins, probe: auth_log, target: @LOG@, users: plain }
"""


class Failed(Exception):
    """What a campaign found wrong, as a sentence."""


def expect(held, sentence):
    if not held:
        raise Failed(sentence)


def wait(condition, sentence, patience=60):
    until = time.monotonic() + patience
    while not condition():
        if time.monotonic() > until:
            raise Failed(f"{sentence} (not within {patience} s)")
        time.sleep(0.1)


class Logins:
    """A log file in which each failed login is told once, by a process and a name of its own that cannot be packed well."""

    def __init__(self, path):
        self.path, self.n = path, 0
        path.touch()

    def write(self, many):
        with open(self.path, "a") as log:
            for _ in range(many):
                self.n += 1
                name = f"u{self.n}-{random.randbytes(24).hex()}"
                log.write(f"Nov 22 04:05:06 may-1 sshd[{self.n}]: Failed password for {name} from 10.9.8.7 port 40022 ssh2\n")


class House(running.Collector):
    """The collector; its data folder, WHERE/data, may be a file system of its own."""

    def __init__(self, where):
        self.logins = Logins(where / "auth.log")
        super().__init__(where, REGISTER.replace("@LOG@", str(where / "auth.log")))
        self.config.write_text(self.config.read_text().replace("log_level: warning", "log_level: info"))
        self.api = self.api_token()

    def spawn(self):
        """Starts it and does not wait until it is ready."""
        self.process = running.Process([running.BIN / "vonggac-collector", "--config", self.config, "serve"],
                                       self.where / "collector.log")

    def is_ready(self):
        return running.answers(f"https://127.0.0.1:{self.port}/-/ready", self.trust)

    def ready(self, patience=60):
        wait(self.is_ready, "the collector is not ready", patience)

    def refuses_to_start(self):
        """What it says when it cannot start; it must end by itself and with an error."""
        log = self.where / "refused.log"
        log.unlink(missing_ok=True)
        process = running.Process([running.BIN / "vonggac-collector", "--config", self.config, "serve"], log)
        try:
            expect(process.child.wait(30) != 0, "the collector started all the same")
        finally:
            process.stop()
        return [line for line in log.read_text().splitlines() if line]

    def kill(self):
        self.process.child.send_signal(signal.SIGKILL)
        self.process.child.wait()

    def items(self, path):
        return json.loads(self.get("/api/v1" + path, self.api))["items"]

    def rows(self, query, *values):
        return rows(self.data / "vonggac.db", query, *values)

    def log(self):
        return (self.where / "collector.log").read_text(errors="replace")


class Agent:
    def __init__(self, house, name, spool_bytes=64 << 20):
        self.where = house.where / name
        self.state = self.where / "state"
        self.where.mkdir()
        (self.where / "token").write_text(house.token(1))
        (self.where / "agent.yaml").write_text(
            f"collector: 127.0.0.1:{house.port}\nstate_dir: {self.state}\ntoken_file: {self.where}/token\n"
            f"spool: {{ max_bytes: {spool_bytes} }}\nlog_level: warning\n")
        self.process = None

    def spawn(self):
        self.process = running.Process([running.BIN / "vonggac-agent", "--config", self.where / "agent.yaml", "run"],
                                       self.where / "log")

    def kill(self):
        self.process.child.send_signal(signal.SIGKILL)
        self.process.child.wait()

    def spool(self, query, *values):
        return rows(self.state / "spool.db", query, *values)

    def epoch(self):
        return self.spool("SELECT epoch, next_seq FROM state")[0]

    def waiting(self):
        """Numbers of the batches that it still has."""
        return {seq for seq, in self.spool("SELECT seq FROM batches")}


def rows(path, query, *values):
    # Not read-only: a write-ahead log that a killed process left must be readable, too.
    database = sqlite3.connect(path, timeout=20)
    try:
        return database.execute(query, values).fetchall()
    finally:
        database.close()


def numbers_of(blob):
    """The set that collector/store/seq_set.cpp wrote: ranges as two varints each, from the end of the one before."""
    values, value, shift = [], 0, 0
    for byte in blob:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(value)
            value, shift = 0, 0
    ranges, before = [], 0
    for gap, more in zip(values[::2], values[1::2]):
        first = before + gap
        before = first + more
        ranges.append((first, before))
    return ranges


def received(house):
    """(epoch as signed 64 bits) → set of the numbers that the collector has."""
    streams = {}
    for epoch, blob in house.rows("SELECT epoch, received FROM streams"):
        streams[epoch] = {n for first, last in numbers_of(blob) for n in range(first, last + 1)}
    return streams
