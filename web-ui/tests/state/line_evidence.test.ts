import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { line_evidence } from '../../src/state/line_evidence';

it('knows the parts of a sentence', () => {
  expect(line_evidence('default route by eth0 to 10.0.0.1, but 203.0.113.1 fell silent')).toEqual({
    word: 'line_evidence.route_to_silent',
    values: { by: 'eth0', to: '10.0.0.1', hop: '203.0.113.1' },
  });
  expect(line_evidence('hop 203.0.113.1')).toEqual({ word: 'line_evidence.hop', values: { hop: '203.0.113.1' } });
  expect(line_evidence('something newer')).toBeNull();
});

it('knows every sentence that the agent has', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../probes/uplink/judge.cpp'), 'utf8');
  const told = [...source.matchAll(/"((?:no default|this machine|the site's|the target|only the|nobody)[^"]*)"/g)].map(([, text]) => text ?? '');
  expect(told.length).toBeGreaterThan(6);
  for (const text of told) expect(line_evidence(text), text).not.toBeNull();
});
