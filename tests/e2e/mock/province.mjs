// A province as the collector would describe it: Tuyên Quang (08), the eight communes that were the district of Bắc
// Quang, on one morning: the line of one carrier's ring is cut, one office runs on 3G, one PC is silent, a stranger is on
// a LAN. Every time is counted back from `now`, so that ages look as they would.

import { Inventory } from './inventory.mjs';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const communes = [
  ['01153', 'Xã Bắc Quang', 'BQ01', 'Trụ sở UBND xã Bắc Quang', 'fibre'],
  ['01156', 'Xã Vĩnh Tuy', 'VT01', 'Trụ sở UBND xã Vĩnh Tuy', 'fibre'],
  ['01165', 'Xã Đồng Tâm', 'DT01', 'Trụ sở UBND xã Đồng Tâm', 'none'],
  ['01171', 'Xã Tân Quang', 'TQ01', 'Trụ sở UBND xã Tân Quang', 'none'],
  ['01180', 'Xã Bằng Hành', 'BH01', 'Trụ sở UBND xã Bằng Hành', '3g'],
  ['01192', 'Xã Liên Hiệp', 'LH01', 'Trụ sở UBND xã Liên Hiệp', 'none'],
  ['01201', 'Xã Hùng An', 'HA01', 'Trụ sở UBND xã Hùng An', 'fibre'],
  ['01216', 'Xã Đồng Yên', 'DY01', 'Trụ sở UBND xã Đồng Yên', null],
];

