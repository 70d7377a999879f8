import { describe, expect, it } from 'vitest';

import { fold, matches } from '../../src/words/fold';

describe('the search', () => {
  it('folds marks and đ', () => {
    expect(fold('Trụ sở UBND xã Đồng Tâm')).toBe('tru so ubnd xa dong tam');
  });

  it('finds without marks', () => {
    expect(matches('hoa an', 'Xã Hoà An')).toBe(true);
    expect(matches('hoa an', 'Xã Hòa An')).toBe(true);
    expect(matches('dong tam', 'Xã Đồng Tâm')).toBe(true);
  });

  it('does not mind where the tone mark stands', () => {
    expect(matches('hòa', 'Xã Hoà An')).toBe(true);
    expect(matches('hoà', 'Xã Hòa An')).toBe(true);
    expect(matches('thủy', 'Cửa khẩu Thanh Thuỷ')).toBe(true);
  });

  it('heeds marks that were written', () => {
    expect(matches('hòa', 'Xã Hoa Sơn')).toBe(false);
    expect(matches('đồng', 'Xã Dong Kinh')).toBe(false);
    expect(matches('tuyên', 'Tỉnh Tuyên Quang')).toBe(true);
  });

  it('takes the words in any order, from any of the texts, composed or not', () => {
    expect(matches('01180 bằng', 'Xã Bằng Hành', '01180')).toBe(true);
    expect(matches('Bằng'.normalize('NFD'), 'Xã Bằng Hành')).toBe(true);
    expect(matches('', 'anything')).toBe(true);
    expect(matches('bang vinh', 'Xã Bằng Hành')).toBe(false);
  });
});
