// What an event carries, in one language: sentences of an agent come twice, "problem" in English and "problem_vi" in
// Vietnamese. Pure.
import type { Language } from '../words/language.svelte';

export function fields_in(fields: Record<string, unknown>, language: Language): [string, unknown][] {
  const is_other = (name: string): boolean =>
    language === 'vi' ? `${name}_vi` in fields : name.endsWith('_vi') && name.slice(0, -3) in fields;
  return Object.entries(fields).filter(([name]) => !is_other(name));
}
