import { describe, expect, it } from 'vitest';

import { lanes, line_style, stretch, ticks, total } from '../../src/state/timeline';

const day = 86_400_000;
const start = Date.parse('2026-11-21T17:00:00Z');
const window = { from: start, to: start + day };

describe('the timeline', () => {
  it('lays spans on the strip, cut to what is shown', () => {
    expect(stretch({ from: start + day / 4, to: start + day / 2 }, window, 400)).toEqual({ x: 100, width: 100 });
    expect(stretch({ from: start - day, to: start + day / 2 }, window, 400)).toEqual({ x: 0, width: 200 });
  });

  it('keeps an outage of a moment visible, to the very edge', () => {
    const place = stretch({ from: start + day - 1000, to: start + day }, window, 400);
    expect(place.width).toBe(1.5);
    expect(place.x + place.width).toBeLessThanOrEqual(400);
  });

  it('ticks on round hours of Vietnam’s clock', () => {
    const marks = ticks({ from: start + 1, to: start + day }, 900);
    expect(marks.every((at) => (at - start) % 10_800_000 === 0)).toBe(true);
    expect(marks.length).toBeGreaterThan(4);
    expect(marks.length).toBeLessThanOrEqual(10);
    expect(ticks({ from: start, to: start + 30 * day }, 360).length).toBeLessThanOrEqual(5);
  });

  it('adds up', () => {
    expect(total([{ from: 0, to: 5 }, { from: 7, to: 9 }])).toBe(7);
  });

  it('draws radio apart from cable, and outage apart from not known', () => {
    expect(['fibre', 'xdsl', '3g', 'satellite', 'none', 'unknown'].map(line_style)).toEqual(['cable', 'cable', 'radio', 'radio', 'outage', 'unknown']);
  });

  it('never lays one gap on another, and lets an open one run on', () => {
    const title = null;
    const drawn = lanes([{ id: 1, rule: 'C01', title, from: 0, to: null }, { id: 2, rule: 'C05', title, from: 5, to: 8 }, { id: 3, rule: 'S01', title, from: 9, to: 12 }], 100);
    expect(drawn.map((lane) => [lane.id, lane.row, lane.to])).toEqual([[1, 0, 100], [2, 1, 8], [3, 1, 12]]);
  });
});
