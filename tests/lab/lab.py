#!/usr/bin/env python3
"""./dev lab: a province in network namespaces.
  up          builds it and leaves it running until Ctrl-C; prints the address and the password
  list        the scenarios, a sentence each
  all         every scenario, one after the other
  NAME...     these scenarios
--json prints what happened as one JSON object a scenario; needs root."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import net as netmod  # noqa: E402
import province as prov  # noqa: E402
import scenarios  # noqa: E402


def forward(p, port):
    """Lets a browser outside the namespaces see the collector: 127.0.0.1:port to the data centre."""
    listener = socket.create_server(("127.0.0.1", port))

    def pump(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for s in (a, b):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve():
        while True:
            near, _ = listener.accept()
            try:
                with netmod.inside(p.net.ns("dc")):
                    far = socket.create_connection((prov.COLLECTOR, prov.PORT), timeout=5)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            for pair in ((near, far), (far, near)):
                threading.Thread(target=pump, args=pair, daemon=True).start()
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def verdict(result):
    said = result["why"] if not result["passed"] else result["says"]
    return f"{'ok    ' if result['passed'] else 'FAILED'} {result['scenario']:16} {result['seconds']:6.1f} s  {said}"


def print_logs(folder):
    for log in sorted(folder.glob("*.log")):
        if lines := log.read_text(errors="replace").splitlines()[-12:]:
            print(f"-- {log.name}\n" + "\n".join(lines))


def main():
    parser = argparse.ArgumentParser(prog="./dev lab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["list"])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ci", action="store_true", help="on failure, print the ends of the logs before the verdicts")
    parser.add_argument("--build", default=str(prov.TOP / "build/release"))
    parser.add_argument("--work", default="")
    parser.add_argument("--port", type=int, default=8443)
    options = parser.parse_args()
    if options.what == ["list"]:
        for name, function in scenarios.ALL.items():
            print(f"{name:16} {function.__doc__.splitlines()[0]}")
        return 0
    names = list(scenarios.ALL) if options.what == ["all"] else options.what
    unknown = [n for n in names if n != "up" and n not in scenarios.ALL]
    if unknown:
        print(f"no such scenario: {', '.join(unknown)}; ./dev lab list names them", file=sys.stderr)
        return 2
    if os.geteuid() != 0:
        print("the lab makes network namespaces and needs root: sudo ./dev lab ...", file=sys.stderr)
        return 2
    work = pathlib.Path(options.work or f"/tmp/vonggac-lab-{os.getpid()}")
    p = prov.Province(work, options.build, prefix=f"vgl{os.getpid() % 100000}")
    results, stands = [], ""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, with everything taken down
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        started = time.monotonic()
        p.up()
        print(f"the province stands after {time.monotonic() - started:.1f} s; its files: {work}", file=sys.stderr)
        if names == ["up"]:
            port = forward(p, options.port)
            print(f"https://127.0.0.1:{port}/   user: admin   password: {p.first_password()}\nCtrl-C ends it", flush=True)
            while True:
                time.sleep(3600)
        for name in names:
            result = scenarios.run(p, name)
            results.append(result)
            print(json.dumps(result, ensure_ascii=False) if options.json else verdict(result), flush=True)
            if not result["passed"] and not options.json:
                for step in result["steps"]:
                    print("       ", step)
    except KeyboardInterrupt:
        pass
    except (AssertionError, RuntimeError, OSError) as error:
        stands = f"FAILED the province does not stand: {error}"
    finally:
        p.down()
        failed = sum(not r["passed"] for r in results) + bool(stands)
        if failed and options.ci:
            print_logs(work / "log")
        elif not failed:
            shutil.rmtree(work, ignore_errors=True)
    if options.json or names == ["up"]:
        if stands:
            print(stands, file=sys.stderr)
    else:  # last of all, so that the end of any log shows what went wrong
        print("\n".join(["", *[verdict(r) for r in results], *[stands] * bool(stands)]))
        print(f"{len(results) + bool(stands) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