export const rules = [
  rule('C01', { vi: 'Trụ sở dùng đường cáp quang', en: 'The office is on fibre' }, { vi: 'Trụ sở không chạy bằng cáp quang', en: 'The office is not on fibre' }, 'high', 'site', "unit_level = 'commune'", "active_uplink = 'fibre'", 300, 1, 'Kế hoạch hạ tầng viễn thông huyện Bắc Quang 2017', 'S', 'Kiểm tra cáp và bộ chuyển đổi quang; báo nhà mạng nếu đèn LOS đỏ.', 'Check the fibre and its converter; tell the carrier if the LOS lamp is red.'),
  rule('C04', { vi: 'Đường truyền đủ độ sẵn sàng trong tháng', en: 'The line is available enough this month' }, { vi: 'Đường truyền mất kết nối quá mức cho phép trong tháng', en: 'The line was down for more of the month than allowed' }, 'medium', 'uplink', 'is_primary', 'availability_month_high >= 0.995', 0, 1, 'QCVN 34:2022/BTTTT', 'V2', 'Lập biên bản với nhà mạng theo hợp đồng.', 'Settle it with the carrier under the contract.'),
  rule('C05', { vi: 'Độ trễ và mất gói tới điểm đầu của nhà mạng trong giới hạn', en: 'Latency and loss to the first point of the provider are within limits' }, { vi: 'Độ trễ hoặc mất gói tới điểm đầu của nhà mạng vượt giới hạn', en: 'Latency or loss to the first point of the provider is over the limit' }, 'medium', 'site', 'TRUE', 'hop_latency_ms <= 50', 600, 0.95, 'QCVN 34:2022/BTTTT', 'V2', 'Xem có máy nào đang tải nặng; đo lại ngoài giờ.', 'See whether a PC is loading the line; measure again out of hours.'),
  rule('C15', { vi: 'Máy tính có Internet hoặc được duyệt chỉ dùng mạng nội bộ', en: 'PC has Internet or is approved for the intranet only' }, { vi: 'Máy tính không có Internet mà chưa được duyệt chỉ dùng mạng nội bộ', en: 'PC without Internet, not approved for the intranet only' }, 'medium', 'agent', 'TRUE', 'internet', 600, 0.9, 'Báo cáo huyện Bắc Quang 2017', 'S', 'Kiểm tra DNS và bộ định tuyến của trụ sở.', 'Check DNS and the router of the office.'),
  rule('C16', { vi: 'Đơn vị có Internet bằng bất kỳ cách nào', en: 'The unit has Internet by any means' }, { vi: 'Đơn vị không có Internet bằng bất kỳ cách nào', en: 'The unit has no Internet by any means' }, 'critical', 'unit', "level = 'commune'", 'internet', 300, 1, 'Báo cáo tỉnh Hậu Giang 2019', 'S', 'Chuyển sang đường dự phòng; báo trực tỉnh.', 'Move to the backup line; tell the operator on duty.'),
  rule('C17', { vi: 'Truy cập được hệ thống quản lý văn bản', en: 'The document system is reachable' }, { vi: 'Không truy cập được hệ thống quản lý văn bản', en: 'The document system is not reachable' }, 'high', 'service', "kind = 'document'", 'reachable', 300, 1, 'Báo cáo tỉnh Tuyên Quang', 'S', 'Thử từ một trụ sở khác để biết lỗi ở đường truyền hay ở hệ thống.', 'Try from another office to tell the line from the system.'),
  rule('C25', { vi: 'Máy tính trong danh mục có trạm gác', en: 'Inventoried PCs have an agent' }, { vi: 'Máy tính trong danh mục chưa có trạm gác', en: 'Inventoried PCs lack an agent' }, 'low', 'site', 'head_count > 0', 'agents_heard >= pcs_expected * 0.95', 86_400, 0.95, 'Nghị định 331/2026/NĐ-CP, Điều 36', 'V', 'Cài trạm gác trên các máy còn thiếu.', 'Install agents on the PCs that lack one.'),
  rule('A01', { vi: 'Trạm gác đang báo về', en: 'The agent is heard' }, { vi: 'Trạm gác im lặng', en: 'The agent is silent' }, 'high', 'agent', 'TRUE', 'heard', 0, null, '', '', 'Xem máy có bật không; xem đường truyền của trụ sở.', 'See whether the PC is on; look at the line of the office.'),
  rule('A02', { vi: 'Trụ sở còn liên lạc được', en: 'The site is in contact' }, { vi: 'Trụ sở mất liên lạc', en: 'The site is out of contact' }, 'critical', 'site', 'TRUE', 'agents_heard > 0', 0, null, '', '', 'Gọi cán bộ xã: có điện không, đèn thiết bị thế nào?', 'Call the officer: is there power, what do the lamps show?'),
  rule('S01', { vi: 'Thiết bị trên mạng có trong danh mục', en: 'The device on the network is in the register' }, { vi: 'Thiết bị lạ trên mạng, danh mục không có', en: 'Unknown device on the network, not in the register' }, 'high', 'device', 'TRUE', 'registered', 0, null, 'TCVN 14423:2026, 5.2.2.2', 'V2', 'Tìm thiết bị theo địa chỉ MAC; ghi vào danh mục hoặc rút khỏi mạng.', 'Find the device by its MAC; register it or unplug it.'),
  rule('S13', { vi: 'Tường lửa của máy đang bật', en: "The machine's firewall is on" }, { vi: 'Tường lửa của máy đang tắt', en: "The machine's firewall is off" }, 'medium', 'device', "kind = 'pc'", 'firewall_on', 900, 0.95, 'TCVN 14423:2026, 5.2.3', 'V2', 'Bật tường lửa; xem phần mềm nào đã tắt nó.', 'Turn the firewall on; see which software turned it off.'),
  { ...rule('S28', { vi: 'Dồn dập đăng nhập sai', en: 'Burst of failed logins' }, null, 'high', '', '', '', 0, null, 'Quyết định 724/QĐ-BTTTT', 'V2', 'Khóa địa chỉ nguồn; hỏi người dùng có quên mật khẩu không.', 'Block the source; ask whether somebody forgot the password.'), family: 'detection' },
];

