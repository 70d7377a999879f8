import { describe, expect, it } from 'vitest';

import { axis_top, time_ticks } from '../../src/state/chart_axis';

const at = (clock: string) => Date.parse(`2026-03-02T${clock}+07:00`);

describe('the axes of a chart', () => {
  it('never say the same moment twice', () => {
    const ticks = (step: number, from: number) => time_ticks([0, 1, 2, 3].map((i) => from / 1000 + i * step), from, from + 4000 * step);
    expect(ticks(20, at('18:47:00'))).toEqual(['18:47:00', '18:47:20', '18:47:40', '18:48:00']);
    expect(ticks(60, at('18:47:00'))).toEqual(['18:47', '18:48', '18:49', '18:50']);
    expect(ticks(3600, at('23:00:00'))).toEqual(['23:00', '03/03', '01:00', '02:00']);
    expect(ticks(86_400, at('00:00:00'))).toEqual(['02/03', '03/03', '04/03', '05/03']);
  });

  it('end at a round number above the highest value', () => {
    expect(axis_top(0.3, 1)).toBe(1);
    expect(axis_top(null, 1)).toBe(1);
    expect(axis_top(2.9, 1)).toBe(4);
    expect(axis_top(41, 1)).toBe(50);
    expect(axis_top(96, 1)).toBe(150);
  });
});
