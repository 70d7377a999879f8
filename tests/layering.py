#!/usr/bin/env python3
"""Holds the tree against the table of rooms: who may include whom, and who owns which foreign header."""
import pathlib
import re
import sys

ROOMS = {  # room -> rooms that it may include besides itself
    "base": set(),
    "wire": {"base"},
    "rules": {"base", "wire"},
    "probes": {"base", "wire"},
    "agent": {"base", "wire", "probes", "rules"},
    "collector": {"base", "wire", "rules"},
}
OWNED = {  # foreign header -> the files that may include it
    r"pcap(/.*)?\.h": r"probes/lan/frame_source\.cpp",
    r"zlib\.h": r"probes/lan/gzip_file\.cpp|collector/.*\.cpp",
    r"net-snmp/.*": r"probes/snmp/net_snmp\w*\.[ch]pp",
    r"sqlite3\.h": r"base/sqlite\.cpp|rules/.*guard.*\.cpp",
    r"openssl/.*": r"base/(tls_\w+|x509|crypto)\.[ch]pp",
    r"argon2\.h": r"base/crypto\.cpp",
    r"yaml-cpp/.*": r"base/yaml\.cpp",
    r"spdlog/.*": r"base/log\.cpp",
    r"zstd\.h": r"wire/.*\.cpp",
    r"boost/beast/.*": r"(collector/http|probes/http|probes)/[a-z_]+\.cpp",
    r"prometheus/.*": r"collector/.*metrics.*\.(cpp|hpp)",
    r"CLI/.*": r"(agent|collector)/[a-z_]*main[a-z_]*\.cpp|tests/.*",
    r"systemd/.*": r"probes/auth_log/.*\.cpp",
}
MAX_LINES = 600  # a file longer than this holds a second idea (style.md aims at 300)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def check(top):
    problems = []
    for room, allowed in ROOMS.items():
        for path in sorted((top / room).rglob("*")):
            if path.suffix not in (".cpp", ".hpp"):
                continue
            name = path.relative_to(top).as_posix()
            lines = path.read_text(encoding="utf-8").splitlines()
            if len(lines) > MAX_LINES:
                problems.append(f"{name}:1: {len(lines)} lines; look for the second idea inside (at most {MAX_LINES})")
            for number, line in enumerate(lines, 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                kind, header = found.groups()
                target = header.split("/")[0]
                if kind == '"' and target not in allowed | {room}:
                    problems.append(f"{name}:{number}: {room}/ may not include {header}")
                for pattern, owner in OWNED.items():
                    if re.fullmatch(pattern, header) and not re.fullmatch(owner, name):
                        problems.append(f"{name}:{number}: <{header}> belongs to {owner}")
    return problems


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "layering: every include is at home")
    sys.exit(1 if found else 0)