function rule(id, title, gap, severity, subject, where, expect, hold_s, target, basis, mark, advice_vi, advice_en) {
  return {
    id, title, gap: gap ?? title, severity, subject, where, expect, hold_s, recover_s: hold_s, target, family: 'expectation',
    basis: basis ? [{ text: basis, mark, valid_from: mark === 'V' ? '2026-08-19' : null, valid_to: null }] : [],
    advice: { vi: advice_vi, en: advice_en },
    problems: id === 'C25' ? [{ vi: 'Chưa có phép dò nào cho biết pcs_expected.', en: 'No probe produces pcs_expected.' }] : [],
  };
}

export class Province {
  constructor({ now = Date.now(), extra_devices = 0 } = {}) {
    this.now = now;
    this.gaps = this.make_gaps();
    this.agents = this.make_agents();
    this.sites = this.make_sites();
    this.inventory = new Inventory(this, extra_devices);
    this.events = this.make_events();
  }

  ago(ms) {
    return new Date(this.now - ms).toISOString();
  }

  make_gaps() {
    const list = [];
    const add = (rule_id, kind, subject, name, commune, since, more = {}) => {
      const of = rules.find((candidate) => candidate.id === rule_id);
      const [unit, unit_name, site] = commune ?? ['08', 'Tỉnh Tuyên Quang', null];
      const opened = since - of.hold_s * 1000;
      const state = more.state ?? (opened >= 0 ? 'open' : 'pending');
      list.push({
        id: list.length + 101, rule: rule_id, title: of.gap, severity: of.severity, state, subject: { kind, id: subject, name },
        site, unit, unit_name, since: this.ago(since), opens: state === 'pending' ? this.ago(opened) : null, opened: state === 'pending' ? null : this.ago(Math.max(opened, 0)), closed: null,
        recorded: this.ago(Math.max(since - 2000, 0)), detected: this.ago(Math.max(since - 2000, 0)), uncertain: false, rewritten: false, cause: null,
        behind: 0, evidence: '', count: 1, advice: of.advice, basis: of.basis, acknowledged_by: null, ...more,
      });
      return list.at(-1);
    };
    const site_name = (index) => communes[index][3];
    const ring = add('C01', 'uplink', 'VNPT/ring-2', 'Vòng quang số 2 của VNPT (Đồng Tâm – Tân Quang – Liên Hiệp)', null, 47 * minute, {
      severity: 'critical',
      evidence: 'Cổng ge-0/0/3 tại Trung tâm mất tín hiệu; ba trụ sở trên vòng cùng mất đường quang trong 4 giây.',
    });
    for (const index of [2, 3, 5]) {
      const [, , site] = communes[index];
      add('A02', 'site', site, site_name(index), communes[index], 46 * minute + index * 1000, { cause: ring.id, evidence: `Cả hai trạm gác của ${site} ngừng báo cùng lúc; máy không tắt trước đó.` });
      add('C16', 'unit', communes[index][0], communes[index][1], communes[index], 46 * minute, { cause: ring.id, site: null });
      add('C17', 'service', `${site}/document`, 'Hệ thống văn bản iOffice', communes[index], 45 * minute, { cause: ring.id, uncertain: true });
    }
    add('C01', 'site', 'BH01', site_name(4), communes[4], 26 * hour, { state: 'acknowledged', acknowledged_by: 'nguyen.van.hung', evidence: 'Đường đang dùng: 3G (wwan0) từ 21/11 08:05; cổng quang eth0 không có tín hiệu.' });
    add('C05', 'site', 'BH01', site_name(4), communes[4], 3 * hour, { evidence: 'Độ trễ trung vị 15 phút: 142 ms (ngưỡng 50 ms); mất gói 1,4%.' });
    add('A01', 'agent', 'a3f09c1d22e4b871', 'MAY-VANTHU-2', communes[1], 5 * day, { evidence: 'Lời chào cuối: Windows đang tắt máy.' });
    add('S01', 'device', 'HA01/mac:3c:84:6a:12:9f:04', 'TP-Link 3c:84:6a:12:9f:04', communes[6], 2 * hour + 11 * minute, { evidence: 'Thấy bằng ARP tại eth0, địa chỉ 192.168.10.77; không có trong danh mục.' });
    add('S28', 'agent', 'b81c77f2a9d0e353', 'ROUTER-VT01', communes[1], 36 * minute, { count: 214, rewritten: true, evidence: '214 lần đăng nhập SSH sai trong 9 phút từ 103.27.61.18.' });
    add('C04', 'uplink', 'TQ01/fibre', 'Cáp quang Trụ sở UBND xã Tân Quang', communes[3], 9 * day, { evidence: 'Tháng 11: từ 98,9% đến 99,2%.' });
    add('C17', 'service', 'DY01/document', 'Hệ thống văn bản iOffice', communes[7], 2 * minute, {});
    for (const pc of [2, 5]) add('S13', 'device', `BQ01/host:0a${pc}f09c1d22e4b8`, `MAY-VANPHONG-${pc}`, communes[0], 4 * minute, { evidence: 'Tường lửa: tắt.' });
    add('C25', 'site', 'DY01', site_name(7), communes[7], 12 * day, { evidence: '1 trong 9 máy có trạm gác.' });
    ring.behind = list.filter((gap) => gap.cause === ring.id).length;
    list.push({ ...list[1], id: 90, rule: 'C01', title: rules[0].gap, severity: 'high', state: 'closed', since: this.ago(8 * day), opened: this.ago(8 * day - 5 * minute), closed: this.ago(8 * day - 95 * minute), cause: null, subject: { kind: 'site', id: 'VT01', name: site_name(1) }, site: 'VT01', unit: '01156', unit_name: 'Xã Vĩnh Tuy', evidence: 'Đứt cáp tại cột 114, nhà mạng hàn lại.' });
    return list;
  }

