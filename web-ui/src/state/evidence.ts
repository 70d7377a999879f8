// What the witnesses of a device have in common: the reasons for taking them as one. Pure.
import type { Signal, Witness } from '../api/inventory';

/** Signals that at least two witnesses tell alike, the weightiest first. */
export function shared_signals(witnesses: Witness[]): Signal[] {
  const told = new Map<string, { signal: Signal; by: Set<string> }>();
  for (const one of witnesses) {
    for (const signal of one.signals) {
      const key = `${signal.name}\n${signal.value.toLowerCase()}`;
      const known = told.get(key) ?? { signal, by: new Set<string>() };
      known.by.add(one.id);
      told.set(key, known);
    }
  }
  return [...told.values()]
    .filter(({ by }) => by.size > 1)
    .map(({ signal }) => signal)
    .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0) || a.name.localeCompare(b.name));
}
