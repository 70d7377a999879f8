import { afterEach, describe, expect, it } from 'vitest';

import { dictionary } from '../../src/words/dictionary';
import { language, t } from '../../src/words/language.svelte';

afterEach(() => (language.current = 'vi'));

describe('what the pages say', () => {
  it('fills in what is said', () => {
    expect(t('topology.behind', { count: 3 })).toBe('3 thiết bị phía sau');
  });

  it('counts one thing as one in English', () => {
    language.current = 'en';
    expect(t('site.devices', { count: 1 })).toBe('1 device');
    expect(t('site.devices', { count: 2 })).toBe('2 devices');
    expect(t('topology.counts', { nodes: 1, up: 0, lines: 2, links: 1 })).toBe('1 device, 0 up; 2 lines; 1 link');
  });

  it('says a whole phrase otherwise where there is one only', () => {
    expect(t('fault.office_silent', { count: 1 })).toBe('Trạm gác duy nhất của trụ sở im lặng, không báo trước.');
    expect(t('fault.office_silent', { count: 3 })).toBe('Cả 3 trạm gác của trụ sở im lặng, không báo trước.');
  });

  it('leaves no mark of a choice in any word', () => {
    for (const current of ['vi', 'en'] as const) {
      language.current = current;
      for (const key of Object.keys(dictionary) as (keyof typeof dictionary)[])
        for (const count of [1, 2]) expect(t(key, new Proxy({}, { get: () => count })), key).not.toMatch(/[{}]/);
    }
  });
});