  make_agents() {
    const agents = [];
    communes.forEach(([, , site, , line], index) => {
      ['ROUTER', 'MAY-MOTCUA-1', 'MAY-VANTHU-2'].forEach((host, place) => {
        if (site === 'DY01' && place > 0) return;
        const dark = line === 'none';
        const never = site === 'DY01';
        const off = site === 'VT01' && place === 2;
        const state = never ? 'never' : dark || off ? 'silent' : 'heard';
        const last = never ? null : off ? this.ago(5 * day) : dark ? this.ago(46 * minute + place * 900) : this.ago(900 + place * 700 + index * 130);
        agents.push({
          id: (0xa3f09c1d + index * 7919 + place * 104729).toString(16).padStart(8, '0') + 'e4b87100'.slice(place), host: `${host}${place === 0 ? `-${site}` : ''}`,
          site, unit: communes[index][0], version: place === 2 ? '0.1.0' : '0.1.1', state, last_heard: last, profile: line === '3g' ? 'metered' : 'fibre',
          spool_batches: dark ? 94 : line === '3g' ? 1 : 0, spool_bytes: dark ? 183_400 : line === '3g' ? 2210 : 0,
          clock_error_ms: line === '3g' ? 180 : 4 + place, clock_offset_ms: place === 2 && site === 'BQ01' ? -1_794_312_555_000 : place * 37 - 12,
          bye: off ? 'host_shutdown' : null, bytes_today: never ? 0 : line === '3g' ? 412_400 : 2_841_000 + index * 90_000, enrolled: this.ago(40 * day), certificate_expires: this.ago(-50 * day),
          lost: site === 'BQ01' && place === 2 ? [{ first: 1201, last: 1260, class: 'samples', items: 14_400, reason: 'disk_full' }] : [],
        });
      });
    });
    return agents;
  }

