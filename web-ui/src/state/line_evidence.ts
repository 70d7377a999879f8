// How an agent knew the line, as words of the page; agents tell it in English. Pure.
import type { Word } from '../words/language.svelte';

export interface Said {
  word: Word;
  values: Record<string, string>;
}

const sentences: [RegExp, Word][] = [
  [/^no default route$/, 'line_evidence.no_route'],
  [/^this machine has no default route$/, 'line_evidence.no_route_here'],
  [/^default route by (?<by>\S+) to (?<to>\S+), but (?<hop>\S+) fell silent$/, 'line_evidence.route_to_silent'],
  [/^default route by (?<by>\S+), but (?<hop>\S+) fell silent$/, 'line_evidence.route_silent'],
  [/^default route by (?<by>\S+) to (?<to>\S+)$/, 'line_evidence.route_to'],
  [/^default route by (?<by>\S+)$/, 'line_evidence.route'],
  [/^the site's router has no way out$/, 'line_evidence.refused'],
  [/^this machine has no link$/, 'line_evidence.no_link'],
  [/^the target answers, no router does$/, 'line_evidence.target_only'],
  [/^hop (?<hop>\S+)$/, 'line_evidence.hop'],
  [/^only the site's router answers$/, 'line_evidence.router_only'],
  [/^nobody answers$/, 'line_evidence.nobody'],
  [/^the site's router does not answer$/, 'line_evidence.router_silent'],
];

/** Null for a sentence of an agent that this page does not know. */
export function line_evidence(told: string): Said | null {
  for (const [pattern, word] of sentences) {
    const found = pattern.exec(told);
    if (found) return { word, values: { ...found.groups } };
  }
  return null;
}
