"""A capture of an office network, made by rule and not by chance of the day: the same bytes every time. Devices announce
themselves as PCs, printers, phones, cameras and switches do, between the ordinary traffic of the rest."""
import random
import struct


def mac_of(n):
    # Three makers of the real world, one that sets its addresses by software.
    return [b"\x00\x0c\x29", b"\x3c\x84\x6a", b"\x00\x1a\xe9", b"\x02\x5a\x11"][n % 4] + struct.pack(">I", n)[1:]


def ip_of(n):
    return bytes((10, 20, 1 + n // 250, 1 + n % 250))


def ethernet(to, source, kind, payload, vlan=0):
    tag = struct.pack(">HH", 0x8100, vlan) if vlan else b""
    return (to + source + tag + struct.pack(">H", kind) + payload).ljust(60, b"\0")


def udp4(to, n, to_ip, source_port, port, payload, hops=255, vlan=0):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), n & 0xffff, 0, hops, 17, 0, ip_of(n), to_ip)
    return ethernet(to, mac_of(n), 0x0800, head + struct.pack(">HHHH", source_port, port, 8 + len(payload), 0) + payload, vlan)


def labels(name):
    return b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) + b"\0"


def record(name, kind, data, ttl=120):
    return name + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


def netbios(name, suffix):
    raw = name.encode()[:15].ljust(15) + bytes((suffix,))
    return b"\x20" + bytes(c for b in raw for c in (0x41 + (b >> 4), 0x41 + (b & 15))) + b"\0"


def option(code, data):
    return bytes((code, len(data))) + data


def option6(code, data):
    return struct.pack(">HH", code, len(data)) + data


def tlv(kind, data):
    return struct.pack(">H", kind << 9 | len(data)) + data


def cdp_field(kind, data):
    return struct.pack(">HH", kind, len(data) + 4) + data


BROADCAST = b"\xff" * 6
ALL = bytes((255, 255, 255, 255))


def v6_of(n):
    return b"\xfe\x80" + bytes(6) + b"\x02\x5a\x11\xff\xfe" + struct.pack(">I", n)[1:]


def udp6(to, n, to_ip, source_port, port, payload):
    head = struct.pack(">IHBB", 0x60000000, 8 + len(payload), 17, 255) + v6_of(n) + to_ip
    return ethernet(to, mac_of(n), 0x86dd, head + struct.pack(">HHHH", source_port, port, 8 + len(payload), 0) + payload)


def arp(n, _):
    return ethernet(BROADCAST, mac_of(n), 0x0806, struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + mac_of(n) + ip_of(n) + bytes(6) + ip_of(n ^ 1),
                    vlan=20 if n % 5 == 0 else 0)


def ndp(n, _):
    body = b"\x87\0\0\0" + bytes(4) + v6_of(n ^ 1) + b"\x01\x01" + mac_of(n)
    head = struct.pack(">IHBB", 0x60000000, len(body), 58, 255) + v6_of(n) + b"\xff\x02" + bytes(13) + b"\1"
    return ethernet(b"\x33\x33\xff\x00\x00\x01", mac_of(n), 0x86dd, head + body)


def dhcp(n, k):
    is_reply = k % 2
    body = struct.pack(">BBBBIHH", 1 + is_reply, 1, 6, 0, 0x1000 + n, 0, 0) + bytes(4) + (ip_of(n) if is_reply else bytes(4)) + bytes(8)
    body += mac_of(n) + bytes(10) + bytes(64) + bytes(128) + b"\x63\x82\x53\x63"
    if is_reply:
        body += option(53, b"\5") + option(54, ip_of(0)) + option(51, struct.pack(">I", 28800)) + option(1, b"\xff\xff\0\0") + option(3, ip_of(0))
        return udp4(mac_of(n), 0, ip_of(n), 67, 68, body + b"\xff")
    body += option(53, b"\3") + option(61, b"\1" + mac_of(n)) + option(50, ip_of(n)) + option(12, f"pc-{n:04}".encode())
    body += option(60, b"MSFT 5.0") + option(55, bytes((1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)))
    return udp4(BROADCAST, n, ALL, 68, 67, body + b"\xff")


def dhcp6(n, _):
    body = b"\1" + struct.pack(">I", n)[1:] + option6(1, b"\0\3\0\1" + mac_of(n)) + option6(39, b"\0" + labels(f"pc-{n:04}.xa.example"))
    return udp6(b"\x33\x33\0\1\0\2", n, b"\xff\x02" + bytes(11) + b"\1\0\2", 546, 547, body + option6(6, b"\0\x17\0\x18"))


def mdns(n, k):
    if k % 3 == 0:  # somebody asks
        return udp4(b"\x01\0\x5e\0\0\xfb", n, bytes((224, 0, 0, 251)), 5353, 5353,
                    struct.pack(">6H", 0, 0, 2, 0, 0, 0) + labels("_ipp._tcp.local") + b"\0\x0c\0\1" + labels("_airplay._tcp.local") + b"\0\x0c\0\1")
    host = labels(f"may-{n:04}.local")
    body = struct.pack(">6H", 0, 0x8400, 0, 1, 0, 3) + record(labels("_ipp._tcp.local"), 12, bytes((11,)) + b"May in %04d" % n + b"\xc0\x0c")
    body += record(b"\xc0\x27", 33, struct.pack(">HHH", 0, 0, 631) + host) + record(host, 1, ip_of(n)) + record(host, 28, v6_of(n))
    return udp4(b"\x01\0\x5e\0\0\xfb", n, bytes((224, 0, 0, 251)), 5353, 5353, body)


