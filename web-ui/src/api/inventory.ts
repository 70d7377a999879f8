// What the collector answers about devices: records, their evidence, the topology, the stocktake, saved views.
import { anything, array, extend, flag, label, list, nullable, number, object, optional, record, text, time } from './shape';
import type { Infer, List, Shape } from './shape';
import { gap } from './shapes';

const no_text = optional(text, '');
const maybe_time = optional(nullable(time), null);
const maybe_number = optional(nullable(number), null);

const device_fields = object({
  id: text,
  site: optional(nullable(text), null),
  site_name: no_text,
  name: no_text,
  kind: no_text,
  vendor: no_text,
  model: no_text,
  serial: no_text,
  os: no_text,
  version: no_text,
  ip: no_text,
  mac: no_text,
  source: optional(array(text), []),
  /** The register has a row for it. */
  registered: optional(nullable(flag), null),
  /** Why it is no stranger: 'register', 'agent', or '' for one. */
  known_by: no_text,
  triage: no_text,
  state: no_text,
  confidence: maybe_number,
  moved_from: no_text,
  cloned: optional(flag, false),
  first_seen: maybe_time,
  last_seen: maybe_time,
  open_gaps: optional(number, 0),
});

export const device = extend(device_fields, object({ facts: optional(record(anything), {}) }));
export type Device = Infer<typeof device>;

const signal = object({ name: text, value: label, weight: maybe_number });
export type Signal = Infer<typeof signal>;

export const witness = object({
  id: text,
  source: no_text,
  agent: no_text,
  first_seen: maybe_time,
  last_seen: maybe_time,
  signals: optional(array(signal), []),
  /** A person said that it belongs here. */
  by_person: optional(flag, false),
});
export type Witness = Infer<typeof witness>;

export const device_fact = object({ name: text, value: anything, at: maybe_time, witness: no_text, vi: no_text, en: no_text });
export type DeviceFact = Infer<typeof device_fact>;

const no_series = { rx: null, tx: null };
export const network_interface = object({
  index: optional(label, ''),
  name: optional(label, ''),
  descr: no_text,
  type: optional(nullable(label), null),
  speed_bps: maybe_number,
  mac: no_text,
  admin: optional(label, ''),
  oper: optional(label, ''),
  alias: no_text,
  series: optional(object({ rx: maybe_number, tx: maybe_number }), no_series),
});
export type NetworkInterface = Infer<typeof network_interface>;

export const device_address = object({ address: no_text, prefix: maybe_number, interface: optional(label, '') });
export const neighbour = object({
  local: optional(label, ''),
  protocol: no_text,
  chassis: no_text,
  port: optional(label, ''),
  name: no_text,
  device: optional(nullable(text), null),
});
export type Neighbour = Infer<typeof neighbour>;

export const log_entry = object({
  at: maybe_time,
  what: text,
  who: no_text,
  note: no_text,
  records: optional(array(text), []),
  reasons: optional(array(anything), []),
});
export type LogEntry = Infer<typeof log_entry>;

export const device_detail = extend(
  device_fields,
  object({
    witnesses: optional(array(witness), []),
    facts: optional(array(device_fact), []),
    interfaces: optional(array(network_interface), []),
    addresses: optional(array(device_address), []),
    neighbours: optional(array(neighbour), []),
    lists: optional(record(number), {}),
    register: optional(nullable(record(anything)), null),
    gaps: optional(array(gap), []),
    log: optional(array(log_entry), []),
  }),
);
export type DeviceDetail = Infer<typeof device_detail>;

export const list_entry = object({ entry: text, value: anything, at: maybe_time });
export type ListEntry = Infer<typeof list_entry>;

export const device_change = object({ at: maybe_time, name: text, from: anything, to: anything, witness: no_text });
export type DeviceChange = Infer<typeof device_change>;

const topology_node = object({
  id: text,
  name: no_text,
  kind: no_text,
  site: no_text,
  state: optional(text, 'not_known'),
  depth: optional(number, 0),
});
export type TopologyNode = Infer<typeof topology_node>;

const topology_link = object({
  a: text,
  b: text,
  a_port: optional(label, ''),
  b_port: optional(label, ''),
  by: optional(array(text), []),
  state: optional(text, 'not_known'),
  speed_bps: maybe_number,
});
export type TopologyLink = Infer<typeof topology_link>;

export const topology = object({ nodes: array(topology_node), links: array(topology_link) });
export type Topology = Infer<typeof topology>;

export const stocktake_row = object({
  id: no_text,
  site: no_text,
  site_name: no_text,
  unit_name: no_text,
  name: no_text,
  kind: no_text,
  static_ip: no_text,
  mac: no_text,
  serial: no_text,
  support_end: no_text,
  geographic_location: no_text,
  network_location: no_text,
  purpose: no_text,
  status: no_text,
  responsible: no_text,
  seen: optional(nullable(flag), null),
  /** The site where it is seen, when that is another one. */
  seen_at: no_text,
  last_seen: maybe_time,
  verdict: text,
  missing_fields: optional(array(text), []),
});
export type StocktakeRow = Infer<typeof stocktake_row>;

export const stocktake_totals = object({ expected: number, present: number, missing: number, not_known: optional(number, 0), unknown: number, moved: number });
export type StocktakeTotals = Infer<typeof stocktake_totals>;

export const stocktake: Shape<List<StocktakeRow> & { totals: StocktakeTotals }> = extend(list(stocktake_row), object({ totals: stocktake_totals }));
export type Stocktake = Infer<typeof stocktake>;

export const stocktake_record = object({
  at: time,
  who: no_text,
  site: no_text,
  site_name: no_text,
  note: no_text,
  totals: optional(nullable(stocktake_totals), null),
});
export type StocktakeRecord = Infer<typeof stocktake_record>;

export const saved_view = object({ id: label, page: text, name: text, query: no_text, columns: optional(array(text), []) });
export type SavedView = Infer<typeof saved_view>;
