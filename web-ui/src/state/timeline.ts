// The geometry of a site's timeline: time to pixels, ticks on Vietnam's clock, sums. Pure.
import type { Timeline, Wording } from '../api/shapes';
import { start_of_day } from '../words/format';

export type LineStyle = 'cable' | 'radio' | 'outage' | 'unknown';

export function line_style(kind: string): LineStyle {
  if (kind === 'fibre' || kind === 'xdsl') return 'cable';
  if (kind === 'none') return 'outage';
  return kind === 'unknown' ? 'unknown' : 'radio';
}

export interface Span {
  from: number;
  to: number;
}

export interface Stretch {
  x: number;
  width: number;
}

/** Where a span lies on a strip of `width` pixels; at least one and a half, so that no outage is too short to see. */
export function stretch(span: Span, window: Span, width: number): Stretch {
  const scale = width / (window.to - window.from);
  const from = Math.max(span.from, window.from);
  const to = Math.min(Math.max(span.to, from), window.to);
  const wide = Math.max((to - from) * scale, 1.5);
  return { x: Math.min((from - window.from) * scale, width - wide), width: wide };
}

const hour = 3_600_000;
const steps = [1, 2, 3, 6, 12, 24, 48, 72, 120, 168].map((hours) => hours * hour);

/** Round moments, about one every `room` pixels. */
export function ticks(window: Span, width: number, room = 90): number[] {
  const most = Math.max(2, Math.floor(width / room));
  const step = steps.find((candidate) => (window.to - window.from) / candidate <= most) ?? 336 * hour;
  const result: number[] = [];
  for (let at = start_of_day(window.from); at <= window.to; at += step) {
    if (at >= window.from) result.push(at);
  }
  return result;
}

export function total(spans: Span[]): number {
  return spans.reduce((sum, span) => sum + Math.max(0, span.to - span.from), 0);
}

export interface Lane {
  id: number;
  rule: string;
  title: Wording | null;
  from: number;
  to: number;
  row: number;
}

/** Gaps in as few rows as keep them from lying on each other. */
export function lanes(gaps: Timeline['gaps'], now: number): Lane[] {
  const ends: number[] = [];
  return [...gaps]
    .sort((a, b) => a.from - b.from || a.id - b.id)
    .map((gap) => {
      const to = gap.to ?? now;
      const free = ends.findIndex((end) => end <= gap.from);
      const row = free < 0 ? ends.length : free;
      ends[row] = to;
      return { id: gap.id, rule: gap.rule, title: gap.title, from: gap.from, to, row };
    });
}