  make_sites() {
    return communes.map(([unit, unit_name, id, name, line]) => {
      const own = this.agents.filter((agent) => agent.site === id);
      const open = this.gaps.filter((gap) => gap.site === id && gap.state !== 'closed' && gap.state !== 'pending');
      const heard = own.map((agent) => agent.last_heard).filter(Boolean).sort();
      return {
        id, name, unit, unit_name, address: `Thôn Trung tâm, ${unit_name.toLowerCase().replace('xã', 'xã')}, tỉnh Tuyên Quang`, active_uplink: line,
        active_uplink_name: line === 'fibre' ? 'Cáp quang VNPT' : line === '3g' ? '3G Viettel' : null, agents: own.length,
        agents_heard: own.filter((agent) => agent.state === 'heard').length, open_gaps: open.length,
        state: line === null ? 'not_known' : open.length > 0 ? 'not_met' : 'met', last_heard: heard.at(-1) ?? null,
      };
    });
  }

  units() {
    const provinces = { code: '08', name: 'Tuyên Quang', full_name: 'Tỉnh Tuyên Quang', kind: 'tinh', level: 'province', parent: null, sites: 8, open_gaps: this.gaps.length - 1, state: 'not_met' };
    return [provinces, ...this.sites.map((site) => ({ code: site.unit, name: site.unit_name.replace('Xã ', ''), full_name: site.unit_name, kind: 'xa', level: 'commune', parent: '08', sites: 1, open_gaps: site.open_gaps, state: site.state }))];
  }

  site(id) {
    const site = this.sites.find((candidate) => candidate.id === id);
    if (!site) return null;
    const line = site.active_uplink;
    const known = line !== null;
    const fresh = line === 'fibre' || line === '3g';
    return {
      ...site, head_count: 24, agents: this.agents.filter((agent) => agent.site === id), elsewhere: this.elsewhere(id),
      uplinks: [
        { name: 'Cáp quang VNPT', kind: 'fibre', provider: 'VNPT', contract: `TSLCD-${site.unit}/2026`, primary: true, subscribed_mbps: 200, up: known ? line === 'fibre' : null, elsewhere: { up: line === 'none' ? 1 : 3, down: line === 'none' ? 2 : 3 } },
        { name: '3G Viettel', kind: '3g', provider: 'Viettel', contract: `3G-${site.unit}`, primary: false, subscribed_mbps: 7.2, up: known ? line !== 'none' : null },
      ],
      services: [
        { id: `${id}/document`, name: 'Hệ thống văn bản iOffice', kind: 'document', reachable: fresh ? true : null, checked: fresh ? this.ago(21_000) : this.ago(46 * minute) },
        { id: `${id}/portal`, name: 'Cổng dịch vụ công', kind: 'portal', reachable: fresh ? line === 'fibre' : null, checked: fresh ? this.ago(34_000) : null, elsewhere: { reachable: 3, unreachable: 0 } },
      ],
      gaps: this.gaps.filter((gap) => gap.site === id && gap.state !== 'closed'),
      verdicts: rules.filter((of) => of.family === 'expectation' && ['site', 'unit', 'service'].includes(of.subject)).map((of) => ({
        rule: of.id, title: of.title,
        verdict: this.gaps.some((gap) => gap.site === id && gap.rule === of.id && gap.state !== 'closed') ? 'not_met' : known ? 'met' : 'not_known',
        lacking: known ? [] : [{ name: 'active_uplink', vi: 'Loại đường truyền đang dùng', en: 'Kind of the active uplink', producer: 'uplink', told: of.id === 'C01' ? this.ago(50 * hour) : null }],
      })),
    };
  }

  /** The other sites where somebody should speak. */
  elsewhere(id) {
    const others = this.sites.filter((site) => site.id !== id && site.last_heard !== null);
    const heard = others.filter((site) => site.agents_heard > 0).length;
    return { heard, silent: others.length - heard };
  }

