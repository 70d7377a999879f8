// Entries of a device's lists, as columns and words. An entry's value is a text or a table of one level. Pure.
import type { ListEntry } from '../api/inventory';
import { format_bits, format_bytes, show_value } from '../words/format';
import type { Language } from '../words/language.svelte';
import { t_value } from '../words/language.svelte';

export function is_table(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys that the entries use, in the order in which they come; none for lists of plain texts. */
export function entry_columns(entries: ListEntry[]): string[] {
  const keys = new Set<string>();
  for (const { value } of entries) if (is_table(value)) for (const key of Object.keys(value)) keys.add(key);
  return [...keys];
}

/** 2026-10-01 as 01/10/2026. */
function day(text: string): string {
  return text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1');
}

export function entry_text(list: string, key: string, value: unknown, language: Language): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'number') {
    if (key === 'bytes') return format_bytes(value, language);
    if (key === 'speed_bps') return format_bits(value, language);
    return key === 'uid' || key === 'interface' || key === 'vlan' ? String(value) : show_value(value, language);
  }
  if (typeof value !== 'string') return show_value(value, language);
  const said = t_value('entry_value', key === '' ? `${list}.${value}` : `${key}.${value}`);
  return said === `${list}.${value}` || said === `${key}.${value}` ? day(value) : said;
}
