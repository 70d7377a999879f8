// Rules and coverage.
import type { Wording } from '../../api/shapes';

export const rules = {
  'coverage.title': { vi: 'Độ phủ', en: 'Coverage' },
  'coverage.rule': { vi: 'Quy tắc', en: 'Rule' },
  'coverage.share': { vi: 'Độ phủ', en: 'Coverage' },
  'coverage.interval': { vi: 'từ {low} đến {high}', en: '{low} to {high}' },
  'coverage.nobody': { vi: 'không có nơi áp dụng', en: 'applies nowhere' },
  'coverage.exact': { vi: '{low}', en: '{low}' },
  'coverage.bar_head': { vi: 'Hình', en: 'Bar' },
  'coverage.target': { vi: 'Mục tiêu', en: 'Target' },
  'coverage.population': { vi: 'Tổng', en: 'All' },
  'coverage.reached': { vi: 'Đạt mục tiêu', en: 'Target reached' },
  'coverage.missed': { vi: 'Chưa đạt mục tiêu', en: 'Target missed' },
  'coverage.unsure': { vi: 'Chưa rõ đạt mục tiêu', en: 'Target not known' },
  'coverage.no_target': { vi: 'Không đặt mục tiêu', en: 'No target set' },
  'coverage.how': {
    vi: 'Độ phủ là một khoảng: cận dưới chỉ tính nơi chắc chắn đạt, cận trên tính cả nơi chưa rõ.',
    en: 'Coverage is an interval: the lower end counts only what is surely met, the upper end also what is not known.',
  },
  'coverage.bar': {
    vi: '{met} đạt, {not_known} chưa rõ, {not_met} chưa đạt trong {population}',
    en: '{met} met, {not_known} not known, {not_met} not met of {population}',
  },
  'coverage.empty': { vi: 'Chưa có gì để tính độ phủ.', en: 'There is nothing to count yet.' },
  'coverage.empty_first': {
    vi: 'Độ phủ tính trên danh mục: hãy nạp đơn vị và trụ sở trước.',
    en: 'Coverage is counted over the register: import units and sites first.',
  },

  'rules.title': { vi: 'Quy tắc', en: 'Rules' },
  'rules.family': { vi: 'Loại', en: 'Family' },
  'rules.family.expectation': { vi: 'yêu cầu', en: 'expectation' },
  'rules.family.detection': { vi: 'dấu hiệu', en: 'detection' },
  'rules.subject': { vi: 'Áp dụng cho', en: 'Applies to' },
  'rules.where': { vi: 'Trong số', en: 'Among' },
  'rules.expect': { vi: 'Yêu cầu', en: 'Expects' },
  'rules.gap': { vi: 'Khi chưa đạt', en: 'When not met' },
  'rules.expression': { vi: 'Viết bằng SQL', en: 'As SQL' },
  'rules.hold': { vi: 'Mở điểm chưa đạt', en: 'Gap opens' },
  'rules.recover': { vi: 'Đóng điểm chưa đạt', en: 'Gap closes' },
  'rules.after': { vi: 'sau {time}', en: 'after {time}' },
  'rules.at_once': { vi: 'ngay', en: 'at once' },
  'rules.target': { vi: 'Mục tiêu', en: 'Target' },
  'rules.problems': { vi: 'Quy tắc này chưa xét được', en: 'This rule cannot be judged yet' },
  'rules.empty': { vi: 'Chưa nạp quy tắc nào.', en: 'No rule is loaded.' },
  'rules.empty_first': {
    vi: 'Đặt các tệp quy tắc vào rules_dir trong cấu hình của trung tâm.',
    en: 'Put rule files into the rules_dir of the collector’s configuration.',
  },
} as const satisfies Record<string, Wording>;
