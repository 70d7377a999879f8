// Where a click on the name of something leads: a device to its own page, an agent to its row, all else to its site.
import { link } from './address';

export interface Subject {
  kind: string;
  id: string;
  name?: string;
}

/** Null when no page tells more. */
export function subject_address(subject: Subject, site: string | null): string | null {
  if (subject.kind === 'device') return link('devices', subject.id);
  if (subject.kind === 'agent') return link('agents', null, { q: subject.id });
  if (subject.kind === 'unit') return link('sites', null, { unit: subject.id });
  return site === null ? null : link('sites', site);
}

/** The machine that an agent runs on, as a device. */
export function machine_address(agent: { id: string; site: string | null }): string | null {
  return agent.site === null ? null : link('devices', `${agent.site}/host:${agent.id}`);
}

interface AboutSubject {
  rule: string;
  state: string;
  subject: Subject;
}

export interface DeviceRule<Gap> {
  rule: string;
  /** One of the gaps, for the words of its rule. */
  gap: Gap;
  /** Devices with an open gap, and those where it is not yet confirmed. */
  open: number;
  pending: number;
}

/** The gaps of devices by rule, the rule that concerns most devices first. */
export function device_rules<Gap extends AboutSubject>(gaps: Gap[]): DeviceRule<Gap>[] {
  const found = new Map<string, { gap: Gap; open: Set<string>; pending: Set<string> }>();
  for (const gap of gaps) {
    if (gap.subject.kind !== 'device' || gap.state === 'closed') continue;
    const entry = found.get(gap.rule) ?? { gap, open: new Set<string>(), pending: new Set<string>() };
    (gap.state === 'pending' ? entry.pending : entry.open).add(gap.subject.id);
    found.set(gap.rule, entry);
  }
  return [...found]
    .map(([rule, { gap, open, pending }]) => ({ rule, gap, open: open.size, pending: pending.size }))
    .sort((a, b) => b.open - a.open || b.pending - a.pending || a.rule.localeCompare(b.rule));
}
