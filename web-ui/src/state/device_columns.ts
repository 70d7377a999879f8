// The columns that the list of devices can show. Keys are the collector's; it sorts by the same names.
import type { Word } from '../words/language.svelte';

export interface DeviceColumn {
  key: string;
  label: Word;
  is_number?: boolean;
}

export const device_columns: DeviceColumn[] = [
  { key: 'state', label: 'devices.state' },
  { key: 'registered', label: 'devices.registered' },
  { key: 'kind', label: 'devices.kind' },
  { key: 'vendor', label: 'devices.vendor' },
  { key: 'model', label: 'devices.model' },
  { key: 'serial', label: 'devices.serial' },
  { key: 'os', label: 'devices.os' },
  { key: 'version', label: 'devices.version' },
  { key: 'ip', label: 'devices.address' },
  { key: 'mac', label: 'devices.mac' },
  { key: 'site', label: 'filter.site' },
  { key: 'source', label: 'devices.source' },
  { key: 'open_gaps', label: 'sites.gaps', is_number: true },
  { key: 'confidence', label: 'devices.confidence', is_number: true },
  { key: 'first_seen', label: 'devices.first_seen', is_number: true },
  { key: 'last_seen', label: 'devices.seen', is_number: true },
];

const usual = ['state', 'registered', 'kind', 'vendor', 'ip', 'site', 'open_gaps', 'last_seen'];

/** What the address says, or the usual ones; the order is the table's own. */
export function chosen_columns(written: string): DeviceColumn[] {
  const wanted = written === '' ? usual : written.split(',');
  return device_columns.filter((column) => wanted.includes(column.key));
}

/** For the address; the usual choice is not written. */
export function written_columns(keys: string[]): string {
  const inside = device_columns.map((column) => column.key).filter((key) => keys.includes(key));
  return inside.join() === usual.join() ? '' : inside.join();
}

export const device_kinds = ['pc', 'server', 'router', 'switch', 'ap', 'printer', 'camera', 'nvr', 'ups', 'phone', 'other'] as const;
export const device_states = ['seen', 'missing', 'silent', 'not_seen', 'unknown', 'moved', 'cloned', 'ignored', 'flagged'] as const;
