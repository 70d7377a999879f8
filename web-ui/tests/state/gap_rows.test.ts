import { describe, expect, it } from 'vitest';

import type { Gap } from '../../src/api/shapes';
import { gap_rows, merge_gap, no_filter } from '../../src/state/gap_rows';

function gap(id: number, more: Partial<Gap> = {}): Gap {
  return {
    id, rule: 'C01', title: { vi: 'Trụ sở dùng đường cáp quang', en: 'Office is on fibre' }, severity: 'high', state: 'open',
    subject: { kind: 'site', id: `S${id}`, name: `Trụ sở ${id}` }, site: `S${id}`, unit: '01180', unit_name: 'Xã Bằng Hành', since: id * 1000,
    opens: null, opened: id * 1000, closed: null, recorded: null, detected: null, uncertain: false, rewritten: false, cause: null, behind: 0, evidence: '', evidence_en: '', evidence_at: null,
    count: 1, advice: { vi: '', en: '' }, basis: [], acknowledged_by: null, ...more,
  };
}

function ids(rows: { gap: Gap; behind: Gap[] }[]) {
  return rows.map((row) => [row.gap.id, ...row.behind.map((inner) => inner.id)]);
}

describe('the rows of gaps', () => {
  it('fold those behind a cause under it', () => {
    expect(ids(gap_rows([gap(1), gap(2, { cause: 1 }), gap(3, { cause: 1 })], no_filter, 'since', false))).toEqual([[1, 2, 3]]);
  });

  it('fold a chain of causes under its beginning', () => {
    expect(ids(gap_rows([gap(1), gap(2, { cause: 1 }), gap(3, { cause: 2 })], no_filter, 'since', false))).toEqual([[1, 2, 3]]);
  });

  it('keep a gap whose cause is not at hand in sight', () => {
    expect(ids(gap_rows([gap(2, { cause: 99 })], no_filter, 'since', true))).toEqual([[2]]);
  });

  it('lose nobody when causes go in a circle', () => {
    const rows = gap_rows([gap(1, { cause: 2 }), gap(2, { cause: 1 })], no_filter, 'since', false);
    expect(ids(rows).flat().sort()).toEqual([1, 2]);
  });

  it('show the cause when the search finds one behind it', () => {
    const gaps = [gap(1), gap(2, { cause: 1, unit_name: 'Xã Đồng Tâm' }), gap(3)];
    expect(ids(gap_rows(gaps, { ...no_filter, search: 'dong tam' }, 'severity', true))).toEqual([[1, 2]]);
  });

  it('put the worst first, and what is only being watched after what is open', () => {
    const gaps = [gap(1, { severity: 'low' }), gap(2, { severity: 'critical', state: 'pending' }), gap(3, { severity: 'critical' }), gap(4)];
    expect(ids(gap_rows(gaps, no_filter, 'severity', true)).flat()).toEqual([3, 4, 1, 2]);
  });

  it('obey the filters together', () => {
    const gaps = [gap(1, { rule: 'S01' }), gap(2, { severity: 'low' }), gap(3)];
    expect(ids(gap_rows(gaps, { ...no_filter, rule: 'C01', severity: 'high' }, 'since', true))).toEqual([[3]]);
  });
});

describe('a live gap', () => {
  it('replaces, joins or leaves', () => {
    const open = (candidate: Gap) => candidate.state !== 'closed';
    const gaps = [gap(1), gap(2)];
    expect(merge_gap(gaps, gap(2, { state: 'acknowledged' }), open).map((row) => row.state)).toEqual(['open', 'acknowledged']);
    expect(merge_gap(gaps, gap(3), open)).toHaveLength(3);
    expect(merge_gap(gaps, gap(1, { state: 'closed' }), open).map((row) => row.id)).toEqual([2]);
  });
});
