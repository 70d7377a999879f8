// The stocktake.
import type { Wording } from '../../api/shapes';

export const stocktake = {
  'stocktake.title': { vi: 'Kiểm kê tài sản', en: 'Asset stocktake' },
  'stocktake.of': { vi: 'Nơi kiểm kê: {place}. Lập {date}.', en: 'Stocktake of: {place}. Made on {date}.' },
  'stocktake.expected': { vi: 'Trong danh mục', en: 'In the register' },
  'stocktake.verdict': { vi: 'Kết quả', en: 'Result' },
  'stocktake.mac_serial': { vi: 'MAC, số sê-ri', en: 'MAC, serial number' },
  'stocktake.location': { vi: 'Vị trí đặt', en: 'Location' },
  'stocktake.network': { vi: 'Vị trí trong mạng', en: 'Place in the network' },
  'stocktake.missing_fields': { vi: 'Thiếu: {fields}', en: 'Missing: {fields}' },
  'stocktake.empty': { vi: 'Danh mục chưa có thiết bị nào để kiểm kê.', en: 'The register has no device to count.' },
  'stocktake.empty_first': {
    vi: 'Nạp danh mục thiết bị, hoặc ghi các thiết bị lạ vào danh mục.',
    en: 'Import a register of devices, or adopt unknown devices into it.',
  },
  'stocktake.log': { vi: 'Các lần kiểm kê', en: 'Stocktakes made' },
  'stocktake.never': { vi: 'Chưa ghi nhận lần kiểm kê nào.', en: 'No stocktake was recorded yet.' },
  'stocktake.log_counts': {
    vi: 'danh mục {expected}, có mặt {present}, không thấy {missing}, chưa rõ {not_known}, ngoài danh mục {unknown}, ở nơi khác {moved}',
    en: 'register {expected}, present {present}, missing {missing}, not known {not_known}, not in the register {unknown}, elsewhere {moved}',
  },
  'stocktake.choose_site': { vi: 'Chọn một trụ sở để ghi nhận kiểm kê.', en: 'Choose a site to record its stocktake.' },
  'stocktake.note': { vi: 'Ghi chú cho biên bản ({place})', en: 'Note for the minutes ({place})' },
  'stocktake.record': { vi: 'Ghi nhận đã kiểm kê', en: 'Record that it was made' },
  'stocktake.recorded': { vi: 'Đã ghi nhận.', en: 'Recorded.' },
  'stocktake.sign_maker': { vi: 'Người kiểm kê', en: 'Made by' },
  'stocktake.sign_head': { vi: 'Thủ trưởng đơn vị', en: 'Head of the unit' },
  'stocktake.seen_at': { vi: 'thấy ở {site}', en: 'seen at {site}' },

  'stocktake_verdict.present': { vi: 'Có mặt', en: 'Present' },
  'stocktake_verdict.missing': { vi: 'Không thấy', en: 'Missing' },
  'stocktake_verdict.not_known': { vi: 'Chưa rõ: chưa có trạm gác nào canh trụ sở này', en: 'Not known: no agent watches this site' },
  'stocktake_verdict.unknown': { vi: 'Ngoài danh mục', en: 'Not in the register' },
  'stocktake_verdict.moved': { vi: 'Ở nơi khác', en: 'Elsewhere' },
} as const satisfies Record<string, Wording>;