  timeline(id, from, to) {
    const line = this.sites.find((site) => site.id === id)?.active_uplink;
    const at = (ms) => new Date(ms).toISOString();
    const cut = (pieces) => pieces.map((piece) => ({ ...piece, from: at(Math.max(piece.from, from)), to: at(Math.min(piece.to, to)) })).filter((piece) => piece.from < piece.to);
    const now = this.now;
    const blip = now - 14 * hour;
    const link = [{ from: from, to: blip, kind: 'fibre', uplink: 'Cáp quang VNPT' }, { from: blip, to: blip + 40 * minute, kind: '3g', uplink: '3G Viettel' }];
    const rest = blip + 40 * minute;
    if (line === 'none') link.push({ from: rest, to: now - 47 * minute, kind: 'fibre', uplink: 'Cáp quang VNPT' }, { from: now - 47 * minute, to: now, kind: 'none', uplink: null });
    else if (line === '3g') link.push({ from: rest, to: now - 3 * hour, kind: 'fibre', uplink: 'Cáp quang VNPT' }, { from: now - 3 * hour, to: now - 2.6 * hour, kind: 'none', uplink: null }, { from: now - 2.6 * hour, to: now, kind: '3g', uplink: '3G Viettel' });
    else if (line === null) link.splice(0, 2, { from: from, to: now, kind: 'unknown', uplink: null });
    else link.push({ from: rest, to: now, kind: 'fibre', uplink: 'Cáp quang VNPT' });
    const silence = line === 'none' ? [{ from: now - 46 * minute, to: now }] : [{ from: now - 7.2 * hour, to: now - 7 * hour }];
    const gaps = this.gaps.filter((gap) => gap.site === id && gap.opened).map((gap) => ({ id: gap.id, rule: gap.rule, title: gap.title, from: Date.parse(gap.since), to: gap.closed ? Date.parse(gap.closed) : now }));
    return { from: at(from), to: at(to), link: cut(link), silence: cut(silence), gaps: cut(gaps) };
  }

  series(query) {
    const list = [];
    this.sites.forEach((site, index) => {
      const agent = this.agents.find((candidate) => candidate.site === site.id);
      [['icmp.rtt_median', 'ms'], ['icmp.loss', '%'], ['http.total', 'ms']].forEach(([metric, unit], place) => {
        list.push({ id: index * 10 + place + 1, agent: agent.id, metric, target: place === 2 ? 'document' : 'hop', unit, first: this.ago(40 * day), last: site.active_uplink === null ? null : this.ago(20_000), site: site.id });
      });
    });
    return list.filter((row) => (!query.site || row.site === query.site) && (!query.metric || row.metric === query.metric) && (!query.agent || row.agent === query.agent));
  }

  /** Traffic of an interface: office hours are busy. */
  traffic(id, from, to) {
    const answer = { unit: 'By/s', step: 300, t: [], min: [], avg: [], max: [] };
    for (let t = Math.ceil(from / 300_000) * 300_000; t <= to; t += 300_000) {
      const busy = Math.max(0.04, Math.sin(((t / hour + 7) % 24) / 24 * Math.PI * 2 - 1.6));
      const avg = busy * (1 + 0.3 * Math.sin(t / 700_000 + id)) * (id % 2 ? 2_400_000 : 310_000) / (1 + (id % 7));
      answer.t.push(t), answer.avg.push(avg), answer.min.push(avg * 0.5), answer.max.push(avg * 1.7);
    }
    return answer;
  }

