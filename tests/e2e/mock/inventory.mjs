// The devices of the mock's province: records with their evidence, lists, changes, topology, stocktake, saved views.
// `extra` adds that many plain PCs, to see what the pages do with fifty thousand.
import { fold, matches } from './search.mjs';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const kinds = [
  ['router', 'MikroTik', 'RB750Gr3', 'RouterOS 7.14', ['snmp', 'lan'], true],
  ['switch', 'Cisco', 'SG350-28', '2.5.9.16', ['snmp'], true],
  ['ap', 'Ruijie', 'RG-RAP2200', '1.219', ['snmp', 'lan'], true],
  ['printer', 'Canon', 'LBP6230dn', '', ['lan', 'register'], true],
  ['camera', 'Hikvision', 'DS-2CD1023G0', 'V5.7.3', ['lan'], true],
  ['ups', 'Santak', 'C2KE', '', ['snmp'], true],
];
const people = ['Nguyễn Văn Hùng', 'Lò Thị Mai', 'Hoàng Văn Thủy', 'Vàng Mí Sính', 'Đặng Thị Hòa'];

export class Inventory {
  constructor(province, extra = 0) {
    this.province = province;
    this.now = province.now;
    this.views = [];
    this.stocktakes = [{ at: this.ago(190 * day), who: 'truc.tinh', site: 'BQ01', site_name: 'Trụ sở UBND xã Bắc Quang', note: 'Kiểm kê đầu năm.', totals: { expected: 11, present: 10, missing: 1, unknown: 0, moved: 0 } }];
    this.devices = this.make(extra);
  }

  ago(ms) {
    return new Date(this.now - ms).toISOString();
  }

