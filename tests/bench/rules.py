#!/usr/bin/env python3
"""100,000 subjects × 40 expectations judged from scratch, then after 1,000 changed facts."""
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("VONGGAC_BIN", TOP / "build" / "release" / "bin"))

if __name__ == "__main__":
    subprocess.run([str(BIN / "bench_rules")], check=True)
