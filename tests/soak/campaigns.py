"""The campaigns of ./dev soak on real processes. Each takes (where, kills) and gives what it saw as a sentence, or raises
Failed or Skipped."""
import json
import os
import random
import signal
import shutil
import subprocess
import threading
import time

import proof
import running
from house import Agent, House, expect, wait


class Skipped(Exception):
    """Why a campaign cannot be held here."""


class Load:
    """Virtual agents, started again whenever the collector took them down; every ack is written down."""

    def __init__(self, house, agents=30, wrong_clocks=0):
        self.acks, self.over, self.runs, self.child = house.where / "acks", threading.Event(), 0, None
        self.words = [running.BIN / "vonggac-load", "--connect", f"127.0.0.1:{house.port}", "--identities",
                      house.where / "identities", "--token", house.token(agents), "--agents", agents, "--every", 1,
                      "--seconds", 3600, "--acks-file", self.acks, "--wrong-clocks", wrong_clocks]
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while not self.over.is_set():
            self.runs += 1
            self.child = subprocess.Popen([str(w) for w in self.words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.child.wait()
            self.over.wait(0.2)

    def stop(self):
        """After the collector went away (so that the load ends by itself and writes its acks)."""
        self.over.set()
        try:
            self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.child.kill()
        self.thread.join()


class Writer:
    """Twenty failed logins a second."""

    def __init__(self, house):
        self.over = threading.Event()

        def work():
            while not self.over.wait(0.5):
                house.logins.write(10)

        self.thread = threading.Thread(target=work)
        self.thread.start()

    def stop(self):
        self.over.set()
        self.thread.join()


class Stage:
    """Whatever is started on it is ended, however the campaign ends."""

    def __init__(self, house, agents):
        self.house, self.agents, self.helpers = house, agents, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for helper in self.helpers:
            helper.over.set()
        for one in [self.house, *self.agents]:
            if one.process:
                one.process.stop(20)
        for helper in self.helpers:
            helper.stop()


def everybody_delivered(house, agents):
    """What each agent had given a number a moment ago has reached the collector."""
    goals = {agent: agent.epoch() for agent in agents}

    def done():
        have = proof.received(house)
        return all(set(range(1, next_seq)) <= have.get(epoch, set()) for epoch, next_seq in goals.values())

    wait(done, "not everything reaches the collector", 90)


def whole_system(where, kills):
    house = House(where)
    agents = [Agent(house, f"agent{n}") for n in range(3)]
    with Stage(house, agents) as stage:
        house.spawn()
        house.ready()
        for agent in agents:
            agent.spawn()
        wait(lambda: sum(a["state"] == "heard" for a in house.items("/agents")) == 3, "the agents do not come")
        load = Load(house)
        stage.helpers += [load, Writer(house)]
        wait(lambda: sum(a["state"] == "heard" for a in house.items("/agents?limit=100")) == 33, "the load does not come")
        dice = random.Random(int(os.environ.get("VONGGAC_SEED", time.time_ns())))
        for _ in range(kills):
            time.sleep(dice.uniform(0.02, 2.0))
            house.kill()
            house.spawn()
            time.sleep(dice.uniform(0.02, 1.0))
            agent = dice.choice(agents)
            agent.kill()
            agent.spawn()
        house.ready()
        for agent in agents:  # their patience begins anew
            agent.kill()
            agent.spawn()
        everybody_delivered(house, agents)
        logins, samples = proof.nothing_is_stored_twice(house), proof.samples_stand_once(house)
        expect(logins > 0 and samples > 0, f"{logins} logins and {samples} samples were stored; events: "
               f"{house.rows('SELECT kind, COUNT(*) FROM events GROUP BY kind')}, written: {house.logins.n}")
        for agent in agents:
            agent.process.stop()
        house.process.stop()
        for helper in stage.helpers:
            helper.stop()
        acked = proof.nothing_acknowledged_is_lost(house, load.acks)
        numbers = proof.every_number_is_somewhere(house, agents)
        proof.disk_is_sound(house)
        expect(acked > 0, "the load saw no ack")
    return (f"{kills} kills of the collector and {kills} of agents: {acked} acknowledged batches of the load and {numbers} "
            f"batches of agents are there, {logins} logins and {samples} samples stand once")


def full_spool(where, _):
    house = House(where)
    agent = Agent(house, "agent", spool_bytes=256 * 1024)
    with Stage(house, [agent]):
        house.spawn()
        house.ready()
        agent.spawn()

        def one_login():
            house.logins.write(1)
            return house.items("/events?kind=login.failed")

        wait(one_login, "the agent does not tell of a login")
        house.process.stop()
        until = time.monotonic() + 60
        while not agent.spool("SELECT 1 FROM lost LIMIT 1"):
            expect(time.monotonic() < until, "the spool does not fill")
            house.logins.write(300)
            time.sleep(0.3)
        house.spawn()
        house.ready()
        wait(lambda: house.items("/agents")[0]["lost"], "the loss does not show at the collector")
        everything = {}

        def whole():
            epoch, next_seq = agent.epoch()
            have = proof.received(house).get(epoch, set())  # first: what comes between the two looks is told no more
            told = {n for r in house.items("/agents")[0]["lost"] for n in range(r["first"], r["last"] + 1)}
            everything.update(told=told, both=told & have)
            return set(range(1, next_seq - 2)) <= told | have

        wait(whole, "what came and what was told as lost is not everything", 60)
        expect(not everything["both"], "something that was told as lost is there")
        proof.nothing_is_stored_twice(house)
    return f"{len(everything['told'])} batches were told as lost, by exact ranges; everything else came"


def mount(folder, mebibytes):
    if os.geteuid() != 0:
        raise Skipped("mounting a small file system needs root")
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "vonggac-soak", str(folder)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Skipped("a tmpfs cannot be mounted here: " + done.stderr.strip())


class Mounted:
    def __init__(self, folder, mebibytes):
        self.folder = folder
        mount(folder, mebibytes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", str(self.folder)], check=False)

    def fill(self):
        with open(self.folder / "filler", "wb") as filler:
            try:
                while True:
                    os.write(filler.fileno(), bytes(4096))
            except OSError:
                pass

    def remount(self, how):
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True, timeout=20)


def full_disk(where, _):
    with Mounted(where / "data", 16) as disk:
        house = House(where)
        agents = [Agent(house, "agent")]
        with Stage(house, agents) as stage:
            house.spawn()
            house.ready()
            agents[0].spawn()
            wait(lambda: [a["state"] for a in house.items("/agents")] == ["heard"], "the agent does not come")
            stage.helpers += [Writer(house)]
            everybody_delivered(house, agents)
            disk.fill()
            wait(lambda: len(agents[0].waiting()) >= 8, "the agent does not keep its data")
            expect(house.process.alive(), "the collector ended")
            expect(house.log().count("agents keep their data") == 1, "the collector does not say once what is wrong")
            (disk.folder / "filler").unlink()
            everybody_delivered(house, agents)
            expect("writing works again" in house.log(), "the collector does not say that it writes again")
            numbers = proof.every_number_is_somewhere(house, agents)
            proof.nothing_is_stored_twice(house)
    return f"refused while full, kept by the agent, and all {numbers} batches came when there was room"


def one_sentence(house, word):
    said = house.refuses_to_start()
    expect(len(said) == 1 and word in said[0], f"not one clear sentence with '{word}': {said}")
    return said[0]


def bad_database(where, _):
    with Mounted(where / "data", 32) as disk:
        house = House(where)
        with Stage(house, []):
            house.spawn()
            house.ready()
            house.process.stop()
            disk.remount("ro")
            one_sentence(house, "can only be read")
            disk.remount("rw")
            database, copy = house.data / "vonggac.db", where / "copy.db"
            shutil.copy(database, copy)
            with open(database, "r+b") as file:
                file.seek(4096)
                file.write(b"Z" * (database.stat().st_size // 2))
            one_sentence(house, "damaged")
            database.write_bytes(b"this is no database at all\n" * 400)
            one_sentence(house, "damaged")
            shutil.copy(copy, database)
            house.spawn()
            house.ready()
    return "read-only, damaged and foreign files: one sentence each, and it starts when they are in order"


def wrong_clocks(where, _):
    house = House(where)
    with Stage(house, []) as stage:
        house.spawn()
        house.ready()
        stage.helpers += [Load(house, agents=40, wrong_clocks=1)]
        wait(lambda: len({r[0] for r in house.rows("SELECT stream FROM batches")}) == 40, "not every agent reports")
        time.sleep(5)
        now = time.time() * 1000
        rows = house.rows("SELECT stream, COUNT(*), MIN(first), MAX(last), MAX(error) FROM batches GROUP BY stream")
        for stream, count, first, last, error in rows:
            expect(0 < error <= 2000, f"stream {stream} has the error bound {error} ms")
            expect(now - 120_000 < first and last < now + error + 1000, f"stream {stream} lies at {first}..{last}, now is {now:.0f}")
        counts = sorted(count for _, count, *_ in rows)
        expect(counts[0] >= counts[-1] - 4, f"some agents are slower than others: {counts}")
        off = [a["clock_offset_ms"] for a in house.items("/agents?limit=100") if abs(a["clock_offset_ms"] or 0) > 3e11]
        expect(len(off) == 4, f"{len(off)} agents are known to have a wrong clock, not 4")
        proof.nothing_is_stored_twice(house)
        house.process.stop()
        stage.helpers[0].stop()
        acked = proof.nothing_acknowledged_is_lost(house, stage.helpers[0].acks)
        expect(acked > 0, "the load saw no ack")
    return f"{acked} batches of 40 agents, 4 of them at 1970 or 2038: each row is there, at its corrected time, as fast as the others"


def bad_files(where, _):
    house = House(where)
    rules = where / "rules"
    shutil.copytree(running.TOP / "rules" / "catalogue", rules)
    house.config.write_text(house.config.read_text().replace(f"{running.TOP}/rules/catalogue", str(rules)))
    with Stage(house, []):
        house.spawn()
        house.ready()
        version, judged = json.loads(house.get("/api/v1/status", house.api))["rules_version"], len(house.items("/rules?limit=1000"))
        (rules / "mistake.yaml").write_text("- id: X01\n  titel: a\n  severity: very\n")
        house.process.child.send_signal(signal.SIGHUP)
        wait(lambda: "the old rules stay in force" in house.log(), "the mistakes are not told")
        expect(house.log().count("mistake.yaml:") >= 2, "not every mistake has its place")
        expect(json.loads(house.get("/api/v1/status", house.api))["rules_version"] == version, "other rules are in force")
        expect(len(house.items("/rules?limit=1000")) == judged, "rules are missing")
        before = house.items("/register/versions")
        bad = where / "bad.yaml"
        bad.write_text("units:\n  - { code: x, level: nowhere }\nsites:\n  - { id: 'a b', head_count: many }\n")
        try:
            house.run("register", "import", bad, "--who", "soak", "--why", "mistakes")
            raise AssertionError
        except SystemExit as refused:
            said = str(refused)
        except AssertionError:
            expect(False, "a register with mistakes came into force")
        expect(said.count("bad.yaml:") >= 4, f"not every mistake has its place: {said}")
        expect(house.items("/register/versions") == before, "the old register is not in force any more")
    return "every mistake of rule files and of a register has its file, line and column; the old versions stay"


CAMPAIGNS = {"system": whole_system, "full-spool": full_spool, "full-disk": full_disk, "bad-database": bad_database,
             "wrong-clocks": wrong_clocks, "bad-files": bad_files}
