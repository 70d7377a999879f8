import { expect, test } from 'vitest';

import { Sorting } from '../../src/state/sorting.svelte';

test('a column begins with the most, a name with A; again turns it', () => {
  const sorting = new Sorting<'gaps' | 'name'>('gaps', ['name']);
  expect(sorting.descending).toBe(true);
  sorting.choose('name');
  expect([sorting.by, sorting.descending]).toEqual(['name', false]);
  sorting.choose('name');
  expect(sorting.descending).toBe(true);
  sorting.choose('gaps');
  expect([sorting.by, sorting.descending]).toEqual(['gaps', true]);
});
