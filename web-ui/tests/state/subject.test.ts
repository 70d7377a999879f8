import { describe, expect, it } from 'vitest';

import { device_rules, machine_address, subject_address } from '../../src/state/subject';

describe('the way from a name', () => {
  it('leads to the page that tells most', () => {
    expect(subject_address({ kind: 'device', id: 'HA01/mac:3c:84' }, 'HA01')).toBe('#/devices/HA01%2Fmac%3A3c%3A84');
    expect(subject_address({ kind: 'agent', id: 'a3f0' }, 'HA01')).toBe('#/agents?q=a3f0');
    expect(subject_address({ kind: 'unit', id: '01180' }, null)).toBe('#/sites?unit=01180');
    expect(subject_address({ kind: 'service', id: 'HA01/document' }, 'HA01')).toBe('#/sites/HA01');
    expect(subject_address({ kind: 'uplink', id: 'VNPT/ring-2' }, null)).toBeNull();
  });

  it('leads from an agent to its machine', () => {
    expect(machine_address({ id: 'a3f0', site: 'HA01' })).toBe('#/devices/HA01%2Fhost%3Aa3f0');
    expect(machine_address({ id: 'a3f0', site: null })).toBeNull();
  });
});

describe('the rules of devices', () => {
  const gap = (rule: string, id: string, state = 'open', kind = 'device') => ({ rule, state, subject: { kind, id } });

  it('count each device once, apart where it is not confirmed yet, the most first', () => {
    const rows = device_rules([gap('S01', 'a'), gap('S06', 'a'), gap('S06', 'b', 'acknowledged'), gap('S06', 'b'), gap('S06', 'c', 'pending'), gap('S10', 'a', 'pending')]);
    expect(rows.map(({ rule, open, pending }) => [rule, open, pending])).toEqual([['S06', 2, 1], ['S01', 1, 0], ['S10', 0, 1]]);
  });

  it('leave out what is over and what is no device', () => {
    expect(device_rules([gap('S01', 'a', 'closed'), gap('C01', 'HA01', 'open', 'site')])).toEqual([]);
  });
});
