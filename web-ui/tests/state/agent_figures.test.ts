import { describe, expect, it } from 'vitest';

import { agent } from '../../src/api/shapes';
import { bytes_text, clock_text, clock_wrong, profile_text, spool_text, version_text } from '../../src/state/agent_figures';
import { format_bytes } from '../../src/words/format';

const noughts = { spool_batches: 0, spool_bytes: 0, clock_error_ms: 0, clock_offset_ms: 0, bytes_today: 0, profile: 'fibre' };
const told = { id: 'a1', state: 'heard', last_heard: '2026-11-21T08:00:00Z', version: 'vonggac-agent 0.1.0', ...noughts };
const all = (of: object) => [clock_text, spool_text, bytes_text, profile_text, version_text].map((text) => text(agent({ ...told, ...of })));

describe('what an agent told of itself', () => {
  it('is not known of one that never reported, whatever the collector counts from', () => {
    const nothing = ['chưa rõ', 'chưa rõ', 'chưa rõ', 'chưa rõ cách gửi', 'chưa rõ'];
    expect(all({ state: 'never', last_heard: null, version: null })).toEqual(nothing);
    expect(clock_wrong(agent({ ...told, state: 'never', last_heard: null, version: null, clock_offset_ms: 9000 }))).toBe(false);
  });

  it('is not known of one that has not come back since the collector began anew', () => {
    expect(all({ state: 'silent', version: null })[0]).toBe('chưa rõ');
  });

  it('is said as it was told, noughts too', () => {
    expect(all({})).toEqual(['+0 ms ± 0 ms', 'không có', format_bytes(0, 'vi'), 'gửi ngay', 'vonggac-agent 0.1.0']);
    expect(clock_text(agent({ ...told, clock_offset_ms: -37, clock_error_ms: 4 }))).toBe('−37 ms ± 4 ms');
    expect(clock_wrong(agent({ ...told, clock_offset_ms: -5001 }))).toBe(true);
    expect(profile_text(agent({ ...told, profile: 'metered' }))).toBe('gửi gộp, tiết kiệm dữ liệu');
  });
});
