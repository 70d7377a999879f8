#!/usr/bin/env python3
"""What `vonggac-agent watch --read` says of every shared capture, held against tshark: leases, names, neighbours.
Usage: lan_oracle.py AGENT [FOLDER WITH CAPTURES]. Without captures or tshark it says so and ends well.

tshark is started once a link type: all captures in one file, whose packets carry the number of their own file as their time."""
import collections
import gzip
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
READ = {0, 1, 12, 101, 104, 105, 108, 113, 127, 228, 229, 276}  # link types that watch reads
SUFFIXES = (".pcap", ".pcapng", ".cap", ".trace", ".gz")
# A station's own speech: what mirrors and tunnels carry inside IP happened on another network.
DIRECT = re.compile(r"^(eth|sll|radiotap:wlan_radio:wlan|wlan|chdlc|raw|null|loop)((:ethertype|:vlan|:ieee8021ad|:llc)*)"
                    r"(:ip|:ipv6)?(:ipv6\.\w+)*(:gre)?(:udp)?:(?P<kind>arp|lldp|cdp|dhcp|dhcpv6|mdns|llmnr|nbns)(:f5ethtrailer|:vssmonitoring)?$")
FIELDS = """frame.time_epoch frame.protocols lldp.chassis.id lldp.chassis.id.mac lldp.chassis.id.ip4 lldp.chassis.id.ip6 lldp.port.id lldp.port.id.mac
lldp.port.id.ip4 lldp.port.id.ip6 lldp.tlv.system.name cdp.deviceid cdp.portid cdp.platform dhcp.type dhcp.hw.mac_addr dhcp.ip.your dhcp.option.dhcp
dhcp.option.dhcp_server_id dhcp.option.ip_address_lease_time dhcp.option.hostname dhcp.fqdn.name dhcp.option.vendor_class_id
dhcp.option.request_list_item dhcpv6.client_domain
nbns.flags.opcode nbns.flags.response nbns.flags.rcode nbns.count.queries nbns.name nbns.netbios_name frame.len frame.cap_len _ws.malformed""".split()


