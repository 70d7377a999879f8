import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { en } from '../../src/words/en';
import { vi as vietnamese } from '../../src/words/vi';

const source = join(import.meta.dirname, '../../src');
const keys = Object.keys(vietnamese) as (keyof typeof vietnamese)[];

function blanks(text: string): string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort();
}

function code(): string {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path) && !/words\/(vi|en)(_inventory)?\.ts$/.test(path))
    .map((path) => readFileSync(join(source, path), 'utf8'))
    .join('\n');
}

describe('the two dictionaries', () => {
  it('hold the same keys in the same order', () => {
    expect(Object.keys(en)).toEqual(keys);
  });

  it('leave the same blanks to fill in', () => {
    for (const key of keys) expect(blanks(en[key]), key).toEqual(blanks(vietnamese[key]));
  });

  it('say something everywhere', () => {
    for (const key of keys) {
      expect(vietnamese[key].trim(), key).not.toBe('');
      expect(en[key].trim(), key).not.toBe('');
    }
  });

  it('keep Vietnamese text composed', () => {
    for (const key of keys) expect(vietnamese[key], key).toBe(vietnamese[key].normalize('NFC'));
  });

  it('hold no word that no page says', () => {
    const text = code();
    const said = (key: string) => text.includes(`'${key}'`) || text.includes(`"${key}"`);
    // Families are looked up by a value of the collector's: t(`severity.${…}`) or t_value('severity', …).
    const family = (key: string) => {
      const name = key.slice(0, key.lastIndexOf('.'));
      const stem = name.split('.')[0] ?? '';
      return text.includes(`\`${name}.\${`) || text.includes(`t_value('${name}'`) || text.includes(`t_value('${stem}'`) || text.includes(`\`${name}_\${`);
    };
    const prefixed = (key: string) => text.includes(`\`${key.replace(/_[a-z]+$/, '')}_\${`);
    expect(keys.filter((key) => !said(key) && !family(key) && !prefixed(key))).toEqual([]);
  });
});
