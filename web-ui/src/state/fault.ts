// "Is it us, the line or the province?": what the site's page knows, said of each of the three. Pure.
import type { SiteDetail, Uplink } from '../api/shapes';
import { fold } from '../words/fold';
import { t_value } from '../words/language.svelte';
import type { Word } from '../words/language.svelte';

export const parts = ['office', 'line', 'province'] as const;
export type Part = (typeof parts)[number];
export type FindingState = 'good' | 'bad' | 'watching' | 'unknown' | 'off';

export interface Finding {
  state: FindingState;
  word: Word;
  values: Record<string, string | number>;
}
export type Findings = Record<Part, Finding>;

/** The rule that tells how the line measures. */
const slow_rule = 'C05';
/** The rule that tells of each machine whether it reaches the Internet, or need not. */
const internet_rule = 'C15';

const finding = (state: FindingState, word: Word, values: Finding['values'] = {}): Finding => ({ state, word, values });

interface Standing {
  total: number;
  heard: number;
  /** Said that they leave: machines that were shut down, as every evening. */
  asleep: number;
  /** Said that they leave while their machine runs: the agent's service was stopped. */
  stopped: number;
}

function standing(site: SiteDetail): Standing {
  const agents = site.agents.filter((agent) => agent.state !== 'revoked');
  const gone = agents.filter((agent) => agent.state === 'silent' && agent.bye !== '');
  const asleep = gone.filter((agent) => agent.bye === 'host_shutdown').length;
  return {
    total: agents.length,
    heard: agents.filter((agent) => agent.state === 'heard').length,
    asleep,
    stopped: gone.length - asleep,
  };
}

function office(site: SiteDetail, now: Standing): Finding {
  if (now.total === 0) return finding('unknown', 'why.no_agents');
  if (now.heard === 0 && now.asleep === now.total) return finding('off', 'fault.office_off', { total: now.total });
  const { total, stopped } = now;
  const said = now.asleep + stopped;
  if (now.heard === 0 && said === total) return finding('off', stopped === total ? 'fault.office_stopped' : 'fault.office_left', { total, stopped });
  if (now.heard === 0 && said > 0) return finding('unknown', 'fault.office_silent_some', { silent: total - said, total });
  if (now.heard === 0) return finding('unknown', site.last_heard === null ? 'why.site_never' : 'fault.office_silent', { count: now.total });
  const silent = now.total - now.heard - now.asleep;
  if (silent > 0 && silent === stopped) return finding('watching', 'fault.office_some_stopped', { stopped, total });
  if (silent > 0) return finding('watching', 'fault.office_some', { silent, total: now.total });
  return finding('good', 'fault.office_heard', { heard: now.heard, total: now.total });
}

/** Registers name lines after their kind, or as they like: the kind is always said, in the reader's words. */
export function line_name(line: Pick<Uplink, 'name' | 'kind'>): string {
  const kind = t_value('kind', line.kind);
  if (line.name === '' || line.name === line.kind) return kind;
  return fold(line.name).includes(fold(kind)) ? line.name : `${kind} (${line.name})`;
}

function line_unheard(primary: Uplink): Finding {
  const { up, down } = primary.elsewhere;
  const values = { up, down, total: up + down, provider: primary.provider };
  if (up + down === 0) return finding('unknown', 'fault.line_unheard');
  // A provider's trouble takes many places at once; one other dark site is no proof.
  if (down >= 2 && down > up) return finding('bad', 'fault.line_others_down', values);
  return finding('unknown', 'fault.line_others_up', values);
}

/** A service that is reached from elsewhere, and not from here. */
const missed_here = (site: SiteDetail) => site.services.find((service) => service.reachable === false && service.elsewhere.reachable > service.elsewhere.unreachable);

