import { describe, expect, it } from 'vitest';

import { site_detail } from '../../src/api/shapes';
import { conclusion, findings, internet, line_name } from '../../src/state/fault';

const heard = { id: 'a1', state: 'heard', last_heard: '2026-11-21T08:00:00Z' };
const silent = { ...heard, id: 'a2', state: 'silent' };
const asleep = { ...silent, id: 'a3', bye: 'host_shutdown' };
const stopped = { ...silent, id: 'a4', bye: 'shutdown' };
const fibre = { name: 'Cáp quang', kind: 'fibre', provider: 'VNPT', primary: true, up: true };
const document = { id: 'document', name: 'Văn bản', reachable: true };

function site(more: object = {}) {
  return site_detail({
    id: 'HA01', name: 'Trụ sở', active_uplink: 'fibre', active_uplink_name: 'Cáp quang', open_gaps: 0, state: 'met', last_heard: '2026-11-21T08:00:00Z',
    agents: [heard, { ...heard, id: 'b' }], uplinks: [fibre], services: [document], ...more,
  });
}

const states = (of: ReturnType<typeof site>) => Object.fromEntries(Object.entries(findings(of)).map(([part, found]) => [part, found.state]));
const at = (of: ReturnType<typeof site>) => conclusion(findings(of), internet(of).lost);

