import { describe, expect, it } from 'vitest';

import type { Series, SeriesData } from '../../src/api/shapes';
import { chart_columns, heard_first, highest, mean, paths } from '../../src/state/chart_data';

function data(t: number[], avg: (number | null)[], more: Partial<SeriesData> = {}): SeriesData {
  return { unit: 'ms', step: 300, t, v: [], min: avg, avg, max: avg, ...more };
}

describe('the chart', () => {
  it('puts latency and loss on one axis', () => {
    const columns = chart_columns(data([1000, 2000], [5, 6]), data([2000, 3000], [0, 1]));
    expect(columns.at).toEqual([1, 2, 3]);
    expect(columns.mean).toEqual([5, 6, null]);
    expect(columns.loss).toEqual([null, 0, 1]);
  });

  it('takes raw values where there is no mean', () => {
    expect(chart_columns(data([1000], [], { v: [9] }), null).mean).toEqual([9]);
  });

  it('breaks the line where nothing was measured', () => {
    const columns = chart_columns(data([0, 1000, 2000, 9000, 10_000], [1, 1, 1, 1, 1]), null);
    expect(columns.at).toEqual([0, 1, 2, 3, 9, 10]);
    expect(columns.mean).toEqual([1, 1, 1, null, 1, 1]);
  });

  it('pairs latency with the loss of the same path', () => {
    const row = (id: number, metric: string, target: string): Series => ({ id, agent: 'a', metric, target, unit: '', first: null, last: null });
    const found = paths([row(1, 'icmp.rtt_median', 'hop'), row(2, 'icmp.loss', 'far'), row(3, 'icmp.loss', 'hop'), row(4, 'http.total', 'hop')]);
    expect(found.map((path) => [path.latency.id, path.loss?.id])).toEqual([[1, 3]]);
  });

  it('begins with a path of an agent that is heard', () => {
    const row = (id: number, agent: string, last: number): Series => ({ id, agent, metric: 'icmp.rtt_median', target: 'hop', unit: '', first: null, last });
    const found = paths([row(1, 'dead', 300), row(2, 'heard', 200), row(3, 'gone', 100)]);
    expect(heard_first(found, (agent) => agent === 'heard').map((path) => path.latency.agent)).toEqual(['heard', 'dead', 'gone']);
  });

  it('sums up what is known only', () => {
    expect(mean([1, null, 3])).toBe(2);
    expect(mean([null])).toBeNull();
    expect(highest([1, null, 3])).toBe(3);
  });
});
