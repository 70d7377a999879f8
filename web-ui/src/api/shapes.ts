// Every answer of the collector's HTTP API that the pages read, declared once.
import { anything, array, extend, flag, nullable, number, object, oneOf, optional, record, text, time } from './shape';
import type { Infer, Shape } from './shape';

export interface Wording {
  vi: string;
  en: string;
}

const bilingual = object({ vi: text, en: text });

/** {"vi","en"}, or one text for both languages. */
export const wording: Shape<Wording> = (value, path = '') =>
  typeof value === 'string' ? { vi: value, en: value } : bilingual(value, path);

const no_words: Wording = { vi: '', en: '' };

const subject_ref = object({ kind: text, id: text, name: optional(text, '') });

export const verdict = oneOf('met', 'not_met', 'not_known');
export type Verdict = Infer<typeof verdict>;

export const severity = oneOf('info', 'low', 'medium', 'high', 'critical');
export type Severity = Infer<typeof severity>;

export const gap_state = oneOf('pending', 'open', 'acknowledged', 'closed');
export type GapState = Infer<typeof gap_state>;

export const basis = object({
  text: wording,
  mark: optional(text, ''),
  valid_from: optional(nullable(text), null),
  valid_to: optional(nullable(text), null),
});
export type Basis = Infer<typeof basis>;

export const session = object({
  user: text,
  role: oneOf('administrator', 'operator', 'officer', 'auditor'),
  csrf: optional(text, ''),
  must_change_password: optional(flag, false),
});
export type Session = Infer<typeof session>;

export const gap = object({
  id: number,
  rule: text,
  title: wording,
  severity,
  state: gap_state,
  subject: subject_ref,
  site: optional(nullable(text), null),
  unit: optional(nullable(text), null),
  unit_name: optional(text, ''),
  since: time,
  /** When a pending gap opens, if nothing changes until then. */
  opens: optional(nullable(time), null),
  opened: nullable(time),
  closed: nullable(time),
  recorded: nullable(time),
  detected: nullable(time),
  uncertain: optional(flag, false),
  rewritten: optional(flag, false),
  cause: optional(nullable(number), null),
  behind: optional(number, 0),
  evidence: optional(text, ''),
  evidence_en: optional(text, ''),
  evidence_at: optional(nullable(time), null),
  count: optional(number, 1),
  advice: optional(wording, no_words),
  basis: optional(array(basis), []),
  acknowledged_by: optional(nullable(text), null),
});
export type Gap = Infer<typeof gap>;

export const gap_step = object({ at: nullable(time), to: gap_state, note: optional(text, ''), note_en: optional(text, '') });
export type GapStep = Infer<typeof gap_step>;

export const gap_detail = extend(gap, object({ history: optional(array(gap_step), []), behind_items: optional(array(gap), []) }));
export type GapDetail = Infer<typeof gap_detail>;

export const coverage = object({
  rule: text,
  title: wording,
  target: optional(nullable(number), null),
  population: number,
  met: number,
  not_met: number,
  not_known: number,
  low: nullable(number),
  high: nullable(number),
  basis: optional(array(basis), []),
});
export type Coverage = Infer<typeof coverage>;

export const unit = object({
  code: text,
  name: text,
  full_name: optional(text, ''),
  kind: text,
  level: text,
  parent: optional(nullable(text), null),
  sites: number,
  open_gaps: number,
  state: verdict,
});
export type Unit = Infer<typeof unit>;

const site_fields = object({
  id: text,
  name: text,
  unit: optional(nullable(text), null),
  unit_name: optional(text, ''),
  address: optional(text, ''),
  active_uplink: nullable(text),
  active_uplink_name: optional(nullable(text), null),
  agents_heard: optional(number, 0),
  open_gaps: number,
  state: verdict,
  last_heard: nullable(time),
});

/** In a list of sites `agents` is how many there are; on the site's own page it is the agents themselves. */
export const site = extend(site_fields, object({ agents: number }));
export type Site = Infer<typeof site>;

const lost_range = object({
  first: number,
  last: number,
  class: optional(text, ''),
  items: optional(number, 0),
  reason: optional(text, ''),
});

export const agent = object({
  id: text,
  host: optional(text, ''),
  site: optional(nullable(text), null),
  site_name: optional(text, ''),
  unit: optional(nullable(text), null),
  version: optional(text, ''),
  state: oneOf('heard', 'silent', 'never', 'revoked'),
  last_heard: nullable(time),
  profile: optional(text, ''),
  spool_batches: optional(nullable(number), null),
  spool_bytes: optional(nullable(number), null),
  clock_error_ms: optional(nullable(number), null),
  clock_offset_ms: optional(nullable(number), null),
  bytes_today: optional(nullable(number), null),
  /** What it said when it left by itself. */
  bye: optional(text, ''),
  enrolled: optional(nullable(time), null),
  certificate_expires: optional(nullable(time), null),
  lost: optional(array(lost_range), []),
});
export type Agent = Infer<typeof agent>;

