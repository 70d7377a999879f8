// Every page but the first is fetched when it is first opened, so that the first load stays small.
import type { Component } from 'svelte';

type Loader = () => Promise<{ default: Component }>;

export const page_loaders: Record<string, Loader> = {};

export const menu = ['gaps'] as const;