  series_data(id, from, to) {
    if (id > 9000) return this.traffic(id, from, to);
    const site = this.sites[Math.floor((id - 1) / 10)];
    const metric = ['icmp.rtt_median', 'icmp.loss', 'http.total'][(id - 1) % 10];
    const step = (to - from) / 1440 > 120_000 ? 3600 : 300;
    const answer = { unit: metric === 'icmp.loss' ? '%' : 'ms', step, t: [], min: [], avg: [], max: [] };
    let seed = id * 7919;
    const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
    for (let t = Math.ceil(from / (step * 1000)) * step * 1000; t <= to; t += step * 1000) {
      const age = this.now - t;
      if ((site.active_uplink === 'none' && age < 47 * minute) || (age > 7 * hour && age < 7.2 * hour)) {
        answer.t.push(t), answer.min.push(null), answer.avg.push(null), answer.max.push(null);
        continue;
      }
      const on_mobile = (site.active_uplink === '3g' && age < 2.6 * hour) || (age < 14 * hour && age > 13.4 * hour);
      const office = 1 + 0.6 * Math.max(0, Math.sin(((t / hour + 7) % 24) / 24 * Math.PI * 2 - 1.6));
      const base = metric === 'icmp.loss' ? (on_mobile ? 1.6 : random() > 0.93 ? 0.8 : 0) : (on_mobile ? 135 : 9) * office;
      const avg = base * (0.9 + random() * 0.25);
      answer.t.push(t);
      answer.avg.push(avg);
      answer.min.push(avg * 0.7);
      answer.max.push(avg * (1.3 + random() * (random() > 0.97 ? 4 : 0.5)));
    }
    return answer;
  }

  make_events() {
    const events = [];
    const add = (kind, severity, site, before, fields, more = {}) => {
      const agent = this.agents.find((candidate) => candidate.site === site);
      events.push({ id: 9000 - events.length, kind, severity, agent: agent.id, host: agent.host, site, site_name: this.sites.find((one) => one.id === site).name, subject: { kind: 'agent', id: agent.id }, at: this.ago(before), error_ms: 12, device_time: this.ago(before), received: this.ago(Math.max(0, before - 800)), fields, chain_index: 4100 - events.length, ...more });
    };
    for (let index = 0; index < 40; index += 1) add('login.failed', 'low', 'VT01', 27 * minute + index * 13_000, { user: index % 3 ? 'root' : 'admin', from: '103.27.61.18', service: 'sshd', port: 40_000 + index * 7 });
    add('lan.new_host', 'medium', 'HA01', 2 * hour + 11 * minute, { mac: '3c:84:6a:12:9f:04', ip: '192.168.10.77', vendor: 'TP-Link' }, { subject: { kind: 'device', id: 'HA01/mac:3c:84:6a:12:9f:04', name: 'TP-Link 3c:84:6a:12:9f:04' } });
    add('uplink.changed', 'medium', 'BH01', 2.6 * hour, { from: 'fibre', to: '3g', interface: 'wwan0' });
    add('login.accepted', 'info', 'BQ01', 3 * hour, { user: 'quantri', from: '10.1.0.5', service: 'sshd' });
    add('agent.started', 'info', 'BQ01', 4 * hour, { boot: 'c6a1' }, { device_time: '1970-01-01T00:00:41.000Z', error_ms: 2400, received: this.ago(3.4 * hour) });
    add('login.accepted', 'info', 'LH01', 26 * hour, { user: 'canbo', service: 'gdm' });
    return events.sort((a, b) => (a.at < b.at ? 1 : -1));
  }

  coverage() {
    const total = (of) => (of.subject === 'agent' ? this.agents.length : of.subject === 'uplink' ? 16 : 8);
    return rules.filter((of) => of.family === 'expectation').map((of) => {
      const population = total(of);
      const not_met = new Set(this.gaps.filter((gap) => gap.rule === of.id && gap.state !== 'closed' && !gap.uncertain).map((gap) => gap.subject.id)).size;
      const not_known = of.id === 'C17' ? 3 : of.subject === 'uplink' ? 0 : 1;
      const met = Math.max(0, population - not_met - not_known);
      return { rule: of.id, title: of.title, target: of.target, population, met, not_met, not_known, low: met / population, high: (met + not_known) / population, basis: of.basis };
    });
  }
}