  make(extra) {
    const devices = [];
    this.province.sites.forEach((site, index) => {
      const dark = site.active_uplink === 'none' || site.active_uplink === null;
      const last = dark ? 46 * minute : 20_000;
      const add = (more) => {
        const place = devices.filter((one) => one.site === site.id).length + 1;
        const mac = more.mac ?? `48:8f:5a:${(16 + index).toString(16)}:${place.toString(16).padStart(2, '0')}:1${index}`;
        devices.push({
          id: `${site.id}/mac:${mac}`, site: site.id, site_name: site.name, unit: site.unit, unit_name: site.unit_name, name: '', kind: null, vendor: null, model: null, serial: null, os: null, version: null,
          ip: `10.${index + 1}.0.${place}`, mac, source: ['lan'], registered: true, triage: '', state: dark ? 'silent' : 'seen', confidence: 0.6, first_seen: this.ago(38 * day), last_seen: this.ago(last), open_gaps: 0, facts: {}, ...more,
        });
      };
      if (site.active_uplink === null) return;
      kinds.forEach(([kind, vendor, model, version, source, registered], place) =>
        add({ id: `${site.id}/snmp:10.${index + 1}.0.${place + 1}`, name: `${{ router: 'RT', switch: 'SW', ap: 'WIFI', printer: 'MAY-IN', camera: 'CAM-CONG', ups: 'UPS' }[kind]}-${site.id}`, kind, vendor, model, version, serial: `SN${index}${place}7C41`, source, registered, confidence: source.length > 1 ? 0.95 : 0.8, state: dark ? 'silent' : kind === 'camera' && index === 1 ? 'missing' : 'seen' }),
      );
      for (let pc = 1; pc <= 5; pc += 1) {
        add({
          id: `${site.id}/host:${index}a${pc}f09c1d22e4b8`, name: pc === 1 ? `MAY-MOTCUA-${site.id}` : `MAY-VANPHONG-${pc}`, kind: 'pc', vendor: 'Dell', model: 'OptiPlex 3080', serial: `7HK${index}${pc}Q3`, os: pc === 5 ? 'Windows 7 Professional' : 'Debian GNU/Linux 12', version: pc === 5 ? '6.1.7601' : '12.8',
          source: ['agent', 'lan', 'register'], confidence: 0.99, open_gaps: pc === 5 ? 2 : 0, state: dark ? 'silent' : 'seen', facts: { os_supported: pc !== 5 },
        });
      }
    });
    const at = (id) => ({ site: id, site_name: this.province.sites.find((site) => site.id === id)?.name ?? '', unit: this.province.sites.find((site) => site.id === id)?.unit, unit_name: this.province.sites.find((site) => site.id === id)?.unit_name });
    const stranger = { serial: null, os: null, version: null, model: null, source: ['lan'], registered: false, triage: '', state: 'seen', confidence: 0.3, open_gaps: 1, facts: {} };
    devices.push({ id: 'HA01/mac:3c:84:6a:12:9f:04', ...at('HA01'), name: '', kind: null, vendor: 'TP-Link', ip: '192.168.10.77', mac: '3c:84:6a:12:9f:04', first_seen: this.ago(2 * hour + 11 * minute), last_seen: this.ago(14_000), ...stranger });
    devices.push({ id: 'BQ01/mac:f4:6b:8c:00:21:9a', ...at('BQ01'), name: 'iPhone', kind: 'phone', vendor: 'Apple', ip: '192.168.10.131', mac: 'f4:6b:8c:00:21:9a', first_seen: this.ago(5 * day), last_seen: this.ago(3 * hour), ...stranger, open_gaps: 0 });
    devices.push({ id: 'VT01/mac:b8:27:eb:4d:10:22', ...at('VT01'), name: 'raspberrypi', kind: 'pc', vendor: 'Raspberry Pi Foundation', ip: '10.2.0.77', mac: 'b8:27:eb:4d:10:22', first_seen: this.ago(26 * hour), last_seen: this.ago(40_000), ...stranger });
    for (let number = 0; number < extra; number += 1) {
      const site = this.province.sites[number % this.province.sites.length];
      devices.push({ id: `${site.id}/host:x${number}`, ...at(site.id), name: `MAY-${String(number).padStart(5, '0')}`, kind: 'pc', vendor: 'HP', model: 'ProDesk 400', serial: `X${number}`, os: 'Windows 10 Pro', version: '22H2', ip: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`, mac: '', source: ['agent'], registered: false, known_by: 'agent', triage: '', state: 'seen', confidence: 0.9, first_seen: this.ago(90 * day), last_seen: this.ago(30_000), open_gaps: 0, facts: {} });
    }
    return devices.map((one) => ({ known_by: one.registered ? 'register' : null, ...one }));
  }

  list(query) {
    const of = (name) => query.get(name) ?? '';
    const standing = (one) => one.known_by ?? 'nobody';
    const is = (one, state) => (state === 'unknown' ? one.known_by === null && one.triage === '' : one.state === state || one.triage === state);
    const found = this.devices.filter(
      (one) =>
        (!of('site') || one.site === of('site')) && (!of('unit') || one.unit === of('unit')) && (!of('kind') || one.kind === of('kind')) && (!of('known_by') || standing(one) === of('known_by')) && (!of('state') || is(one, of('state'))) &&
        matches(of('q'), [one.name, one.vendor ?? '', one.model ?? '', one.ip, one.mac, one.site, one.site_name, one.serial ?? '', one.os ?? '']),
    );
    const sort = of('sort');
    const key = sort.replace(/^-/, '');
    const text = (one) => (one[key] === null || one[key] === undefined ? '' : fold(String(one[key])));
    if (key) found.sort((a, b) => (sort.startsWith('-') ? -1 : 1) * (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0) || (a.id < b.id ? -1 : 1));
    return found;
  }

  find(id) {
    return this.devices.find((one) => one.id === id) ?? null;
  }

  detail(id) {
    const device = this.find(id);
    if (!device) return null;
    const lists = this.lists(device);
    return {
      ...device, witnesses: this.witnesses(device), facts: this.facts(device), interfaces: this.interfaces(device),
      addresses: device.kind === 'router' ? [{ address: device.ip, prefix: 24, interface: 2 }, { address: '100.64.7.10', prefix: 30, interface: 1 }] : [],
      neighbours: this.neighbours(device), lists: Object.fromEntries(Object.entries(lists).map(([name, entries]) => [name, entries.length])),
      register: device.registered ? this.register_row(device) : null, gaps: this.province.gaps.filter((gap) => gap.subject.kind === 'device' && gap.subject.id === id), log: this.log(device),
    };
  }

  witnesses(device) {
    const seen = { first_seen: device.first_seen, last_seen: device.last_seen, agent: 'MAY-MOTCUA-1' };
    return device.source.filter((source) => source !== 'register').map((source) => ({
      ...seen, source, id: source === 'agent' ? device.id : source === 'snmp' ? `${device.site}/snmp:${device.ip}` : `${device.site}/mac:${device.mac}`,
      signals: [
        ...(source === 'agent' ? [{ name: 'agent_id', value: device.id.split(':')[1], weight: 1 }, { name: 'board_serial', value: device.serial, weight: 0.9 }] : []),
        ...(source === 'snmp' ? [{ name: 'engine_id', value: '80001f8880e2b1', weight: 0.95 }, { name: 'serial', value: device.serial, weight: 0.8 }] : []),
        ...(device.mac ? [{ name: 'mac', value: device.mac, weight: 0.4 }] : []), ...(device.name ? [{ name: 'host_name', value: device.name, weight: 0.2 }] : []),
      ],
    }));
  }

  facts(device) {
    const witness = device.id;
    const fact = (name, value, age, vi, en) => ({ name, value, at: this.ago(age), witness, vi, en });
    const all = [fact('ip', device.ip, 9 * minute, 'Địa chỉ IP', 'IP address')];
    if (device.os) all.push(fact('os_name', device.os, 3 * hour, 'Hệ điều hành', 'Operating system'), fact('firewall_on', true, 3 * hour, 'Tường lửa đang bật', 'The firewall is on'), fact('memory_mib', 8192, 3 * hour, 'Bộ nhớ (MiB)', 'Memory (MiB)'), fact('antimalware', '', 3 * hour, 'Phần mềm chống mã độc', 'Anti-malware product'), fact('os_support_end', device.os.includes('7') ? '2020-01-14' : '2028-06-30', 3 * hour, 'Ngày hết hỗ trợ của hệ điều hành', 'Support end of the operating system'));
    if (device.source.includes('snmp')) all.push(fact('description', `${device.vendor} ${device.model}`, 5 * minute, 'Mô tả hệ thống', 'System description'), fact('device_uptime_s', 1_893_220, 5 * minute, 'Thời gian chạy (giây)', 'Uptime (s)'));
    return all;
  }

  interfaces(device) {
    if (!['router', 'switch'].includes(device.kind)) return [];
    const count = device.kind === 'router' ? 5 : 12;
    return Array.from({ length: count }, (_, index) => ({
      index: index + 1, name: device.kind === 'router' ? (index === 0 ? 'ether1-wan' : `ether${index + 1}`) : `gi1/0/${index + 1}`, descr: '', type: 6, speed_bps: 1e9, mac: `48:8f:5a:00:00:${(index + 10).toString(16)}`,
      admin: index === 4 ? 'down' : 'up', oper: index < 4 ? 'up' : 'down', alias: index === 0 ? 'Lên VNPT' : '', series: index < 4 ? { rx: 9001 + index * 2, tx: 9002 + index * 2 } : { rx: null, tx: null },
    }));
  }

  neighbours(device) {
    const links = this.topology(device.site).links.filter((link) => !link.by.includes('uplink') && (link.a === device.id || link.b === device.id));
    const found = links.map((link) => {
      const other = this.find(link.a === device.id ? link.b : link.a);
      return { local: link.a === device.id ? link.a_port : link.b_port, protocol: link.by[0], chassis: other.mac, port: link.a === device.id ? link.b_port : link.a_port, name: other.name, device: other.id };
    });
    if (device.kind === 'router') found.push({ local: 'ether1-wan', protocol: 'lldp', chassis: '00:e0:fc:11:22:33', port: 'GE0/2/7', name: 'VNPT-MAN-TQG-02', device: null });
    return found;
  }

  lists(device) {
    const at = this.ago(3 * hour);
    const rows = (table) => Object.entries(table).map(([entry, value]) => ({ entry, value, at }));
    if (device.kind === 'router') return { arp: rows({ '10.1.0.11': { mac: '48:8f:5a:10:01:10', interface: 2 } }), part: rows({ 1: { class: 'chassis', name: 'RB750Gr3', model: 'RB750Gr3', serial: device.serial, version: '7.14' } }) };
    if (device.kind !== 'pc' || !device.os) return {};
    const software = { openssl: '3.0.15-1~deb12u1', 'libreoffice-core': '7.4.7-1+deb12u5', firefox: '128.5.0esr-1', unikey: '4.3', 'teamviewer': '15.58.4', openjdk: '17.0.13' };
    for (let number = 0; number < 120; number += 1) software[`libvi-du-${number}`] = `1.${number}-2`;
    return {
      software: rows(software), service: rows({ ssh: 'running', cups: 'running', 'vonggac-agent': 'running', 'fail2ban': 'failed' }), port: rows({ 'tcp/0.0.0.0:22': 'sshd', 'tcp/127.0.0.1:631': 'cupsd', 'udp/[::]:5353': '?' }),
      account: rows({ root: { uid: 0, enabled: true, administrator: true, last_login: '2026-10-01' }, canbo: { uid: 1000, enabled: true, administrator: false, last_login: '2026-11-21' } }),
      disk: rows({ sda: { model: 'Samsung SSD 870', serial: 'S5Y1NX0', bytes: 500_107_862_016, kind: 'ssd', health: 'ok' } }), memory: rows({ DIMM0: { mib: 8192, type: 'DDR4', speed_mts: 2666, vendor: 'Kingston', serial: '1A2B3C' } }),
      usb: rows({ '0951:1666': 'Kingston DataTraveler' }), adapter: rows({ eth0: { mac: device.mac, ipv4: `${device.ip}/24`, speed_mbps: 1000, up: true, wireless: false } }),
    };
  }

  history(id) {
    const device = this.find(id);
    if (!device) return [];
    const change = (age, name, from, to) => ({ at: this.ago(age), name, from, to, witness: id });
    return [change(3 * hour, 'software/firefox', '128.4.0esr-1', '128.5.0esr-1'), change(2 * day, 'account/canbo', null, { uid: 1000, enabled: true, administrator: false }), change(9 * day, 'ip', '10.1.0.9', device.ip), change(38 * day, 'os_name', null, device.os ?? '')];
  }

  log(device) {
    const log = device.log ?? [];
    if (device.source.length > 1) return [...log, { at: this.ago(38 * day), what: 'merge', who: '', records: this.witnesses(device).map((one) => one.id), reasons: [{ signal: 'mac', value: device.mac, weight: 0.4 }, { signal: 'host_name', value: device.name, weight: 0.2 }] }];
    return log;
  }

  register_row(device) {
    const place = this.devices.indexOf(device);
    return { name: device.name, kind: device.kind, ip: device.ip, mac: device.mac, serial: device.serial, model: device.model, purpose: place % 4 ? 'Tiếp nhận hồ sơ một cửa' : '', status: 'in_use', responsible: place % 3 ? people[place % people.length] : '', support_end: place % 5 ? '2028-06-30' : '', location: 'Phòng một cửa, tầng 1', segment: `LAN ${device.site}` };
  }

  triage(id, { action, note, name, kind }, who) {
    const device = this.find(id);
    const triage = { adopt: 'adopted', ignore: 'ignored', flag: 'flagged', clear: '' }[action];
    Object.assign(device, { triage, ...(action === 'adopt' ? { registered: true, known_by: 'register' } : {}), name: name || device.name, kind: kind || device.kind, log: [{ at: new Date().toISOString(), what: action, who, note, records: [id], reasons: [] }, ...(device.log ?? [])] });
    return device;
  }

  merge([first, second]) {
    const [kept, gone] = [this.find(first), this.find(second)];
    kept.source = [...new Set([...kept.source, ...gone.source])];
    this.devices = this.devices.filter((one) => one !== gone);
    return kept;
  }

  topology(site) {
    const sites = this.province.sites.filter((one) => one.active_uplink !== null && (!site || one.id === site));
    const nodes = [];
    const links = [];
    for (const { id, active_uplink } of sites) {
      const dark = active_uplink === 'none';
      const own = this.devices.filter((one) => one.site === id && one.registered && !one.id.includes('host:x'));
      const by = (kind) => own.find((one) => one.kind === kind);
      const add = (device, depth, state) => nodes.push({ id: device.id, name: device.name, kind: device.kind, site: id, state, depth });
      const router = by('router');
      const core = by('switch');
      const cut = id === 'HA01';
      if (!router || !core) continue;
      add(router, 0, dark ? 'down' : 'up');
      add(core, 1, dark || cut ? 'not_known' : 'up');
      links.push({ a: router.id, b: core.id, a_port: 'ether2', b_port: 'gi1/0/1', by: ['lldp', 'fdb'], state: cut ? 'down' : dark ? 'not_known' : 'up', speed_bps: 1e9 });
      const line = `${id}/uplink:Cáp quang VNPT`;
      nodes.push({ id: line, name: 'Cáp quang VNPT', kind: 'uplink', site: id, state: dark ? 'down' : active_uplink === 'fibre' ? 'up' : 'not_known', depth: 0 });
      links.push({ a: router.id, b: line, a_port: 'ether1', b_port: null, by: ['uplink'], state: dark ? 'down' : 'up', speed_bps: 2e8 });
      // Of the whole province the collector tells the network's devices only.
      own.filter((one) => one !== router && one !== core && (site || one.kind === 'ap')).forEach((one, place) => {
        const state = dark || cut ? 'not_known' : one.state === 'missing' ? 'down' : 'up';
        add(one, 2, state);
        links.push({ a: core.id, b: one.id, a_port: `gi1/0/${place + 2}`, b_port: '', by: ['fdb', 'arp'], state: state === 'up' ? 'up' : state, speed_bps: 1e9 });
      });
      const ap = by('ap');
      if (ap) links.push({ a: router.id, b: ap.id, a_port: 'ether3', b_port: 'eth0', by: ['lldp'], state: dark ? 'not_known' : 'up', speed_bps: 1e8 });
    }
    return { nodes, links };
  }

  stocktake(query) {
    const of = (name) => query.get(name) ?? '';
    const all = this.devices.filter((one) => (!of('site') || one.site === of('site')) && (!of('unit') || one.unit === of('unit'))).map((one) => {
      const row = one.registered ? this.register_row(one) : {};
      const fields = { static_ip: row.ip ?? '', mac: one.mac, serial: row.serial ?? '', support_end: row.support_end ?? '', geographic_location: row.location ?? '', network_location: row.segment ?? '', purpose: row.purpose ?? '', status: row.status ?? '', responsible: row.responsible ?? '' };
      const verdict = one.known_by === null ? 'unknown' : one.state === 'missing' ? 'missing' : 'present';
      return { id: one.id, site: one.site, site_name: one.site_name, unit_name: one.unit_name, name: one.name, kind: one.kind, ...fields, seen: verdict !== 'missing', last_seen: verdict === 'missing' ? null : one.last_seen, verdict, missing_fields: one.registered ? Object.keys(fields).filter((field) => !fields[field]) : [] };
    });
    const totals = { expected: all.filter((one) => one.verdict !== 'unknown').length, present: 0, missing: 0, unknown: 0, moved: 0 };
    for (const one of all) totals[one.verdict] += 1;
    return { items: all.filter((one) => (!of('verdict') || one.verdict === of('verdict')) && matches(of('q'), [one.name, one.static_ip, one.mac, one.serial ?? '', one.responsible])), totals };
  }

  record_stocktake({ site, note }, who) {
    const { totals } = this.stocktake(new URLSearchParams({ site }));
    this.stocktakes.unshift({ at: new Date().toISOString(), who, site, site_name: this.province.sites.find((one) => one.id === site)?.name ?? '', note, totals });
    return this.stocktakes[0];
  }
}
