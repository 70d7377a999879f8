import { describe, expect, it } from 'vitest';

import { array, flag, list, nullable, number, object, oneOf, optional, record, ShapeError, text, time } from '../../src/api/shape';
import { gap, session, site, site_detail, wording } from '../../src/api/shapes';

describe('a shape', () => {
  it('says where and what was expected', () => {
    const shape = object({ items: array(object({ at: time })) });
    expect(() => shape({ items: [{ at: '2026-11-22T04:05:06.789Z' }, { at: 'soon' }] })).toThrow('items[1].at: expected a time, got "soon"');
    expect(() => shape(null)).toThrow(ShapeError);
  });

  it('refuses what is nearly right', () => {
    expect(() => number(NaN)).toThrow();
    expect(() => number('1')).toThrow();
    expect(() => text(1)).toThrow();
    expect(() => flag('true')).toThrow();
    expect(() => oneOf('met', 'not_met')('maybe')).toThrow('one of met, not_met');
    expect(() => time('2026-11-22T04:05:06')).toThrow();
    expect(() => record(number)({ a: 'b' })).toThrow('.a');
  });

  it('tells absent from null where it matters', () => {
    expect(nullable(number)(null)).toBeNull();
    expect(() => nullable(number)(undefined)).toThrow();
    expect(optional(number, 7)(undefined)).toBe(7);
    expect(optional(number, 7)(null)).toBe(7);
  });

  it('ignores keys it does not know', () => {
    expect(object({ a: number })({ a: 1, b: 2 })).toEqual({ a: 1 });
  });

  it('reads times with any zone', () => {
    expect(time('2026-11-22T11:05:06+07:00')).toBe(Date.parse('2026-11-22T04:05:06Z'));
  });
});

describe('a list', () => {
  it('counts the rows that it cannot read instead of losing them', () => {
    const read = list(object({ id: number }))({ items: [{ id: 1 }, { id: 'x' }, { id: 3 }], total: 30 });
    expect(read.items.map((row) => row.id)).toEqual([1, 3]);
    expect(read.unreadable).toEqual(['items[1].id: expected a number, got "x"']);
    expect(read.total).toBe(30);
  });
});

const contract_gap = {
  id: 12, rule: 'C01', title: { vi: 'Trụ sở dùng đường cáp quang', en: 'Office is on fibre' }, severity: 'high', state: 'open',
  subject: { kind: 'site', id: 'HA01', name: 'Trụ sở UBND xã Hùng An' }, site: 'HA01', unit: '01201', unit_name: 'Xã Hùng An',
  since: '2026-11-22T04:05:06.789Z', opened: '2026-11-22T04:10:06.789Z', closed: null, recorded: '2026-11-22T04:05:08.000Z',
  detected: '2026-11-22T04:05:08.000Z', uncertain: false, rewritten: false, cause: null, behind: 3, evidence: 'active_uplink = 3g', count: 1,
  advice: { vi: 'Kiểm tra cáp.', en: 'Check the fibre.' }, basis: [{ text: 'QCVN 34', mark: 'V2', valid_from: '2022-01-01', valid_to: null }], acknowledged_by: null,
};

describe('the shapes of the contract', () => {
  it('read a gap', () => {
    const read = gap(contract_gap);
    expect(read.since).toBe(Date.parse('2026-11-22T04:05:06.789Z'));
    expect(read.basis[0]?.text.en).toBe('QCVN 34');
  });

  it('refuse a state that is not of the tracker', () => {
    expect(() => gap({ ...contract_gap, state: 'ignored' })).toThrow('state: expected one of pending, open, acknowledged, closed');
  });

  it('read agents as a number in a list of sites and as rows on the site’s own page', () => {
    const common = { id: 'HA01', name: 'Trụ sở', unit: '01201', unit_name: '', address: '', active_uplink: null, active_uplink_name: null, agents_heard: 0, open_gaps: 0, state: 'not_known', last_heard: null };
    expect(site({ ...common, agents: 2 }).agents).toBe(2);
    expect(site_detail({ ...common, agents: [], head_count: 24 }).agents).toEqual([]);
  });

  it('know the four roles', () => {
    expect(session({ user: 'a', role: 'auditor', csrf: 'x' }).role).toBe('auditor');
    expect(() => session({ user: 'a', role: 'root', csrf: 'x' })).toThrow();
  });

  it('take one text for both languages', () => {
    expect(wording('iOffice')).toEqual({ vi: 'iOffice', en: 'iOffice' });
  });
});
