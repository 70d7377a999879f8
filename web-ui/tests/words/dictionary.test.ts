import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Wording } from '../../src/api/shapes';
import { areas, dictionary } from '../../src/words/dictionary';

const source = join(import.meta.dirname, '../../src');
const words: [string, Wording][] = Object.entries(dictionary);

function blanks(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[:}]/g)].map(([, name]) => name ?? ''))].sort();
}

function code(): string {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes('words/areas/'))
    .map((path) => readFileSync(join(source, path), 'utf8'))
    .join('\n');
}

describe('the dictionary', () => {
  it('has each key in one area, and every area', () => {
    const all = Object.values(areas).flatMap((area) => Object.keys(area));
    expect(all.filter((key, place) => all.indexOf(key) !== place)).toEqual([]);
    expect(Object.keys(dictionary).sort()).toEqual(all.sort());
    expect(readdirSync(join(source, 'words/areas')).sort()).toEqual(Object.keys(areas).map((name) => `${name}.ts`).sort());
  });

  it('leaves the same blanks to fill in', () => {
    for (const [key, { vi, en }] of words) expect(blanks(en), key).toEqual(blanks(vi));
  });

  it('says something everywhere', () => {
    for (const [key, { vi, en }] of words) {
      expect(vi.trim(), key).not.toBe('');
      expect(en.trim(), key).not.toBe('');
    }
  });

  it('keeps Vietnamese text composed', () => {
    for (const [key, { vi }] of words) expect(vi, key).toBe(vi.normalize('NFC'));
  });

  it('holds no word that no page says', () => {
    const text = code();
    const said = (key: string) => text.includes(`'${key}'`) || text.includes(`"${key}"`);
    // Families are looked up by a value of the collector's: t(`severity.${…}`) or t_value('severity', …).
    const family = (key: string) => {
      const name = key.slice(0, key.lastIndexOf('.'));
      const stem = name.split('.')[0] ?? '';
      return text.includes(`\`${name}.\${`) || text.includes(`t_value('${name}'`) || text.includes(`t_value('${stem}'`) || text.includes(`\`${name}_\${`);
    };
    const prefixed = (key: string) => text.includes(`\`${key.replace(/_[a-z]+$/, '')}_\${`);
    expect(words.map(([key]) => key).filter((key) => !said(key) && !family(key) && !prefixed(key))).toEqual([]);
  });
});