/** How many of the other sites fare well, and how many do not. */
const up_down = optional(object({ up: number, down: number }), { up: 0, down: 0 });
const reachable_or_not = optional(object({ reachable: number, unreachable: number }), { reachable: 0, unreachable: 0 });
const heard_or_silent = optional(object({ heard: number, silent: number }), { heard: 0, silent: 0 });

const uplink = object({
  name: text,
  kind: text,
  provider: optional(text, ''),
  contract: optional(text, ''),
  primary: optional(flag, false),
  subscribed_mbps: optional(nullable(number), null),
  up: nullable(flag),
  elsewhere: up_down,
});
export type Uplink = Infer<typeof uplink>;

const service = object({
  id: text,
  name: text,
  kind: optional(text, ''),
  reachable: nullable(flag),
  checked: optional(nullable(time), null),
  elsewhere: reachable_or_not,
});
export type Service = Infer<typeof service>;

/** A fact that a verdict needs and nobody tells now; `told` is when it last was. */
const lacking_fact = object({
  name: text,
  vi: optional(text, ''),
  en: optional(text, ''),
  producer: optional(text, ''),
  told: optional(nullable(time), null),
  hint: optional(nullable(wording), null),
});
export type LackingFact = Infer<typeof lacking_fact>;

export const site_detail = extend(
  site_fields,
  object({
    agents: array(agent),
    head_count: optional(nullable(number), null),
    elsewhere: heard_or_silent,
    uplinks: optional(array(uplink), []),
    services: optional(array(service), []),
    gaps: optional(array(gap), []),
    verdicts: optional(array(object({ rule: text, title: wording, verdict, subject: optional(subject_ref, { kind: '', id: '', name: '' }), lacking: optional(array(lacking_fact), []) })), []),
  }),
);

export type SiteDetail = Infer<typeof site_detail>;

const span = object({ from: time, to: time });

export const timeline = object({
  from: time,
  to: time,
  link: array(extend(span, object({ kind: text, uplink: optional(nullable(text), null) }))),
  silence: array(span),
  gaps: array(object({ id: number, rule: text, title: optional(nullable(wording), null), from: time, to: nullable(time) })),
});
export type Timeline = Infer<typeof timeline>;

export const series = object({
  id: number,
  agent: text,
  metric: text,
  target: optional(text, ''),
  unit: optional(text, ''),
  first: optional(nullable(time), null),
  last: optional(nullable(time), null),
});
export type Series = Infer<typeof series>;

const column = array(nullable(number));

export const series_data = object({
  unit: optional(text, ''),
  step: number,
  t: array(number),
  v: optional(column, []),
  min: optional(column, []),
  avg: optional(column, []),
  max: optional(column, []),
});
export type SeriesData = Infer<typeof series_data>;

export const happening = object({
  id: anything,
  kind: text,
  severity,
  agent: optional(nullable(text), null),
  host: optional(text, ''),
  site: optional(nullable(text), null),
  site_name: optional(text, ''),
  subject: optional(subject_ref, { kind: '', id: '', name: '' }),
  at: nullable(time),
  error_ms: optional(nullable(number), null),
  device_time: optional(nullable(time), null),
  received: nullable(time),
  fields: optional(record(anything), {}),
  chain_index: optional(nullable(number), null),
});
export type Happening = Infer<typeof happening>;

export const rule = object({
  id: text,
  title: wording,
  /** What is wrong where it is not met. */
  gap: optional(wording, no_words),
  severity,
  subject: optional(text, ''),
  where: optional(text, ''),
  expect: optional(text, ''),
  hold_s: optional(nullable(number), null),
  recover_s: optional(nullable(number), null),
  target: optional(nullable(number), null),
  basis: optional(array(basis), []),
  advice: optional(wording, no_words),
  family: oneOf('expectation', 'detection'),
  problems: optional(array(wording), []),
});
export type Rule = Infer<typeof rule>;

export const fact = object({
  name: text,
  value: anything,
  at: nullable(time),
  error_ms: optional(nullable(number), null),
  fresh_until: optional(nullable(time), null),
  vi: optional(text, ''),
  en: optional(text, ''),
});
export type Fact = Infer<typeof fact>;

export const status = object({
  version: text,
  now: time,
  agents: object({ total: number, heard: number }),
  samples_per_s: optional(nullable(number), null),
  register_version: optional(nullable(text), null),
  rules_version: optional(nullable(text), null),
  problems: optional(array(wording), []),
});
export type Status = Infer<typeof status>;

export const hello = object({ now: time, version: optional(text, '') });
export const token = object({ token: text });
export const failure = object({ error: object({ code: text, message: wording }) });
