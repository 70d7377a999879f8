// The choices of a filter, taken from the rows at hand.
import type { Choice } from '../parts/Filters.svelte';

export function choices<T>(items: T[], of: (item: T) => readonly [value: string, label: string]): Choice[] {
  const found = new Map(items.map(of).filter(([value]) => value !== ''));
  return [...found].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label, 'vi'));
}
