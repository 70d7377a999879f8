// Every page but the first is fetched when it is first opened, so that the first load stays small.
import type { Component } from 'svelte';

type Loader = () => Promise<{ default: Component }>;

const lists = {
  sites: () => import('./Sites.svelte'),
  devices: () => import('./Devices.svelte'),
  events: () => import('./Events.svelte'),
  agents: () => import('./Agents.svelte'),
  coverage: () => import('./CoveragePage.svelte'),
  rules: () => import('./Rules.svelte'),
  account: () => import('./Account.svelte'),
} satisfies Record<string, Loader>;

const site: Loader = () => import('./SitePage.svelte');

export function page_loader(page: string, id: string | null): Loader | undefined {
  if (page === 'sites' && id !== null) return site;
  return page in lists ? lists[page as keyof typeof lists] : undefined;
}

export const menu = ['gaps', 'sites', 'devices', 'events', 'agents', 'coverage', 'rules'] as const;
