"""What must hold after any campaign, read from the disks of both sides."""
import json

from house import Failed, expect, numbers_of, received


def signed(epoch):
    return epoch - (1 << 64) if epoch >= 1 << 63 else epoch


def nothing_acknowledged_is_lost(house, acks_file):
    """Every batch whose ack a virtual agent saw is in the collector's books. Gives how many there were."""
    have = received(house)
    count = 0
    for line in acks_file.read_text().splitlines() if acks_file.exists() else []:
        _, epoch, seq = line.split()
        count += 1
        expect(int(seq) in have.get(signed(int(epoch)), ()), f"batch {seq} of epoch {epoch} was acknowledged and is gone")
    return count


def every_number_is_somewhere(house, agents, losses_allowed=False):
    """Each number that an agent ever gave is at the collector, still in its spool, or written down as lost."""
    have = received(house)
    count = 0
    for agent in agents:
        epoch, next_seq = agent.epoch()
        lost = {n for first, last in agent.spool("SELECT first, last FROM lost") for n in range(first, last + 1)}
        if lost and not losses_allowed:
            raise Failed(f"{agent.where.name} wrote {len(lost)} batches off")
        gone = set(range(1, next_seq)) - have.get(epoch, set()) - agent.waiting() - lost
        expect(not gone, f"{agent.where.name}: {len(gone)} of {next_seq - 1} batches are nowhere, such as {min(gone, default=0)}")
        count += next_seq - 1
    return count


def nothing_is_stored_twice(house):
    twice = house.rows("SELECT stream, seq, COUNT(*) FROM batches GROUP BY stream, seq HAVING COUNT(*) > 1")
    expect(not twice, f"stored twice: {twice[:3]}")
    have = {stream: blob for stream, blob in house.rows("SELECT id, received FROM streams")}
    sets = {stream: {n for a, b in numbers_of(blob) for n in range(a, b + 1)} for stream, blob in have.items()}
    for stream, seq in house.rows("SELECT stream, seq FROM batches"):
        expect(seq in sets[stream], f"batch {seq} of stream {stream} is stored and not in the books")
    names = {}
    for agent, user in login_names(house):
        expect((agent, user) not in names, f"the login of {user} is stored twice for agent {agent}")
        names[agent, user] = True
    return len(names)


def login_names(house):
    """(agent, user) of each failed login, by the API."""
    before = ""
    while page := house.items("/events?kind=login.failed&limit=1000" + before):
        for event in page:
            yield event["agent"], event["fields"]["user"]
        before = f"&before={page[-1]['id']}"


def samples_stand_once(house):
    """By the API: no series has a time twice. Gives how many samples were looked at."""
    count = 0
    for series in house.items("/series?metric=host.load1&limit=1000"):
        times = json.loads(house.get(f"/api/v1/series/{series['id']}/data?step=raw&max_points=100000", house.api))["t"]
        expect(len(times) == len(set(times)), f"series {series['id']} has a time twice")
        count += len(times)
    return count


def disk_is_sound(house):
    expect(house.rows("PRAGMA integrity_check") == [("ok",)], "the collector's database is damaged")
    expect("intact" in house.run("verify"), "a chain of events does not hold")
