import { expect, test } from 'vitest';
import { fields_in } from '../../src/state/event_fields';

const failed = { probe: 'gw', problem: 'no route', problem_vi: 'không có đường' };

test('a sentence that comes in both languages is shown in the reader\'s', () => {
  expect(fields_in(failed, 'vi')).toEqual([['probe', 'gw'], ['problem_vi', 'không có đường']]);
  expect(fields_in(failed, 'en')).toEqual([['probe', 'gw'], ['problem', 'no route']]);
});

test('what comes once is shown in both, as agents of an older version tell it', () => {
  for (const language of ['vi', 'en'] as const) {
    expect(fields_in({ problem: 'no route', code_vi: 3 }, language)).toEqual([['problem', 'no route'], ['code_vi', 3]]);
  }
});