function line(site: SiteDetail, now: Standing): Finding {
  const primary = site.uplinks.find((one) => one.primary) ?? site.uplinks[0];
  if (!primary) return finding('unknown', 'site.no_uplinks');
  if (now.heard === 0 && now.asleep === now.total) return finding('unknown', 'fault.line_asleep');
  if (now.heard === 0) return now.asleep + now.stopped === now.total ? finding('unknown', 'fault.line_stopped') : line_unheard(primary);
  const name = line_name(primary);
  const carries = site.active_uplink_name ?? '';
  const backup = line_name(site.uplinks.find((one) => one.name === carries) ?? { name: carries, kind: site.active_uplink ?? 'unknown' });
  if (primary.up === false && carries !== '' && carries !== primary.name) return finding('bad', 'fault.line_backup', { name, backup });
  if (primary.up === false) return finding('bad', 'fault.line_down', { name });
  if (site.gaps.some((gap) => gap.rule === slow_rule && gap.state !== 'closed' && gap.state !== 'pending')) return finding('watching', 'fault.line_slow', { name });
  const missed = missed_here(site);
  if (missed) return finding('bad', 'fault.line_service', { service: missed.name, others: missed.elsewhere.reachable });
  if (primary.up === null && carries !== primary.name) return carries === '' ? finding('unknown', 'fault.line_unknown') : finding('watching', 'fault.line_other', { name, carries: backup });
  return finding('good', 'fault.line_up', { name });
}

function province_unheard(site: SiteDetail): Finding {
  const { heard, silent } = site.elsewhere;
  const values = { heard, total: heard + silent };
  if (heard + silent === 0) return finding('unknown', 'fault.alone');
  if (heard === 0 && silent > 1) return finding('bad', 'fault.others_silent', values);
  return finding(heard > silent ? 'good' : 'watching', 'fault.others_heard', values);
}

function province(site: SiteDetail, now: Standing): Finding {
  if (now.heard === 0) return province_unheard(site);
  const lost = site.services.filter((service) => service.reachable === false);
  const down = lost.find((service) => service.elsewhere.unreachable > 0 && service.elsewhere.unreachable >= service.elsewhere.reachable);
  if (down) return finding('bad', 'fault.services_down', { service: down.name, others: down.elsewhere.unreachable });
  const missed = missed_here(site);
  if (missed) return finding('good', 'fault.services_here', { service: missed.name });
  if (lost[0]) return finding('watching', 'fault.services_alone', { service: lost[0].name });
  const reached = site.services.filter((service) => service.reachable === true).length;
  if (site.services.length > 0 && reached === 0) return finding('unknown', 'fault.services_unknown');
  const total = site.services.length;
  if (reached < total) return finding('unknown', 'fault.services_some', { reached, total, unknown: total - reached });
  return reached > 0 ? finding('good', 'fault.services_reached', { reached, total }) : finding('good', 'fault.province_heard');
}

export function findings(site: SiteDetail): Findings {
  const now = standing(site);
  return { office: office(site, now), line: line(site, now), province: province(site, now) };
}

/** Of the machines that report now: how many should reach the Internet and do not, of how many that is known. */
export function internet(site: SiteDetail): { lost: number; total: number } {
  const heard = new Set(site.agents.filter((agent) => agent.state === 'heard').map((agent) => agent.id));
  const judged = site.verdicts.filter((row) => row.rule === internet_rule && row.subject.kind === 'agent' && heard.has(row.subject.id) && row.verdict !== 'not_known');
  return { lost: judged.filter((row) => row.verdict === 'not_met').length, total: judged.length };
}

/** The sentence above the three; `at` names the parts where the fault is, `lost` how many machines lack the Internet. */
export function conclusion(found: Findings, lost = 0): { word: Word; state: FindingState; at: Part[] } {
  const at = parts.filter((part) => found[part].state === 'bad');
  const is = (part: Part, state: FindingState) => found[part].state === state;
  if (at.length > 0) return { word: 'fault.found', state: 'bad', at };
  if (is('office', 'off')) return { word: found.office.word === 'fault.office_off' ? 'fault.asleep' : 'fault.stopped', state: 'off', at };
  if (found.office.word === 'fault.office_silent' || found.office.word === 'fault.office_silent_some') return { word: 'fault.call', state: 'unknown', at };
  if (is('office', 'unknown')) return { word: 'fault.nobody', state: 'unknown', at };
  if (lost > 0 && is('line', 'good') && is('province', 'good')) return { word: 'fault.internet', state: 'watching', at };
  if (lost > 0) return { word: 'fault.internet_alone', state: 'watching', at };
  if (parts.some((part) => is(part, 'watching'))) return { word: 'fault.watch', state: 'watching', at };
  if (parts.some((part) => is(part, 'unknown'))) return { word: 'fault.unknown', state: 'unknown', at };
  return { word: 'fault.none', state: 'good', at };
}
