import { describe, expect, it } from 'vitest';

import { live } from '../../src/state/live.svelte';
import { Resource } from '../../src/state/resource.svelte';

describe('something asked from the collector', () => {
  it('is never newer than when the collector was last heard', async () => {
    const resource = new Resource(() => Promise.resolve('answer'));
    await resource.load();
    expect(resource.data).toBe('answer');
    expect(live.last_heard).toBe(resource.at);
    live.heard_at(0);
    expect(live.last_heard).toBe(resource.at);
  });
});