describe('where the fault is', () => {
  it('nowhere, when all three are in order', () => {
    expect(states(site())).toEqual({ office: 'good', line: 'good', province: 'good' });
    expect(at(site()).word).toBe('fault.none');
  });

  it('the line, when the backup carries the site', () => {
    const on_backup = site({ uplinks: [{ ...fibre, up: false }], active_uplink: '4g', active_uplink_name: '4G' });
    expect(at(on_backup)).toMatchObject({ word: 'fault.found', at: ['line'] });
    expect(findings(on_backup).line.word).toBe('fault.line_backup');
  });

  it('the province, when a service is lost elsewhere, too; the line, when it is lost here alone', () => {
    const lost = (elsewhere: object) => site({ services: [{ ...document, reachable: false, elsewhere }] });
    expect(at(lost({ reachable: 0, unreachable: 5 })).at).toEqual(['province']);
    expect(at(lost({ reachable: 5, unreachable: 0 })).at).toEqual(['line']);
    expect(at(lost({ reachable: 0, unreachable: 0 }))).toMatchObject({ at: [], state: 'watching' });
  });

  it('is not sure of the province, when some services are reached and others are not known', () => {
    const some = site({ services: [document, { id: 'portal', name: 'Cổng', reachable: null }, { id: 'mail', name: 'Thư', reachable: null }] });
    expect(findings(some).province).toEqual({ state: 'unknown', word: 'fault.services_some', values: { reached: 1, total: 3, unknown: 2 } });
    expect(at(some)).toMatchObject({ word: 'fault.unknown', state: 'unknown' });
    const all = site({ services: [document, { ...document, id: 'portal' }] });
    expect(findings(all).province).toEqual({ state: 'good', word: 'fault.services_reached', values: { reached: 2, total: 2 } });
  });

  it('not known, when a site falls silent alone: power or line', () => {
    const dark = site({ agents: [silent], elsewhere: { heard: 6, silent: 1 }, uplinks: [{ ...fibre, elsewhere: { up: 5, down: 1 } }] });
    expect(states(dark)).toEqual({ office: 'unknown', line: 'unknown', province: 'good' });
    expect(at(dark).word).toBe('fault.call');
  });

  it('the line, when others of the same provider fell silent with it', () => {
    const ring = site({ agents: [silent], elsewhere: { heard: 4, silent: 3 }, uplinks: [{ ...fibre, elsewhere: { up: 1, down: 3 } }] });
    expect(at(ring)).toMatchObject({ word: 'fault.found', at: ['line'] });
  });

  it('the province, when nobody is heard', () => {
    expect(at(site({ agents: [silent], elsewhere: { heard: 0, silent: 7 } })).at).toContain('province');
  });

  it('nowhere, when the machines said goodbye in the evening', () => {
    const evening = site({ agents: [asleep, asleep], elsewhere: { heard: 2, silent: 0 } });
    expect(at(evening)).toMatchObject({ word: 'fault.asleep', state: 'off' });
    expect(states(site({ agents: [heard, asleep] })).office).toBe('good');
  });

  it('nowhere, when the agents were stopped: they said goodbye, too', () => {
    for (const bye of ['shutdown', 'restart', 'update']) {
      const quiet = site({ agents: [{ ...stopped, bye }], elsewhere: { heard: 0, silent: 1 }, uplinks: [{ ...fibre, elsewhere: { up: 0, down: 3 } }] });
      expect(at(quiet)).toMatchObject({ word: 'fault.stopped', state: 'off', at: [] });
      expect(findings(quiet).office).toEqual({ state: 'off', word: 'fault.office_stopped', values: { total: 1, stopped: 1 } });
      expect(findings(quiet).line.word).toBe('fault.line_stopped');
    }
    expect(findings(site({ agents: [stopped, asleep, asleep] })).office).toMatchObject({ word: 'fault.office_left', values: { total: 3, stopped: 1 } });
    expect(findings(site({ agents: [heard, stopped, asleep] })).office).toMatchObject({ state: 'watching', word: 'fault.office_some_stopped', values: { stopped: 1, total: 3 } });
  });

  it('asks for a call when one of them fell silent without a word', () => {
    const dark = site({ agents: [silent, stopped, asleep] });
    expect(at(dark).word).toBe('fault.call');
    expect(findings(dark).office).toMatchObject({ word: 'fault.office_silent_some', values: { silent: 1, total: 3 } });
    expect(findings(site({ agents: [silent, silent] })).office).toMatchObject({ word: 'fault.office_silent', values: { count: 2 } });
  });

  it('says that the Internet is not reached though the line and the province are', () => {
    const title = { vi: 'Máy tính có Internet', en: 'PC has Internet' };
    const told = (id: string, verdict: string) => ({ rule: 'C15', title, verdict, subject: { kind: 'agent', id } });
    const cut = site({ verdicts: [told('a1', 'not_met'), told('b', 'not_met')] });
    expect(states(cut)).toEqual({ office: 'good', line: 'good', province: 'good' });
    expect(internet(cut)).toEqual({ lost: 2, total: 2 });
    expect(at(cut)).toMatchObject({ word: 'fault.internet', state: 'watching', at: [] });
    expect(at(site({ services: [{ ...document, reachable: null }], verdicts: [told('a1', 'not_met')] })).word).toBe('fault.internet_alone');
    expect(at(site({ uplinks: [{ ...fibre, up: false }], verdicts: [told('a1', 'not_met')] }))).toMatchObject({ word: 'fault.found', at: ['line'] });
  });

  it('judges the Internet by the machines that report now, and by its own rule', () => {
    const row = { rule: 'C15', title: 'Internet', verdict: 'not_met', subject: { kind: 'agent', id: 'a3' } };
    expect(at(site({ agents: [heard, asleep], verdicts: [row] })).word).toBe('fault.none');
    expect(at(site({ verdicts: [{ ...row, rule: 'C01', subject: { kind: 'agent', id: 'a1' } }] })).word).toBe('fault.none');
    expect(internet(site({ verdicts: [{ ...row, verdict: 'not_known', subject: { kind: 'agent', id: 'a1' } }] }))).toEqual({ lost: 0, total: 0 });
    expect(internet(site({ verdicts: [{ ...row, verdict: 'met', subject: { kind: 'agent', id: 'b' } }] }))).toEqual({ lost: 0, total: 1 });
  });

  it('names a line by its kind and its name, without saying one thing twice', () => {
    expect(line_name({ name: 'fibre', kind: 'fibre' })).toBe('Cáp quang');
    expect(line_name({ name: 'Cáp quang VNPT', kind: 'fibre' })).toBe('Cáp quang VNPT');
    expect(line_name({ name: 'mobile', kind: '4g' })).toBe('4G (mobile)');
  });

  it('not known, when nobody watches', () => {
    expect(at(site({ agents: [], services: [], uplinks: [], last_heard: null })).word).toBe('fault.nobody');
  });
});
