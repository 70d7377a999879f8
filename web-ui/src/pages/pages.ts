// Every page but the first is fetched when it is first opened, so that the first load stays small.
import type { Component } from 'svelte';

type Loader = () => Promise<{ default: Component }>;

const lists = {
  sites: () => import('./Sites.svelte'),
  devices: () => import('./Devices.svelte'),
  unknown: () => import('./Unknown.svelte'),
  stocktake: () => import('./Stocktake.svelte'),
  topology: () => import('./Topology.svelte'),
  events: () => import('./Events.svelte'),
  agents: () => import('./Agents.svelte'),
  coverage: () => import('./CoveragePage.svelte'),
  rules: () => import('./Rules.svelte'),
  account: () => import('./Account.svelte'),
} satisfies Record<string, Loader>;

const single: Record<string, Loader> = {
  sites: () => import('./SitePage.svelte'),
  devices: () => import('./DevicePage.svelte'),
};

export function page_loader(page: string, id: string | null): Loader | undefined {
  const one = id === null ? undefined : single[page];
  return one ?? (page in lists ? lists[page as keyof typeof lists] : undefined);
}

export const menu = ['gaps', 'sites', 'devices', 'topology', 'events', 'agents', 'coverage', 'rules'] as const;

/** Pages that are parts of another one in the menu. */
const within: Record<string, string> = { unknown: 'devices', stocktake: 'devices' };

export function menu_of(page: string): string {
  return within[page] ?? page;
}
