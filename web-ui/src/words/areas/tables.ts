// Tables: filters, order, files, pages, columns, saved views.
import type { Wording } from '../../api/shapes';

export const tables = {
  'filter.title': { vi: 'Bộ lọc', en: 'Filters' },
  'filter.search': { vi: 'Tìm', en: 'Search' },
  'filter.search_hint': { vi: 'Gõ không dấu cũng được', en: 'Tone marks may be left out' },
  'filter.all': { vi: 'Tất cả', en: 'All' },
  'filter.clear': { vi: 'Bỏ lọc', en: 'Clear filters' },
  'filter.state': { vi: 'Trạng thái', en: 'State' },
  'filter.severity': { vi: 'Mức độ', en: 'Severity' },
  'filter.rule': { vi: 'Quy tắc', en: 'Rule' },
  'filter.unit': { vi: 'Đơn vị', en: 'Unit' },
  'filter.site': { vi: 'Trụ sở', en: 'Site' },
  'filter.kind': { vi: 'Loại', en: 'Kind' },
  'filter.since': { vi: 'Từ', en: 'Since' },
  'filter.nothing': { vi: 'Không có dòng nào khớp bộ lọc.', en: 'No row matches the filters.' },
  'filter.shown': { vi: '{shown}/{total}', en: '{shown}/{total}' },

  'table.csv_what': { vi: 'Xuất CSV: {what}', en: 'Export CSV: {what}' },
  'table.sort': { vi: 'Sắp xếp theo {column}', en: 'Sort by {column}' },
  'table.order': { vi: 'Sắp xếp theo', en: 'Sort by' },
  'table.ascending': { vi: 'tăng dần', en: 'ascending' },
  'table.descending': { vi: 'giảm dần', en: 'descending' },
  'table.more': { vi: 'Hiện thêm', en: 'Show more' },
  'table.drawn': { vi: 'đang hiện {shown} trong {total} dòng', en: 'showing {shown} of {total} {total:row|rows}' },
  'table.turn': { vi: 'Đang {direction}, bấm để đảo lại', en: 'Now {direction}, press to turn' },
  'table.xlsx_what': { vi: 'Xuất Excel: {what}', en: 'Export Excel: {what}' },

  'pager.label': { vi: 'Các trang của bảng', en: 'Pages of the table' },
  'pager.shown': { vi: '{from}–{to} trong {total}', en: '{from}–{to} of {total}' },
  'pager.page': { vi: 'Trang {page}/{last}', en: 'Page {page}/{last}' },
  'pager.first': { vi: 'Trang đầu', en: 'First page' },
  'pager.last': { vi: 'Trang cuối', en: 'Last page' },
  'pager.before': { vi: 'Trước', en: 'Back' },
  'pager.next': { vi: 'Sau', en: 'Next' },
  'columns.title': { vi: 'Cột', en: 'Columns' },
  'columns.usual': { vi: 'Như mặc định', en: 'As usual' },

  'views.title': { vi: 'Bảng đã lưu', en: 'Saved views' },
  'views.none': {
    vi: 'Chưa lưu bảng nào. Đặt bộ lọc và cột rồi lưu lại dưới một tên.',
    en: 'No view is saved yet. Set filters and columns, then keep them under a name.',
  },
  'views.name': { vi: 'Tên bảng', en: 'Name of the view' },
  'views.save': { vi: 'Lưu bảng này', en: 'Save this view' },
  'views.drop': { vi: 'Xóa bảng {name}', en: 'Delete the view {name}' },
} as const satisfies Record<string, Wording>;