def llmnr(n, _):
    name = labels(f"pc-{n:04}")
    return udp4(mac_of(n ^ 1), n, ip_of(n ^ 1), 5355, 50000,
                struct.pack(">6H", n, 0x8000, 1, 1, 0, 0) + name + b"\0\1\0\1" + record(name, 1, ip_of(n)), hops=128)


def nbns(n, k):
    name = netbios(f"PC-{n:04}", 0)
    if k % 2:
        return udp4(BROADCAST, n, bytes((10, 20, 255, 255)), 137, 137, struct.pack(">6H", n, 0x0110, 1, 0, 0, 0) + netbios("MAYCHU", 32) + b"\0\x20\0\1")
    return udp4(BROADCAST, n, bytes((10, 20, 255, 255)), 137, 137,
                struct.pack(">6H", n, 0x2910, 1, 0, 0, 1) + name + b"\0\x20\0\1" + record(b"\xc0\x0c", 32, b"\0\0" + ip_of(n)))


def ssdp(n, k):
    if k % 2:
        text = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: urn:dial-multiscreen-org:service:dial:1\r\n\r\n'
    else:
        text = (f"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: http://10.20.1.{n % 250}:8080/d.xml\r\n"
                f"NT: urn:schemas-upnp-org:device:Printer:1\r\nNTS: ssdp:alive\r\nSERVER: Linux/4.4 UPnP/1.0 Printer/2\r\nUSN: uuid:{n:08}-0\r\n\r\n")
    return udp4(b"\x01\0\x5e\x7f\xff\xfa", n, bytes((239, 255, 255, 250)), 40000, 1900, text.encode(), hops=2)


def lldp(n, _):
    body = tlv(1, b"\4" + mac_of(n)) + tlv(2, b"\5ge-0/0/%d" % (n % 48)) + tlv(3, b"\0\x78") + tlv(4, b"tang %d" % (n % 7))
    body += tlv(5, b"sw-%04d" % n) + tlv(6, b"Switch OS 15.2(7)E4") + tlv(8, b"\5\1" + ip_of(n) + b"\2" + struct.pack(">I", 1) + b"\0")
    return ethernet(b"\x01\x80\xc2\0\0\x0e", mac_of(n), 0x88cc, body + tlv(127, b"\0\x80\xc2\1\0\x14") + b"\0\0")


def cdp(n, _):
    body = b"\2\xb4\0\0" + cdp_field(1, b"sw-%04d" % n) + cdp_field(2, struct.pack(">I", 1) + b"\1\1\xcc\0\4" + ip_of(n))
    body += cdp_field(3, b"GigabitEthernet0/%d" % (n % 48)) + cdp_field(5, b"IOS 15.2") + cdp_field(6, b"WS-C2960X-48TS-L") + cdp_field(10, b"\0\x14")
    body = b"\xaa\xaa\3\0\0\x0c\x20\0" + body
    return (b"\x01\0\x0c\xcc\xcc\xcc" + mac_of(n) + struct.pack(">H", len(body)) + body).ljust(60, b"\0")


def stp(n, _):
    body = b"\x42\x42\3\0\0\2\2\x7c" + b"\x80\0" + mac_of(3) + struct.pack(">I", 4) + b"\x80\1" + mac_of(n) + b"\x80\3\1\0\x14\0\2\0\x0f\0\0"
    return (b"\x01\x80\xc2\0\0\0" + mac_of(n) + struct.pack(">H", len(body)) + body).ljust(60, b"\0")


def web(n, k):
    """Ordinary traffic: full and empty TCP segments."""
    payload = bytes(1400 if k % 3 == 0 else 0)
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), k & 0xffff, 0x4000, 64, 6, 0, ip_of(n), ip_of(n ^ 3))
    return ethernet(mac_of(n ^ 3), mac_of(n), 0x0800, head + struct.pack(">HHIIBBHHH", 443, 50000, k, k, 0x50, 0x10, 500, 0, 0) + payload)


# Of a hundred packets. Everybody speaks; a fiftieth of the devices are switches.
MIX = [(arp, 18), (ndp, 8), (dhcp, 2), (dhcp6, 2), (mdns, 16), (llmnr, 4), (nbns, 8), (ssdp, 8), (lldp, 2), (cdp, 1), (stp, 3), (web, 28)]
SWITCHES = (lldp, cdp, stp)


def frames(count, hosts, kinds=MIX):
    chance = random.Random(7)
    makers = [make for make, share in kinds for _ in range(share)]
    for k in range(count):
        make = makers[chance.randrange(len(makers))]
        n = chance.randrange(hosts)
        yield make(n - n % 50 if make in SWITCHES else n, k)


def write(path, count, hosts):
    """`count` packets, a tenth of which are made; these come in ten different orders."""
    made = list(frames(max(1, count // 10), hosts))
    chance = random.Random(11)
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        k = 0
        while k < count:
            chance.shuffle(made)
            parts = []
            for frame in made[:count - k]:
                parts.append(struct.pack("<IIII", 1_750_000_000 + k // 2000, k % 2000 * 500, len(frame), len(frame)) + frame)
                k += 1
            out.write(b"".join(parts))
