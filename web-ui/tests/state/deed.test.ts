import { expect, test } from 'vitest';

import { CallError } from '../../src/api/client';
import { Deed } from '../../src/state/deed.svelte';

const refusal = new CallError('refused', { vi: 'Không được.', en: 'Not allowed.' }, 'HTTP 403', 403);

test('is busy while it works, and says when it is done', async () => {
  const deed = new Deed();
  let seen = false;
  expect(await deed.run(async () => void (seen = deed.busy))).toBe(true);
  expect(seen).toBe(true);
  expect(deed.busy).toBe(false);
  expect(deed.trouble).toBeNull();
});

test('keeps a refusal until the next run', async () => {
  const deed = new Deed();
  expect(await deed.run(() => Promise.reject(refusal))).toBe(false);
  expect(deed.trouble).toBe(refusal);
  expect(deed.busy).toBe(false);
  let during: unknown = refusal;
  expect(await deed.run(async () => void (during = deed.trouble))).toBe(true);
  expect(during).toBeNull();
  expect(deed.trouble).toBeNull();
});

test('a mistake of the page is thrown on and leaves no trouble', async () => {
  const deed = new Deed();
  await expect(deed.run(() => Promise.reject(new TypeError('oops')))).rejects.toThrow('oops');
  expect(deed.busy).toBe(false);
  expect(deed.trouble).toBeNull();
});

test('a second press while it works does nothing', async () => {
  const deed = new Deed();
  let times = 0;
  let end = () => {};
  const first = deed.run(() => new Promise<void>((resolve) => ((times += 1), (end = resolve))));
  expect(await deed.run(async () => void (times += 1))).toBe(false);
  end();
  expect(await first).toBe(true);
  expect(times).toBe(1);
});

test('a refusal can be forgotten', async () => {
  const deed = new Deed();
  await deed.run(() => Promise.reject(refusal));
  deed.forget();
  expect(deed.trouble).toBeNull();
});
