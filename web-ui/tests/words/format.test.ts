import { describe, expect, it } from 'vitest';

import {
  format_bytes,
  format_measure,
  format_number,
  format_share,
  format_short,
  format_span,
  format_time,
  format_time_near,
  show_value,
  start_of_day,
} from '../../src/words/format';

const at = (iso: string) => Date.parse(iso);

describe('numbers', () => {
  it('use a comma for decimals and dots for thousands in Vietnamese', () => {
    expect(format_number(1234.5, 'vi', 1)).toBe('1.234,5');
    expect(format_number(1234567, 'vi')).toBe('1.234.567');
    expect(format_number(1234.5, 'en', 1)).toBe('1,234.5');
    expect(format_number(999, 'vi')).toBe('999');
  });

  it('write a minus, but not before a nought', () => {
    expect(format_number(-1234.5, 'vi', 1)).toBe('−1.234,5');
    expect(format_number(-0.01, 'vi', 1)).toBe('0,0');
  });

  it('keep three figures of a measurement', () => {
    expect(format_measure(0.4219, 'vi')).toBe('0,42');
    expect(format_measure(45.23, 'vi')).toBe('45,2');
    expect(format_measure(1204.4, 'vi')).toBe('1.204');
    expect(format_measure(0, 'vi')).toBe('0');
    expect(format_short(200, 'vi')).toBe('200');
    expect(format_short(7.2, 'vi')).toBe('7,2');
  });

  it('never round a share up to everybody', () => {
    expect(format_share(0.628, 'vi')).toBe('62,8%');
    expect(format_share(1, 'vi')).toBe('100%');
    expect(format_share(0.9999, 'vi')).toBe('99,9%');
    expect(format_share(0.5, 'vi')).toBe('50%');
  });

  it('write bytes in steps of a thousand', () => {
    expect(format_bytes(999, 'vi')).toBe('999\u00a0B');
    expect(format_bytes(2841000, 'vi')).toBe('2,84\u00a0MB');
    expect(format_bytes(999_600, 'vi')).toBe('1,00\u00a0MB');
  });

  it('show any fact', () => {
    expect(show_value(true, 'vi')).toBe('có');
    expect(show_value(null, 'vi')).toBe('–');
    expect(show_value(1893220, 'vi')).toBe('1.893.220');
  });
});

describe('times', () => {
  it('are Vietnam’s, whatever the zone of the PC', () => {
    expect(format_time(at('2026-02-05T17:30:05Z'))).toBe('06/02/2026 00:30');
    expect(format_time(at('2026-02-05T17:30:05Z'), true)).toBe('06/02/2026 00:30:05');
  });

  it('are as short as their distance allows', () => {
    const now = at('2026-11-22T04:00:00Z');
    expect(format_time_near(at('2026-11-21T17:00:00Z'), now)).toBe('00:00');
    expect(format_time_near(at('2026-11-21T16:59:00Z'), now)).toBe('21/11 23:59');
    expect(format_time_near(at('2025-11-21T16:59:00Z'), now)).toBe('21/11/2025 23:59');
  });

  it('begin the day at Vietnam’s midnight', () => {
    expect(new Date(start_of_day(at('2026-11-21T17:30:00Z'))).toISOString()).toBe('2026-11-21T17:00:00.000Z');
    expect(new Date(start_of_day(at('2026-11-21T16:30:00Z'))).toISOString()).toBe('2026-11-20T17:00:00.000Z');
  });

  it('tell how long in two steps at most', () => {
    expect(format_span(12_400, 'vi')).toBe('12 giây');
    expect(format_span(7 * 60_000, 'vi')).toBe('7 phút');
    expect(format_span(125 * 60_000, 'vi')).toBe('2 giờ 05');
    expect(format_span(26 * 3_600_000, 'vi')).toBe('1 ngày 2 giờ');
    expect(format_span(12 * 86_400_000, 'en')).toBe('12 d');
    expect(format_span(-5, 'vi')).toBe('0 giây');
  });
});
