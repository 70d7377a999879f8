#!/usr/bin/env python3
"""The list of 50,000 devices: a page, searches, orders, the whole as a table."""
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("VONGGAC_BIN", TOP / "build" / "release" / "bin"))

if __name__ == "__main__":
    subprocess.run([str(BIN / "bench_devices")], check=True)
