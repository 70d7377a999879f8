#!/usr/bin/env python3
"""What a first visit to the page costs: every file that the browser fetches to show the home page, compressed as the
collector sends it. Fonts count in full. Usage: page.py [--check, which fails above the limit]"""
import json
import pathlib
import re
import sys

DIST = pathlib.Path(__file__).resolve().parents[2] / "web-ui" / "dist"
LIMIT_KB = 150


def wanted_by(path):
    """The files that a file of the page asks for at once; pages opened later come by import(), which is not counted."""
    if path.suffix == ".html":
        found = re.findall(r'(?:src|href)="(/[^"]+)"', path.read_text("utf-8"))
    elif path.suffix == ".js":
        found = re.findall(r'(?:from|import)\s*["\'](\.[^"\']+)["\']', path.read_text("utf-8"))
    elif path.suffix == ".css":
        found = re.findall(r"url\(([^)]+)\)", path.read_text("utf-8"))
    else:
        found = []
    for name in found:
        name = name.strip("\"'")
        yield DIST / name[1:] if name.startswith("/") else (path.parent / name).resolve()


def first_load():
    files, waiting = set(), [DIST / "index.html"]
    while waiting:
        path = waiting.pop()
        if path in files:
            continue
        files.add(path)
        waiting.extend(wanted_by(path))
    return sorted(files)


def size(path, suffix):
    packed = path.with_name(path.name + suffix)
    return packed.stat().st_size if packed.exists() else path.stat().st_size


def main():
    if not (DIST / "index.html").exists():
        raise SystemExit("web-ui/dist is not built: ./dev web")
    files = first_load()
    total = {suffix: sum(size(path, suffix) for path in files) for suffix in (".gz", ".br")}
    fonts = sum(path.stat().st_size for path in files if path.suffix == ".woff2")
    for path in files:
        print(f"{size(path, '.gz'):8} {path.relative_to(DIST)}", file=sys.stderr)
    figures = {"first_load_kb": round(total[".gz"] / 1000, 1), "first_load_brotli_kb": round(total[".br"] / 1000, 1),
               "fonts_kb": round(fonts / 1000, 1), "files": len(files)}
    method = ("sum of the gzip bodies of index.html and of all it fetches to show the home page (scripts, styles, the four "
              "font files, icon), without headers; a browser test counts the same on the wire")
    print(json.dumps({"bench": "page", "figures": figures, "method": method}))
    if "--check" in sys.argv and figures["first_load_kb"] > LIMIT_KB:
        raise SystemExit(f"the first load is {figures['first_load_kb']} kB, more than {LIMIT_KB}")


main()
