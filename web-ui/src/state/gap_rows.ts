// From a heap of gaps to the rows of a table: filtered, those behind a cause folded under it, the worst first. Pure.
import type { Gap } from '../api/shapes';
import { matches } from '../words/fold';
import { severity_rank } from './severity';

export interface GapFilter {
  search: string;
  state: string;
  severity: string;
  rule: string;
  unit: string;
  site: string;
}

export const no_filter: GapFilter = { search: '', state: '', severity: '', rule: '', unit: '', site: '' };

export type GapOrder = 'severity' | 'since' | 'where' | 'state';

export interface GapRow {
  gap: Gap;
  /** The gaps that this one explains, directly or through others, among those at hand. */
  behind: Gap[];
}

export function passes(gap: Gap, filter: GapFilter): boolean {
  return (
    (filter.state === '' || gap.state === filter.state) &&
    (filter.severity === '' || gap.severity === filter.severity) &&
    (filter.rule === '' || gap.rule === filter.rule) &&
    (filter.unit === '' || gap.unit === filter.unit) &&
    (filter.site === '' || gap.site === filter.site) &&
    matches(filter.search, gap.title.vi, gap.title.en, gap.rule, gap.subject.name, gap.subject.id, gap.site ?? '', gap.unit_name)
  );
}

const state_rank = { open: 3, acknowledged: 2, pending: 1, closed: 0 } as const;

/** Positive when `a` comes before `b` in descending order. */
function compare(a: Gap, b: Gap, order: GapOrder): number {
  switch (order) {
    case 'severity':
      return state_weight(a) - state_weight(b) || severity_rank(a.severity) - severity_rank(b.severity) || a.since - b.since;
    case 'state':
      return state_rank[a.state] - state_rank[b.state] || severity_rank(a.severity) - severity_rank(b.severity);
    case 'since':
      return a.since - b.since;
    case 'where':
      return place(a).localeCompare(place(b), 'vi');
  }
}

/** What is only being watched, or is over, comes after everything that is open. */
function state_weight(gap: Gap): number {
  return gap.state === 'closed' ? 0 : gap.state === 'pending' ? 1 : 2;
}

function place(gap: Gap): string {
  return `${gap.unit_name} ${gap.subject.name} ${gap.subject.id}`;
}

export function gap_rows(gaps: Gap[], filter: GapFilter, order: GapOrder, descending: boolean): GapRow[] {
  const sign = descending ? -1 : 1;
  const sort = (list: Gap[]) => list.sort((a, b) => sign * compare(a, b, order) || a.id - b.id);
  const by_id = new Map(gaps.map((gap) => [gap.id, gap]));
  const behind = new Map<Gap, Gap[]>();
  const heads = new Set<Gap>();
  for (const gap of gaps) {
    const head = first_cause(gap, by_id);
    if (head !== gap) behind.set(head, [...(behind.get(head) ?? []), gap]);
    // One that matches from behind brings its cause with it, so that the reason is never out of sight.
    if (passes(gap, filter)) heads.add(head);
  }
  return sort([...heads]).map((gap) => ({ gap, behind: sort(behind.get(gap) ?? []) }));
}

/** The end of the chain of causes, as far as it is at hand. Gaps that blame each other in a circle go to the oldest. */
function first_cause(gap: Gap, by_id: Map<number, Gap>): Gap {
  const seen: Gap[] = [gap];
  let head = gap;
  for (let next = by_id.get(gap.cause ?? 0); next; next = by_id.get(head.cause ?? 0)) {
    if (seen.includes(next)) return seen.reduce((oldest, other) => (other.id < oldest.id ? other : oldest));
    seen.push(next);
    head = next;
  }
  return head;
}

/** A live event: replaces the gap it names, adds a new one, and drops it when it does not belong to the view. */
export function merge_gap(gaps: Gap[], changed: Gap, belongs: (gap: Gap) => boolean): Gap[] {
  const rest = gaps.filter((gap) => gap.id !== changed.id);
  return belongs(changed) ? [...rest, changed] : rest;
}
