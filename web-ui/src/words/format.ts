// Numbers and dates as Vietnamese offices write them (1.234,5; dd/mm/yyyy HH:mm). The country has one zone, UTC+7,
// without daylight saving, so times are shown in it whatever the zone of the PC.
import type { Language } from './language.svelte';

const zone_ms = 7 * 3_600_000;
const two = (value: number) => String(value).padStart(2, '0');

export function format_number(value: number, language: Language, decimals = 0): string {
  const [whole = '0', part] = Math.abs(value).toFixed(decimals).split('.');
  const [thousands, comma] = language === 'vi' ? ['.', ','] : [',', '.'];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? '−' : '';
  return sign + grouped + (part ? comma + part : '');
}

/** As few decimals as keep three figures: 0,42; 8,13; 45,2; 317; 1.204. */
export function format_measure(value: number, language: Language): string {
  const size = Math.abs(value);
  const decimals = size === 0 ? 0 : size < 10 ? 2 : size < 100 ? 1 : 0;
  return format_number(value, language, decimals);
}

/** One decimal at most, and none where it would be 0: 200; 7,2. */
export function format_short(value: number, language: Language): string {
  const rounded = Math.round(value * 10) / 10;
  return format_number(rounded, language, Number.isInteger(rounded) ? 0 : 1);
}

export function format_share(share: number, language: Language): string {
  // Never rounded up to a hundred: 399 of 400 is not everybody.
  const percent = share < 1 ? Math.min(share * 100, 99.9) : share * 100;
  return `${format_number(percent, language, Number.isInteger(percent) ? 0 : 1)}%`;
}

export function format_bytes(bytes: number, language: Language): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let step = 0;
  while (size >= 999.5 && step < names.length - 1) {
    size /= 1000;
    step += 1;
  }
  return `${step === 0 ? format_number(size, language) : format_measure(size, language)}\u00a0${names[step]}`;
}

/** A rate or a speed in bits per second: 12,4 Mb/s; 1 Gb/s. */
export function format_bits(bits: number, language: Language): string {
  const names = ['b/s', 'kb/s', 'Mb/s', 'Gb/s', 'Tb/s'];
  let size = bits;
  let step = 0;
  while (Math.abs(size) >= 999.5 && step < names.length - 1) {
    size /= 1000;
    step += 1;
  }
  const text = Number.isInteger(size) ? format_number(size, language) : format_measure(size, language);
  return `${text}\u00a0${names[step]}`;
}

export interface CalendarTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

export function in_vietnam(ms: number): CalendarTime {
  const date = new Date(ms + zone_ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

export function format_date(ms: number): string {
  const at = in_vietnam(ms);
  return `${two(at.day)}/${two(at.month)}/${at.year}`;
}

/** As documents write it: days before the 10th and the months 1 and 2 have a zero before them (Decree 30/2020). */
export function format_long_date(ms: number, language: Language): string {
  const at = in_vietnam(ms);
  const month = at.month < 3 ? two(at.month) : String(at.month);
  return language === 'vi' ? `ngày ${two(at.day)} tháng ${month} năm ${at.year}` : format_date(ms);
}

export function format_clock(ms: number, seconds = false): string {
  const at = in_vietnam(ms);
  return `${two(at.hour)}:${two(at.minute)}${seconds ? `:${two(at.second)}` : ''}`;
}

export function format_time(ms: number, seconds = false): string {
  return `${format_date(ms)} ${format_clock(ms, seconds)}`;
}

/** Today: only the clock; this year's other days: day and month; else everything. */
export function format_time_near(ms: number, now: number, seconds = false): string {
  if (format_date(ms) === format_date(now)) return format_clock(ms, seconds);
  const at = in_vietnam(ms);
  if (at.year === in_vietnam(now).year) return `${two(at.day)}/${two(at.month)} ${format_clock(ms, seconds)}`;
  return format_time(ms, seconds);
}

/** Midnight in Vietnam at the start of the day that holds `ms`. */
export function start_of_day(ms: number): number {
  return Math.floor((ms + zone_ms) / 86_400_000) * 86_400_000 - zone_ms;
}

const span_words = {
  vi: { s: 'giây', m: 'phút', h: 'giờ', d: 'ngày' },
  en: { s: 's', m: 'min', h: 'h', d: 'd' },
};

/** How long: "12 giây", "7 phút", "2 giờ 05", "4 ngày 3 giờ". */
export function format_span(ms: number, language: Language): string {
  const word = span_words[language];
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} ${word.s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} ${word.m}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} ${word.h} ${two(minutes % 60)}` : `${hours} ${word.h}`;
  const days = Math.floor(hours / 24);
  if (days < 10 && hours % 24) return `${days} ${word.d} ${hours % 24} ${word.h}`;
  return `${format_number(days, language)} ${word.d}`;
}

/** A fact or event field of any type, for people. */
export function show_value(value: unknown, language: Language): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return language === 'vi' ? (value ? 'có' : 'không') : value ? 'yes' : 'no';
  if (typeof value === 'number') return Number.isInteger(value) ? format_number(value, language) : format_measure(value, language);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
