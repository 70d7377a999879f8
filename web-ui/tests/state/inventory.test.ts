import { describe, expect, it } from 'vitest';

import { device_detail, stocktake } from '../../src/api/inventory';
import type { SeriesData } from '../../src/api/shapes';
import { chosen_columns, written_columns } from '../../src/state/device_columns';
import { shared_signals } from '../../src/state/evidence';
import { entry_columns, entry_text } from '../../src/state/list_entries';
import { PanZoom } from '../../src/state/pan_zoom.svelte';
import { traffic_columns } from '../../src/state/traffic';

const witness = (id: string, ...signals: [string, string, number][]) => ({ id, source: '', agent: '', first_seen: null, last_seen: null, by_person: false, signals: signals.map(([name, value, weight]) => ({ name, value, weight })) });

describe('evidence', () => {
  it('is what two witnesses tell alike, the weightiest first, whatever the case', () => {
    const found = shared_signals([witness('a', ['mac', 'AA:BB', 0.4], ['serial', 'X1', 0.8]), witness('b', ['mac', 'aa:bb', 0.4], ['serial', 'X1', 0.8], ['host_name', 'PC', 0.2])]);
    expect(found.map((signal) => signal.name)).toEqual(['serial', 'mac']);
  });

  it('is nothing that one witness says twice', () => {
    expect(shared_signals([witness('a', ['mac', 'aa', 0.4], ['mac', 'aa', 0.4])])).toEqual([]);
  });
});

describe('columns of the devices', () => {
  it('the usual ones are not written into the address', () => {
    const usual = chosen_columns('').map((column) => column.key);
    expect(written_columns(usual)).toBe('');
    expect(chosen_columns(written_columns([...usual, 'serial'])).map((column) => column.key)).toContain('serial');
  });

  it('an unknown name is no column', () => {
    expect(chosen_columns('ip,nonsense').map((column) => column.key)).toEqual(['ip']);
  });
});

describe('entries of a list', () => {
  const items = [{ entry: 'sda', value: { model: 'A', bytes: 5e11 }, at: null }, { entry: 'sdb', value: { model: 'B', health: 'ok' }, at: null }];

  it('make columns of the keys they use', () => {
    expect(entry_columns(items)).toEqual(['model', 'bytes', 'health']);
    expect(entry_columns([{ entry: 'openssl', value: '3.0', at: null }])).toEqual([]);
  });

  it('are written for people', () => {
    expect(entry_text('disk', 'bytes', 5e11, 'vi')).toBe('500\u00a0GB');
    expect(entry_text('account', 'uid', 1000, 'vi')).toBe('1000');
    expect(entry_text('account', 'last_login', '2026-10-01', 'vi')).toBe('01/10/2026');
    expect(entry_text('disk', 'health', undefined, 'vi')).toBe('–');
    expect(entry_text('service', '', 'failed', 'vi')).toBe('hỏng');
  });
});

describe('traffic', () => {
  const data = (t: number[], avg: (number | null)[]): SeriesData => ({ unit: 'By/s', step: 300, t, v: [], min: [], avg, max: [] });

  it('is in bits on one axis, broken where nothing was measured', () => {
    const columns = traffic_columns(data([0, 300_000, 600_000, 3_000_000], [1, 2, 3, 4]), data([0, 300_000], [10, null]));
    expect(columns.at).toEqual([0, 300, 600, 900, 3000]);
    expect(columns.rx).toEqual([8, 16, 24, null, 32]);
    expect(columns.tx).toEqual([80, null, null, null, null]);
  });

  it('may be known one way only, or not at all', () => {
    expect(traffic_columns(null, null).at).toEqual([]);
    expect(traffic_columns(null, data([0], [1])).tx).toEqual([8]);
  });
});

describe('pan and zoom', () => {
  it('keeps what the pointer is on in its place', () => {
    const view = new PanZoom();
    view.resize(800, 600);
    const at = { x: 200, y: 150 };
    const before = { x: view.x + at.x / view.scale, y: view.y + at.y / view.scale };
    view.zoom(1.7, at);
    expect(view.x + at.x / view.scale).toBeCloseTo(before.x);
    expect(view.y + at.y / view.scale).toBeCloseTo(before.y);
  });

  it('shows everything when asked to', () => {
    const view = new PanZoom();
    view.resize(800, 600);
    view.fit(3000, 500);
    const [x = 0, , width = 0] = view.view_box(800, 600).split(' ').map(Number);
    expect(x).toBeLessThan(0);
    expect(x + width).toBeGreaterThan(3000);
  });

  it('tells a click from a drag, and zooms with two fingers', () => {
    const view = new PanZoom();
    view.resize(800, 600);
    view.down(1, { x: 100, y: 100 });
    view.drag(1, { x: 102, y: 100 });
    expect(view.was_drag).toBe(false);
    view.down(2, { x: 200, y: 100 });
    view.drag(2, { x: 300, y: 100 });
    expect(view.was_drag).toBe(true);
    expect(view.scale).toBeGreaterThan(1.5);
  });
});

describe('answers about devices', () => {
  it('a device may be told with little', () => {
    const device = device_detail({ id: 'HA01/mac:aa', facts: [{ name: 'ip', value: '10.0.0.1' }] });
    expect(device.facts).toEqual([{ name: 'ip', value: '10.0.0.1', at: null, witness: '', vi: '', en: '' }]);
    expect(device.witnesses).toEqual([]);
    expect(() => device_detail({ id: 'HA01/mac:aa', facts: { ip: '10.0.0.1' } })).toThrow(/facts/);
  });

  it('a stocktake has its counts', () => {
    const totals = { expected: 1, present: 0, missing: 1, unknown: 0, moved: 0 };
    const answer = stocktake({ items: [{ site: 'HA01', verdict: 'missing', static_ip: null }], total: 1, totals });
    expect(answer.totals).toEqual({ ...totals, not_known: 0 });
    expect(answer.items[0]?.static_ip).toBe('');
    expect(() => stocktake({ items: [], total: 0 })).toThrow(/totals/);
  });
});
