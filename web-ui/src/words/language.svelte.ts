// Which language the pages speak, and the one function that speaks it. Remembered on this machine.
import type { Wording } from '../api/shapes';
import { remembered, remember } from '../state/memory';
import { dictionary } from './dictionary';
import type { Word } from './dictionary';
import { format_short } from './format';

export type Language = 'vi' | 'en';
export type { Word };

class LanguageChoice {
  current = $state<Language>(remembered('language') === 'en' ? 'en' : 'vi');

  choose(language: Language): void {
    this.current = language;
    remember('language', language);
    this.apply();
  }

  apply(): void {
    document.documentElement.lang = this.current;
  }
}

export const language = new LanguageChoice();

/** The words for `key`, with {names} filled in; numbers as the language writes them. "{count:device|devices}" is the
 *  first where the count is one. */
export function t(key: Word, values: Record<string, string | number> = {}): string {
  return dictionary[key][language.current]
    .replace(/\{(\w+):([^{}|]*)\|((?:[^{}]|\{\w+\})*)\}/g, (_, name: string, one: string, many: string) => (Number(values[name]) === 1 ? one : many))
    .replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? format_short(value, language.current) : (value ?? whole);
    });
}

/** The label of a field that has to be filled in. */
export function t_must(key: Word, values: Record<string, string | number> = {}): string {
  return t('input.must', { label: t(key, values) });
}

/** Words for a value of the collector's (a state, a kind); a value we do not know is shown as it came. */
export function t_value(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return key in dictionary ? t(key as Word) : value;
}

/** The collector's own bilingual words; the other language rather than nothing. */
export function say(words: Wording): string {
  return words[language.current] || words.vi || words.en;
}