def packets_of_next_generation(raw):
    at, links, order = 0, [], "<"
    while at + 12 <= len(raw):
        if raw[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order, links = "<" if raw[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        kind, length = struct.unpack(order + "II", raw[at:at + 8])
        if length < 12 or length & 3 or at + length > len(raw):
            return
        body = raw[at + 8:at + length - 4]
        if kind == 1:
            links.append(struct.unpack(order + "HHI", body[:8])[0])
        elif kind == 6:
            interface, _, _, captured, size = struct.unpack(order + "IIIII", body[:20])
            if interface < len(links):
                if links[interface] != links[0]:
                    return  # libpcap reads files of one link type
                yield links[interface], body[20:20 + captured], size
        elif kind == 3 and links:
            size, = struct.unpack(order + "I", body[:4])
            yield links[0], body[4:4 + size], size
        at += length


def packets(path):
    """(link type, bytes, length on the line) of each packet, as far as the file is whole."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError):
            return
    if raw[:4] == b"\x0a\x0d\x0d\x0a":
        yield from packets_of_next_generation(raw)
        return
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\x3c\x4d": ">"}.get(raw[:4])
    if not order or len(raw) < 24:
        return
    link, at = struct.unpack(order + "I", raw[20:24])[0] & 0xffff, 24
    while at + 16 <= len(raw):
        _, _, captured, size = struct.unpack(order + "IIII", raw[at:at + 16])
        if captured > 262144 or at + 16 + captured > len(raw):
            return
        yield link, raw[at + 16:at + 16 + captured], size
        at += 16 + captured


def clean(text):
    """A name without case, blanks at its end, and what the two programs write for bytes that are no text."""
    return re.sub(r"\\[0-9a-f]{3}|\\x[0-9a-f]{2}|[^ -~]|\?|\\[a-z\\\"]", "", text).rstrip(" .").lower()


def nbns_names(row):
    """Names in the records of a claim or a positive answer; tshark writes "NAME<00> (what it is)", or the name alone."""
    is_answer = row["nbns.flags.response"] in ("1", "True")
    operation = int(row["nbns.flags.opcode"] or 0)
    if is_answer and (operation != 0 or (row["nbns.flags.rcode"] or "0") != "0"):
        return []
    if not is_answer and operation not in (5, 8, 9, 15):
        return []
    names = row["nbns.netbios_name"].split("|") if row["nbns.netbios_name"] else row["nbns.name"].split("|")[int(row["nbns.count.queries"] or 0):]
    return [re.sub(r"\s*<[0-9a-f]{2}>.*", "", name) for name in names]


def expected_of(row, want):
    found = DIRECT.match(row["frame.protocols"])
    if not found:
        return
    kind = found.group("kind")
    several = lambda name: row[name].split("|") if row[name] else []
    first = lambda *names: next((row[n].split("|")[0] for n in names if row[n]), "")
    if kind == "lldp" and first("lldp.chassis.id.mac", "lldp.chassis.id", "lldp.chassis.id.ip4", "lldp.chassis.id.ip6"):
        want["neighbours"].add(("lldp", clean(first("lldp.chassis.id.mac", "lldp.chassis.id.ip4", "lldp.chassis.id.ip6", "lldp.chassis.id")),
                                clean(first("lldp.port.id.mac", "lldp.port.id.ip4", "lldp.port.id.ip6", "lldp.port.id")),
                                clean(first("lldp.tlv.system.name"))))
    if kind == "cdp" and row["cdp.deviceid"]:
        want["neighbours"].add(("cdp", clean(first("cdp.deviceid")), clean(first("cdp.portid")), clean(first("cdp.platform"))))
    if kind == "dhcp" and row["dhcp.hw.mac_addr"]:
        mac = first("dhcp.hw.mac_addr")
        if int(mac[:2], 16) & 1 == 0 and mac != "00:00:00:00:00:00":
            if first("dhcp.option.dhcp") == "5" and first("dhcp.ip.your") != "0.0.0.0":
                want["leases"].add((mac, first("dhcp.ip.your"), first("dhcp.option.dhcp_server_id"), first("dhcp.option.ip_address_lease_time") or "0"))
            for name in several("dhcp.option.hostname") + several("dhcp.fqdn.name"):
                want["dhcp"].add((mac, clean(name)))
            if row["dhcp.type"] == "1" and row["dhcp.option.request_list_item"]:
                want["fingerprints"].add((mac, ",".join(several("dhcp.option.request_list_item"))))
            if row["dhcp.type"] == "1" and row["dhcp.option.vendor_class_id"]:
                want["classes"].add((mac, clean(first("dhcp.option.vendor_class_id"))))
    if kind == "dhcpv6":
        want["dhcpv6"].update(clean(name) for name in several("dhcpv6.client_domain"))
    if kind == "nbns":
        want["nbns"].update(clean(name) for name in nbns_names(row))


def host_names(layers):
    """Names with an address that the sender of an mDNS or LLMNR message holds. The records come as JSON: as columns they are not aligned."""
    for kind in ("mdns", "llmnr"):
        for message in (value for name, value in layers if name == kind):
            part = dict(message)
            is_answer = dict(part["dns.flags_tree"])["dns.flags.response"] == "1"
            for section in ("Answers", "Additional records") if is_answer else ("Authoritative nameservers",) if kind == "mdns" else ():
                for _, fields in part.get(section, []):
                    record = dict(fields)
                    if record.get("dns.resp.type") in ("1", "28"):
                        yield kind, clean(record["dns.resp.name"])


def ask_for_names(capture, wanted):
    out = subprocess.run(["tshark", "-n", "-r", capture, "-Y", "(mdns or llmnr) and not _ws.malformed", "-T", "json", "-J", "frame mdns llmnr"], capture_output=True,
                         text=True, errors="replace", timeout=300, check=False).stdout
    for packet in json.loads(out or "[]", object_pairs_hook=list):
        layers = dict(dict(packet)["_source"])["layers"]
        frame = dict(next(value for name, value in layers if name == "frame"))
        if DIRECT.match(frame["frame.protocols"]):
            number = int(float(frame["frame.time_epoch"]))
            for kind, name in host_names(layers):
                wanted[number][kind].add(name)


def ask_tshark(files, folder):
    """What tshark says of each file, by the number of the file."""
    outputs, wanted = {}, collections.defaultdict(lambda: collections.defaultdict(set))
    for number, path in enumerate(files):
        for link, data, size in packets(path):
            if link not in READ:
                break
            if link not in outputs:
                outputs[link] = open(folder / f"{link}.pcap", "wb")
                outputs[link].write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, link))
            outputs[link].write(struct.pack("<IIII", number, 0, len(data), max(size, len(data))) + data)
    for link, output in outputs.items():
        output.close()
        command = ["tshark", "-n", "-r", output.name, "-Y", "lldp or cdp or dhcp or dhcpv6 or nbns", "-T", "fields", "-E", "separator=/t",
                   "-E", "occurrence=a", "-E", "aggregator=|", "-o", "ip.defragment:FALSE"] + [word for field in FIELDS for word in ("-e", field)]
        out = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300, check=False).stdout
        for line in out.splitlines():
            row = dict(zip(FIELDS, line.split("\t")))
            if len(row) == len(FIELDS) and not row["_ws.malformed"]:
                expected_of(row, wanted[int(float(row["frame.time_epoch"]))])
        ask_for_names(output.name, wanted)
    return wanted


def ask_watch(agent, files):
    told, number = collections.defaultdict(lambda: collections.defaultdict(set)), -1
    command = [agent, "watch", "--json"] + [word for path in files for word in ("--read", str(path))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"watch ended with {done.returncode}: {done.stderr[-2000:]}")
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if row["type"] == "file":
            number += 1
            assert row["file"] == str(files[number])
            continue
        got = told[number]
        if row["type"] == "event":
            if row["event"] == "dhcp.lease" and "server" in row:
                got["leases"].add((row["mac"], row["ip"], row["server"], str(row.get("seconds", 0))))
            elif row["event"] == "dhcp.lease":
                got["leases"].add((row["mac"], row["ip"], "", str(row.get("seconds", 0))))
            continue
        for name in row["names"]:
            kind = name["source"]
            if kind == "dhcp":
                got["dhcp"].add((row["mac"], clean(name["name"])))
            elif kind == "nbns":
                got["nbns"].add(clean(name["name"]))
            else:
                got[kind].add(clean(name["name"]))
        got["groups"].add(clean(row.get("workgroup", "")))
        client = row.get("dhcp", {})
        if "fingerprint" in client:
            got["fingerprints"].add((row["mac"], client["fingerprint"]))
        if "vendor_class" in client:
            got["classes"].add((row["mac"], clean(client["vendor_class"])))
        for n in row["neighbours"]:
            if n["protocol"] != "stp":
                last = n.get("name", "") if n["protocol"] == "lldp" else n.get("platform", "")
                got["neighbours"].add((n["protocol"], clean(n["chassis"]), clean(n["port"]), clean(last)))
    return told


def compare(files, wanted, told):
    kinds = ["leases", "dhcp", "dhcpv6", "mdns", "llmnr", "nbns", "neighbours"]
    equal, different = collections.Counter(), 0
    for number, path in enumerate(files):
        for kind in kinds:
            want, got = set(wanted[number][kind]), set(told[number][kind])
            if kind == "nbns":  # a group's name is not its member's: it stands as the workgroup
                want -= told[number]["groups"] - got
            equal[kind] += len(want & got)
            if want != got:
                different += 1
                print(f"{path.name}: {kind}: only tshark {sorted(want - got)}, only watch {sorted(got - want)}")
        # Of what a device tells again and again the last word is kept: watch must say nothing that tshark does not see.
        for kind in ("fingerprints", "classes"):
            more = told[number][kind] - wanted[number][kind]
            equal[kind] += len(told[number][kind]) - len(more)
            if more:
                different += 1
                print(f"{path.name}: {kind}: only watch {sorted(more)}, tshark {sorted(wanted[number][kind])}")
    return equal, different


def find_captures(build):
    shared = pathlib.Path(os.environ.get("VONGGAC_SHARED", TOP.parent / "shared")) / "corpora"
    if not (shared / "unpack.sh").exists():
        return None
    subprocess.run(["bash", shared / "unpack.sh", build, "pcap/tcpdump", "pcap/zeek", "pcap/suricata", "pcap/ndpi"], check=True, stdout=subprocess.DEVNULL)
    return build


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    agent = words[0] if words else str(TOP / "build/release/bin/vonggac-agent")
    if not shutil.which("tshark"):
        print("skipped: tshark is not on this machine")
        return 0
    top = pathlib.Path(words[1]) if len(words) > 1 else find_captures(TOP / "build" / "corpora")
    if top is None:
        print("skipped: no shared captures beside the checkout")
        return 0
    files = sorted(path for path in top.rglob("*") if path.name.endswith(SUFFIXES) and path.is_file())
    with tempfile.TemporaryDirectory(prefix="vonggac-oracle-") as folder:
        wanted = ask_tshark(files, pathlib.Path(folder))
    equal, different = compare(files, wanted, ask_watch(agent, files))
    print(", ".join(f"{count} {kind}" for kind, count in equal.items()) + f" equal in {len(files)} captures")
    print(f"{1 if different == 0 else 0} passed, {different} failed")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
