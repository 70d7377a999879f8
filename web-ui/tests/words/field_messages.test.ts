import { describe, expect, it } from 'vitest';

import { field_message } from '../../src/words/field_messages';

const validity = (flags: Partial<ValidityState>) => flags as ValidityState;

describe('what is said of a field', () => {
  it('is what is wrong with it', () => {
    expect(field_message({ type: 'text', validity: validity({ valueMissing: true }) })).toBe('Hãy điền ô này.');
    expect(field_message({ type: 'select-one', validity: validity({ valueMissing: true }) })).toBe('Hãy chọn một mục.');
    expect(field_message({ type: 'number', min: '1', max: '1000', validity: validity({ rangeUnderflow: true }) })).toBe('Hãy nhập số từ 1 đến 1000.');
    expect(field_message({ type: 'number', validity: validity({ badInput: true, valueMissing: true }) })).toBe('Hãy nhập một số.');
  });

  it('is nothing when only an old message of ours stands', () => {
    expect(field_message({ type: 'text', validity: validity({ customError: true }) })).toBe('');
  });
});
