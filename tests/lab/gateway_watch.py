"""What a commune's router does with two lines: echoes to the first line's gateway every 200 ms; six lost in a row move the
default route to the second line, ten answered in a row bring it back. Runs in the router's namespace:
  gateway_watch.py GATEWAY FIRST_VIA SECOND_VIA"""
import os
import select
import socket
import struct
import subprocess
import sys
import time

INTERVAL, LOST, BACK = 0.2, 6, 10


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def echo(number):
    head = struct.pack("!BBHHH", 8, 0, 0, os.getpid() & 0xFFFF, number & 0xFFFF)
    return head[:2] + struct.pack("!H", checksum(head)) + head[4:]


def route_by(via):
    subprocess.run(["ip", "route", "replace", "default", "via", via], check=False)


def main(gateway, first, second):
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    route_by(first)
    number = lost = answered = 0
    on_first = True
    while True:
        number += 1
        due = time.monotonic() + INTERVAL
        try:
            sock.sendto(echo(number), (gateway, 0))
        except OSError:
            pass
        seen = False
        while (left := due - time.monotonic()) > 0:
            if select.select([sock], [], [], left)[0]:
                data = sock.recv(2000)[20:]
                seen = seen or (data[0] == 0 and struct.unpack("!HH", data[4:8]) == (os.getpid() & 0xFFFF, number & 0xFFFF))
        lost, answered = (0, answered + 1) if seen else (lost + 1, 0)
        if on_first and lost >= LOST:
            route_by(second)
            on_first = False
        elif not on_first and answered >= BACK:
            route_by(first)
            on_first = True


if __name__ == "__main__":
    main(*sys.argv[1:])
