// A collector for the pages' own tests: the same paths, answers and refusals as the real one, over plain HTTP, with the
// province of province.mjs behind it. Also serves web-ui/dist as the collector does: precompressed, under a strict
// content security policy. Run alone: node tests/e2e/mock/serve.mjs [port]
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Province, rules } from './province.mjs';

const dist = fileURLToPath(new URL('../../../web-ui/dist/', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.ico': 'image/x-icon' };
export const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

export class MockCollector {
  constructor({ province = new Province(), users = { quantri: ['bi-mat-01', 'administrator'], kiemtra: ['bi-mat-02', 'auditor'] } } = {}) {
    this.province = province;
    this.users = users;
    this.sessions = new Map();
    this.streams = new Set();
    this.broken = new Map();
    this.held = new Map();
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async start(port = 0) {
    await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async stop() {
    for (const stream of this.streams) stream.destroy();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** The line is cut: nothing answers until restore(). */
  async cut() {
    await this.stop();
  }

  async restore() {
    await new Promise((done) => this.server.listen(this.port, '127.0.0.1', done));
  }

  /** Answers of this path wait until the returned function is called. */
  hold(path) {
    let release;
    this.held.set(path, new Promise((done) => (release = done)));
    return () => {
      this.held.delete(path);
      release();
    };
  }

  /** Sends a live event to every open page. */
  tell(event, data) {
    this.last_id = (this.last_id ?? 0) + 1;
    for (const stream of this.streams) stream.write(`id: ${this.last_id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  async answer(request, response) {
    const url = new URL(request.url, 'http://mock');
    if (!url.pathname.startsWith('/api/')) return this.file(url.pathname, request, response);
    const path = url.pathname.replace('/api/v1', '');
    await this.held.get(path);
    if (this.broken.has(path)) return send(response, 200, this.broken.get(path));
    const who = this.sessions.get(/vg_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1]);
    if (path === '/session') return this.session(request, response, who);
    if (!who) return refuse(response, 401, 'signed_out', 'Bạn chưa đăng nhập.', 'You are not signed in.');
    if (request.method !== 'GET' && request.headers['x-csrf'] !== who.csrf) return refuse(response, 403, 'csrf', 'Yêu cầu không kèm mã phiên.', 'The request lacks the session’s token.');
    if (path === '/session/password') return this.password(await body(request), who, response);
    if (path === '/live') return this.live(response);
    return this.route(path, url.searchParams, request, response, who);
  }

  async session(request, response, who) {
    if (request.method === 'GET') return who ? send(response, 200, who) : refuse(response, 401, 'signed_out', 'Bạn chưa đăng nhập.', 'You are not signed in.');
    if (request.method === 'DELETE') {
      this.sessions.clear();
      return send(response, 200, {}, { 'set-cookie': 'vg_session=; Path=/; Max-Age=0' });
    }
    const { user, password } = await body(request);
    const [right, role] = this.users[user] ?? [];
    if (right === undefined || right !== password) return refuse(response, 401, 'wrong_password', 'Tên đăng nhập hoặc mật khẩu không đúng.', 'User name or password is wrong.');
    const id = Math.random().toString(36).slice(2);
    const signed = { user, role, unit: null, csrf: `csrf${id}`, must_change_password: false };
    this.sessions.set(id, signed);
    return send(response, 200, signed, { 'set-cookie': `vg_session=${id}; Path=/; HttpOnly; SameSite=Strict` });
  }

  password({ current, password }, who, response) {
    if (current !== this.users[who.user][0]) return refuse(response, 403, 'wrong_password', 'Mật khẩu hiện tại không đúng.', 'The current password is not right.');
    if (String(password).length < 10) return refuse(response, 422, 'weak_password', 'Mật khẩu phải dài ít nhất 10 ký tự.', 'A password has at least 10 characters.');
    this.users[who.user][0] = password;
    who.must_change_password = false;
    return send(response, 200, { changed: true });
  }

  live(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`event: hello\ndata: ${JSON.stringify({ now: new Date().toISOString(), version: '0.1.0' })}\n\n`);
    const beat = setInterval(() => response.write(': beat\n\n'), 15_000);
    this.streams.add(response);
    response.on('close', () => {
      clearInterval(beat);
      this.streams.delete(response);
    });
  }

  async route(path, query, request, response, who) {
    const of = (name) => query.get(name) || '';
    const p = this.province;
    const [, kind, raw_id, more] = path.split('/');
    const id = raw_id === undefined ? undefined : decodeURIComponent(raw_id);
    const rows = (items) => send_list(response, items, query, kind);
    const one = (item) => (item ? send(response, 200, item) : refuse(response, 404, 'not_found', 'Không tìm thấy.', 'Not found.'));
    const span = () => [Date.parse(of('from')) || Number(of('from')) || p.now - 86_400_000, Date.parse(of('to')) || Number(of('to')) || p.now];
    if (kind === 'gaps' && more === 'acknowledge') return this.acknowledge(Number(id), await body(request), who, response);
    if (kind === 'gaps' && id !== undefined) return one(this.gap(Number(id)));
    if (kind === 'gaps') return rows(p.gaps.filter((gap) => (of('state') === 'all' || (gap.state === 'acknowledged' ? 'open' : gap.state) === (of('state') || 'open')) && (!of('site') || gap.site === of('site')) && (!of('rule') || gap.rule === of('rule'))));
    if (kind === 'sites' && more === 'timeline') return send(response, 200, p.timeline(id, ...span()));
    if (kind === 'sites' && id !== undefined) return one(p.site(id));
    if (kind === 'sites') return rows(p.sites);
    if (kind === 'units') return rows(p.units());
    if (kind === 'series' && id !== undefined) return send(response, 200, p.series_data(Number(id), ...span()));
    if (kind === 'series') return rows(p.series(Object.fromEntries(query)));
    if (kind === 'agents' && more === 'revoke') return this.revoke(id, response);
    if (kind === 'agents') return rows(p.agents);
    if (['devices', 'topology', 'stocktake', 'views'].includes(kind)) return this.inventory(kind, id, more, path, request, response, query, who);
    if (kind === 'events') return rows(p.events.filter((event) => (!of('kind') || event.kind === of('kind')) && (!of('site') || event.site === of('site')) && (!of('since') || event.at >= of('since'))));
    if (kind === 'coverage') return rows(p.coverage());
    if (kind === 'rules') return rows(rules);
    if (kind === 'facts') return rows([{ name: 'internet', value: true, at: p.ago(30_000), error_ms: 5, fresh_until: null, vi: 'Trụ sở ra được Internet', en: 'The site reaches the Internet' }]);
    if (kind === 'tokens') return send(response, 200, { token: 'vg1.5f2b7c91aa0e4d6688b1c2d3e4f50617.q7mK2xP9sVt4' });
    if (kind === 'status') return send(response, 200, { version: '0.1.0', now: new Date().toISOString(), agents: { total: p.agents.length, heard: p.agents.filter((agent) => agent.state === 'heard').length }, samples_per_s: 41.5, register_version: 'a1', rules_version: 'b2', problems: [] });
    return refuse(response, 404, 'not_found', 'Không có đường dẫn này.', 'No such path.');
  }

  async inventory(kind, id, more, path, request, response, query, who) {
    const stock = this.province.inventory;
    const one = (item) => (item ? send(response, 200, item) : refuse(response, 404, 'not_found', 'Không tìm thấy.', 'Not found.'));
    const posted = request.method === 'POST' ? await body(request) : null;
    if (posted !== null && kind !== 'views' && !['administrator', 'operator'].includes(who.role)) return refuse(response, 403, 'forbidden', 'Vai trò của bạn không được làm việc này.', 'Your role may not do this.');
    if (kind === 'topology') return send(response, 200, stock.topology(query.get('site')));
    if (kind === 'stocktake' && id === 'log') return send_list(response, stock.stocktakes.filter((row) => !query.get('site') || row.site === query.get('site')), query, 'stocktake-log');
    if (kind === 'stocktake' && posted) return send(response, 201, stock.record_stocktake(posted, who.user));
    if (kind === 'stocktake') {
      const { items, totals } = stock.stocktake(query);
      return send_list(response, items, query, 'stocktake', { totals });
    }
    if (kind === 'views') return this.saved_views(stock, id, posted, request, response, query, who);
    if (id === 'merge') return send(response, 200, stock.merge(posted.ids));
    if (id === undefined) return send_list(response, stock.list(query), query, 'devices');
    if (!stock.find(id)) return one(null);
    if (more === 'triage') return send(response, 200, stock.triage(id, posted, who.user));
    if (more === 'split') return send(response, 200, stock.find(id));
    if (more === 'history') return send_list(response, stock.history(id), query, 'history');
    if (more === 'list') return send_list(response, stock.lists(stock.find(id))[path.split('/').at(-1)] ?? [], query, 'list');
    return one(stock.detail(id));
  }

  saved_views(stock, id, posted, request, response, query, who) {
    if (request.method === 'DELETE') stock.views = stock.views.filter((view) => view.id !== id);
    // A name stands once: saving under it again replaces the view.
    if (posted) stock.views = stock.views.filter((view) => view.user !== who.user || view.page !== posted.page || view.name !== posted.name);
    if (posted) stock.views.push({ ...posted, id: `v${(stock.saved = (stock.saved ?? 0) + 1)}`, user: who.user });
    if (posted) return send(response, 201, stock.views.at(-1));
    return request.method === 'GET' ? send_list(response, stock.views.filter((view) => view.user === who.user), query, 'views') : send(response, 200, {});
  }

  gap(id) {
    const gap = this.province.gaps.find((candidate) => candidate.id === id);
    if (!gap) return null;
    const history = [{ at: gap.since, from: null, to: 'pending', note: '' }];
    if (gap.opened) history.push({ at: gap.opened, from: 'pending', to: 'open', note: '' });
    if (gap.acknowledged_by) history.push({ at: gap.acknowledged_at ?? gap.opened, from: 'open', to: 'acknowledged', note: gap.note ?? 'Đã báo VNPT, hẹn xong trước 17 giờ.' });
    if (gap.closed) history.push({ at: gap.closed, from: 'open', to: 'closed', note: '' });
    return { ...gap, history, behind_items: this.province.gaps.filter((other) => other.cause === id) };
  }

  acknowledge(id, { note }, who, response) {
    const gap = this.province.gaps.find((candidate) => candidate.id === id);
    if (!gap) return refuse(response, 404, 'not_found', 'Không tìm thấy.', 'Not found.');
    if (who.role === 'auditor') return refuse(response, 403, 'forbidden', 'Vai trò kiểm tra chỉ được xem.', 'Auditors may only look.');
    Object.assign(gap, { state: 'acknowledged', acknowledged_by: who.user, note, acknowledged_at: new Date().toISOString() });
    this.tell('gap', gap);
    return send(response, 200, gap);
  }

  revoke(id, response) {
    const agent = this.province.agents.find((candidate) => candidate.id === id);
    agent.state = 'revoked';
    this.tell('agent', agent);
    return send(response, 200, agent);
  }

  file(pathname, request, response) {
    const path = normalize(join(dist, pathname === '/' ? 'index.html' : pathname));
    if (!path.startsWith(dist) || !existsSync(path) || !statSync(path).isFile()) return send(response, 404, {});
    const accepted = request.headers['accept-encoding'] ?? '';
    const [coding, suffix] = [['br', '.br'], ['gzip', '.gz']].find(([name, end]) => accepted.includes(name) && existsSync(path + end)) ?? [null, ''];
    const cache = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream', 'content-length': statSync(path + suffix).size, 'cache-control': cache, vary: 'accept-encoding',
      'content-security-policy': policy, 'x-content-type-options': 'nosniff', ...(coding ? { 'content-encoding': coding } : {}),
    });
    return createReadStream(path + suffix).pipe(response);
  }
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

function send(response, status, answer, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(answer));
}

function refuse(response, status, code, vi, en) {
  send(response, status, { error: { code, message: { vi, en } } });
}

function send_list(response, items, query, name, more = {}) {
  if (query.get('format')) {
    const cell = (value) => `"${String(typeof value === 'object' ? JSON.stringify(value) : (value ?? '')).replaceAll('"', '""').replace(/^[=+\-@]/, "'$&")}"`;
    const keys = Object.keys(items[0] ?? {});
    response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}.${query.get('format')}"` });
    return response.end(`\ufeff${[keys.join(','), ...items.map((item) => keys.map((key) => cell(item[key])).join(','))].join('\r\n')}\r\n`);
  }
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? 1000);
  return send(response, 200, { items: items.slice(offset, offset + limit), total: items.length, ...more });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const mock = await new MockCollector().start(Number(process.argv[2] ?? 8099));
  console.log(`${mock.url}  quantri / bi-mat-01 (administrator), kiemtra / bi-mat-02 (auditor)`);
}
