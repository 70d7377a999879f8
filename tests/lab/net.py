"""Network namespaces, veth pairs, and the relay that plays the lines. Everything made here carries the lab's prefix and
is removed by down(); processes are ended by the ids that were written down when they were started."""
import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

LIBC = ctypes.CDLL("libc.so.6", use_errno=True)
CLONE_NEWNET = 0x40000000


def run(*words, check=True, **kwargs):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=60, **kwargs)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(str(w) for w in words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


@contextlib.contextmanager
def inside(namespace):
    """What this thread opens inside the block belongs to the namespace, and stays there."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if LIBC.setns(there, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
        yield
    finally:
        LIBC.setns(home, CLONE_NEWNET)
        os.close(home)
        os.close(there)


class Net:
    def __init__(self, prefix, work):
        self.prefix = prefix
        self.work = pathlib.Path(work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.namespaces = []
        self.processes = {}  # name -> Popen

    def ns(self, name):
        return f"{self.prefix}-{name}"

    def add(self, name):
        full = self.ns(name)
        run("ip", "netns", "add", full)
        self.namespaces.append(full)
        # Without IPv6, an interface says nothing before it has been given its own address.
        run("ip", "netns", "exec", full, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1",
            "net.ipv4.ip_forward=1", "net.ipv4.ping_group_range=0 2147483647", "net.ipv4.conf.all.rp_filter=0",
            "net.ipv4.conf.default.rp_filter=0", "net.ipv4.icmp_ratelimit=0")
        run("ip", "-n", full, "link", "set", "lo", "up")

    def ip(self, name, *words):
        return run("ip", "-n", self.ns(name), *words)

    def pair(self, a, interface_a, b, interface_b):
        """A veth pair without offloads, so that real frames of at most 1514 bytes cross it."""
        run("ip", "link", "add", interface_a, "netns", self.ns(a), "type", "veth", "peer", "name", interface_b, "netns", self.ns(b))
        for name, interface in ((a, interface_a), (b, interface_b)):
            self.exec(name, "ethtool", "-K", interface, "tx", "off", "rx", "off", "gro", "off", "gso", "off", "tso", "off")
            self.ip(name, "link", "set", interface, "up")

    def exec(self, name, *words, check=True):
        return run("ip", "netns", "exec", self.ns(name), *words, check=check)

    def start(self, process, namespace, *words, env=None, cwd=None):
        """A long-lived process inside a namespace; its output goes to WORK/log/PROCESS.log."""
        log = self.work / "log" / f"{process}.log"
        log.parent.mkdir(exist_ok=True)
        with open(log, "ab") as out:
            child = subprocess.Popen(["ip", "netns", "exec", self.ns(namespace), *[str(w) for w in words]], stdin=subprocess.DEVNULL,
                                     stdout=out, stderr=out, env={**os.environ, **(env or {})}, cwd=cwd, start_new_session=True)
        self.processes[process] = child
        with open(self.work / "pids", "a", encoding="ascii") as pids:
            pids.write(f"{child.pid} {process}\n")
        return child

    def stop(self, process, how=signal.SIGTERM, wait=10):
        child = self.processes.pop(process, None)
        if child is None or child.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, how)
        try:
            child.wait(wait)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def running(self, process):
        child = self.processes.get(process)
        return child is not None and child.poll() is None

    def down(self):
        for process in list(self.processes):
            self.stop(process, wait=3)
        for full in self.namespaces:
            run("ip", "netns", "del", full, check=False)
        self.namespaces.clear()

    def relay(self, binary, namespace, links):
        """links: name -> (interface, interface) in the relay's namespace."""
        control = self.work / "relay.sock"
        self.start("relay", namespace, binary, control, *[f"{name}={a},{b}" for name, (a, b) in links.items()])
        return Lines(control, self.work / f"relay-client-{os.getpid()}.sock")


class Lines:
    """The relay's control: lines.set("c1-fibre", up=0)."""

    def __init__(self, control, own):
        self.control, self.own, self.lock = str(control), str(own), threading.Lock()

    def set(self, link, **settings):
        text = " ".join([link] + [f"{key}={value}" for key, value in settings.items()])
        with self.lock, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.own)
            s.bind(self.own)
            s.settimeout(5)
            for attempt in range(50):  # the relay may just be starting
                try:
                    s.sendto(text.encode(), self.control)
                    break
                except (FileNotFoundError, ConnectionRefusedError):
                    if attempt == 49:
                        raise
                    time.sleep(0.1)
            answer = s.recv(200).decode()
            if answer != "ok":
                raise RuntimeError(f"relay: {text}: {answer}")
