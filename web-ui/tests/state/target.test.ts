import { expect, it } from 'vitest';

import { target_state } from '../../src/state/target';

it('tells a target reached, missed or not known from the interval', () => {
  expect(target_state(0.9, 0.95, 0.9)).toBe('reached');
  expect(target_state(0.5, 0.8, 0.9)).toBe('missed');
  expect(target_state(0.8, 0.95, 0.9)).toBe('unsure');
  expect(target_state(null, null, 0.9)).toBe('unsure');
  expect(target_state(0.1, 0.2, null)).toBe('none');
});
