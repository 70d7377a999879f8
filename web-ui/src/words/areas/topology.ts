// Topology.
import type { Wording } from '../../api/shapes';

export const topology = {
  'topology.title': { vi: 'Sơ đồ mạng', en: 'Topology' },
  'topology.province': { vi: 'Toàn tỉnh', en: 'The whole province' },
  'topology.network_only': {
    vi: 'Toàn tỉnh chỉ vẽ thiết bị mạng và máy chủ; chọn một trụ sở để thấy cả máy tính, máy in, camera.',
    en: 'The whole province shows network devices and servers only; choose a site to see its PCs, printers and cameras.',
  },
  'topology.no_site': { vi: 'Chưa rõ trụ sở', en: 'Site not known' },
  'topology.empty': { vi: 'Chưa vẽ được sơ đồ.', en: 'There is nothing to draw yet.' },
  'topology.empty_first': {
    vi: 'Sơ đồ dựng từ LLDP, CDP, bảng chuyển mạch và ARP: khai phép dò SNMP cho bộ định tuyến và bộ chuyển mạch trong danh mục của trụ sở.',
    en: 'The drawing is made from LLDP, CDP, forwarding tables and ARP: name SNMP probes for routers and switches of the site in the register.',
  },
  'topology.counts': {
    vi: '{nodes} thiết bị, {up} đang hoạt động; {lines} đường truyền; {links} liên kết',
    en: '{nodes} {nodes:device|devices}, {up} up; {lines} {lines:line|lines}; {links} {links:link|links}',
  },
  'topology.no_cut': { vi: 'Không thấy chỗ đứt', en: 'No cut is seen' },
  'topology.cut_between': { vi: 'Đứt giữa {a} và {b}', en: 'Cut between {a} and {b}' },
  'topology.cut_at': { vi: 'Mất {name}', en: '{name} is down' },
  'topology.behind': { vi: '{count} thiết bị phía sau', en: '{count} {count:device|devices} behind it' },
  'topology.show': { vi: 'Xem trên sơ đồ', en: 'Show' },
  'topology.label': {
    vi: 'Sơ đồ mạng: {nodes} thiết bị, {cuts} chỗ đứt. Danh sách bên cạnh có cùng nội dung.',
    en: 'Topology: {nodes} {nodes:device|devices}, {cuts} {cuts:cut|cuts}. The list beside it says the same.',
  },
  'topology.keys': {
    vi: 'Sơ đồ: kéo để di chuyển, lăn chuột hoặc phím + − để phóng, phím mũi tên để di chuyển, phím 0 để xem tất cả',
    en: 'Drawing: drag to move, wheel or + − to zoom, arrows to move, 0 to see all',
  },
  'topology.zoom': { vi: 'Phóng to, thu nhỏ', en: 'Zoom' },
  'topology.nearer': { vi: 'Phóng to', en: 'Zoom in' },
  'topology.farther': { vi: 'Thu nhỏ', en: 'Zoom out' },
  'topology.fit': { vi: 'Xem tất cả', en: 'See all' },
  'topology.list': { vi: 'Danh sách thiết bị trên sơ đồ', en: 'The devices of the drawing as a list' },
  'topology.link_down': { vi: 'mất liên kết', en: 'link down' },
  'topology.folded': { vi: '{count} {kind}', en: '{count} {kind}' },
  'topology.by': { vi: 'Cổng: {ports}. Biết qua: {by}.', en: 'Ports: {ports}. Known by: {by}.' },
  'topology.open': { vi: 'Mở trang thiết bị', en: 'Open the device’s page' },
  'topology.open_site': { vi: 'Mở trang trụ sở', en: 'Open the site’s page' },
  'node_state.up': { vi: 'Hoạt động', en: 'Up' },
  'node_state.down': { vi: 'Mất', en: 'Down' },
  'node_state.not_known': { vi: 'Chưa rõ', en: 'Not known' },
} as const satisfies Record<string, Wording>;
