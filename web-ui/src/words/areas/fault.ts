// “Where is the fault?”, and why something is not known.
import type { Wording } from '../../api/shapes';

export const fault = {
  'fault.title': { vi: 'Lỗi ở đâu?', en: 'Where is the fault?' },
  'fault.old': {
    vi: 'Không liên lạc được với trung tâm nên chưa rõ hiện giờ ra sao.',
    en: 'The collector cannot be reached, so what is now is not known.',
  },
  'fault.as_of': { vi: 'Tin cuối cùng, lúc {time}:', en: 'As of {time}, the last that was heard:' },
  'fault.own': { vi: 'Trụ sở của bạn', en: 'Your sites' },
  'fault.by': { vi: 'theo tin', en: 'by what was heard' },
  'fault.office': { vi: 'Tại trụ sở', en: 'At the office' },
  'fault.line': { vi: 'Đường truyền', en: 'The line' },
  'fault.province': { vi: 'Phía tỉnh', en: 'The province' },
  'fault.at_office': { vi: 'tại trụ sở', en: 'at the office' },
  'fault.at_line': { vi: 'đường truyền', en: 'the line' },
  'fault.at_province': { vi: 'phía tỉnh', en: 'the province' },
  'fault.found': { vi: 'Lỗi ở: {parts}.', en: 'The fault: {parts}.' },
  'fault.none': {
    vi: 'Không thấy lỗi kết nối: trụ sở, đường truyền và phía tỉnh đều thông.',
    en: 'No fault of the connection seen: office, line and province are in order.',
  },
  'fault.asleep': { vi: 'Các máy của trụ sở đã tắt bình thường.', en: 'The machines of the office were shut down as usual.' },
  'fault.stopped': {
    vi: 'Không ai đo từ trụ sở này: các trạm gác đã báo trước khi dừng.',
    en: 'Nobody measures from this office: its agents said goodbye before they stopped.',
  },
  'fault.call': {
    vi: 'Chưa rõ là mất điện tại trụ sở hay đứt đường truyền. Hãy gọi tới trụ sở hỏi có điện không.',
    en: 'Not known whether the office lost power or its line is cut. Call the office: is there power?',
  },
  'fault.nobody': { vi: 'Chưa rõ: chưa ai báo từ trụ sở này.', en: 'Not known: nobody has reported from this office.' },
  'fault.watch': { vi: 'Trụ sở vẫn liên lạc được; có điều cần xem.', en: 'The office is in contact; something is worth a look.' },
  'fault.internet': {
    vi: 'Đường truyền và phía tỉnh đều thông, nhưng không ra được Internet ({lost}/{total} máy).',
    en: 'The line and the province are in order, but the Internet is not reached ({lost}/{total} {total:machine|machines}).',
  },
  'fault.internet_alone': {
    vi: 'Không ra được Internet ({lost}/{total} máy).',
    en: 'The Internet is not reached ({lost}/{total} {total:machine|machines}).',
  },
  'fault.unknown': {
    vi: 'Không thấy lỗi kết nối, nhưng chưa đủ tin để chắc chắn.',
    en: 'No fault of the connection seen, but too little is known to be sure.',
  },
  'fault.office_heard': { vi: '{heard}/{total} trạm gác của trụ sở đang báo về.', en: '{heard}/{total} {total:agent of the office reports|agents of the office report}.' },
  'fault.office_some': {
    vi: '{silent}/{total} trạm gác im lặng, các máy khác vẫn báo về.',
    en: '{silent}/{total} agents are silent, the others report.',
  },
  'fault.office_off': {
    vi: '{total:Máy duy nhất|Cả {total} máy} đã báo trước khi tắt.',
    en: '{total:Its one machine said goodbye before it was|All {total} machines said goodbye before they were} shut down.',
  },
  'fault.office_silent': {
    vi: '{count:Trạm gác duy nhất|Cả {count} trạm gác} của trụ sở im lặng, không báo trước.',
    en: '{count:The one agent of the office is|All {count} agents of the office are} silent and said no goodbye.',
  },
  'fault.office_silent_some': {
    vi: '{silent}/{total} trạm gác của trụ sở im lặng, không báo trước; số còn lại đã báo trước khi im.',
    en: '{silent}/{total} agents of the office are silent and said no goodbye; the others said goodbye before they left.',
  },
  'fault.office_stopped': {
    vi: '{total:Trạm gác duy nhất|Cả {total} trạm gác} của trụ sở đã báo trước khi im: dịch vụ trạm gác được dừng.',
    en: '{total:The one agent of the office said goodbye before it left: its|All {total} agents of the office said goodbye before they left: their} service was stopped.',
  },
  'fault.office_left': {
    vi: 'Cả {total} trạm gác của trụ sở đã báo trước khi im: {stopped} trạm được dừng dịch vụ, các máy khác được tắt.',
    en: 'All {total} agents of the office said goodbye before they left: on {stopped} the agent’s service was stopped, the others were shut down.',
  },
  'fault.office_some_stopped': {
    vi: '{stopped}/{total} trạm gác đã báo trước khi im (dịch vụ trạm gác được dừng), các máy khác vẫn báo về hoặc đã được tắt.',
    en: '{stopped}/{total} agents said goodbye before they left (the agent’s service was stopped), the others report or were shut down.',
  },
  'fault.line_up': { vi: '{name} đang thông.', en: '{name} works.' },
  'fault.line_backup': { vi: '{name} mất kết nối; đang chạy đường dự phòng {backup}.', en: '{name} is down; the backup {backup} is in use.' },
  'fault.line_down': { vi: '{name} mất kết nối.', en: '{name} is down.' },
  'fault.line_slow': { vi: '{name} thông, nhưng độ trễ hoặc mất gói vượt giới hạn.', en: '{name} works, but latency or loss is beyond the limit.' },
  'fault.line_service': {
    vi: 'Từ đây không vào được {service}, trong khi {others} trụ sở khác vào được.',
    en: '{service} is not reachable from here, while {others} other {others:site reaches|sites reach} it.',
  },
  'fault.line_other': { vi: 'Đang chạy {carries}; chưa rõ {name} có thông không.', en: '{carries} is in use; not known whether {name} works.' },
  'fault.line_unknown': { vi: 'Chưa máy nào báo đường truyền nào đang dùng.', en: 'No machine has told which line is in use.' },
  'fault.line_asleep': { vi: 'Các máy đã tắt nên không ai đo đường truyền.', en: 'The machines are shut down, so nobody measures the line.' },
  'fault.line_stopped': { vi: 'Các trạm gác đã dừng nên không ai đo đường truyền.', en: 'The agents are stopped, so nobody measures the line.' },
  'fault.line_unheard': {
    vi: 'Không nghe được trụ sở nên chưa rõ; chưa có trụ sở khác cùng nhà mạng để so.',
    en: 'The office is not heard, so this is not known; no other site has the same provider.',
  },
  'fault.line_others_down': {
    vi: 'Cùng lúc mất {down}/{total} đường khác của {provider}: lỗi phía nhà mạng.',
    en: '{down}/{total} other lines of {provider} are down at the same time: the fault is the provider’s.',
  },
  'fault.line_others_up': {
    vi: 'Không nghe được trụ sở; {up}/{total} đường khác của {provider} vẫn thông.',
    en: 'The office is not heard; {up}/{total} other lines of {provider} work.',
  },
  'fault.services_reached': { vi: 'Vào được {reached}/{total} dịch vụ của tỉnh.', en: '{reached}/{total} services of the province are reachable.' },
  'fault.services_some': {
    vi: 'Vào được {reached}/{total} dịch vụ của tỉnh; chưa rõ {unknown} dịch vụ còn lại.',
    en: '{reached}/{total} services of the province are reachable; of the other {unknown} it is not known.',
  },
  'fault.services_down': {
    vi: 'Không vào được {service}; {others} trụ sở khác cũng không vào được.',
    en: '{service} is not reachable; neither is it from {others} other {others:site|sites}.',
  },
  'fault.services_here': { vi: '{service} vẫn chạy: trụ sở khác vào được.', en: '{service} works: other sites reach it.' },
  'fault.services_alone': {
    vi: 'Không vào được {service}; chưa có trụ sở khác để so.',
    en: '{service} is not reachable; there is no other site to compare with.',
  },
  'fault.services_unknown': {
    vi: 'Trung tâm nghe được trụ sở; chưa máy nào báo về dịch vụ.',
    en: 'The collector hears the office; no machine has told about services.',
  },
  'fault.province_heard': {
    vi: 'Trung tâm nghe được trụ sở; danh mục chưa khai dịch vụ nào để thử.',
    en: 'The collector hears the office; the register names no service to try.',
  },
  'fault.others_heard': { vi: 'Trung tâm vẫn nghe được {heard}/{total} trụ sở khác.', en: 'The collector still hears {heard}/{total} other sites.' },
  'fault.others_silent': {
    vi: 'Trung tâm không nghe được trụ sở nào trong {total} trụ sở khác.',
    en: 'The collector hears none of {total} other sites.',
  },
  'fault.alone': { vi: 'Chưa có trụ sở khác để so.', en: 'There is no other site to compare with.' },

  'fault_state.good': { vi: 'bình thường', en: 'in order' },
  'fault_state.bad': { vi: 'có lỗi', en: 'faulty' },
  'fault_state.watching': { vi: 'cần xem', en: 'worth a look' },
  'fault_state.unknown': { vi: 'chưa rõ', en: 'not known' },
  'fault_state.off': { vi: 'đã tắt', en: 'shut down' },

  'why.never': { vi: '{fact}: {who} chưa báo lần nào', en: '{fact}: {who} has never told it' },
  'why.uncounted': { vi: '{fact}: trung tâm chưa có dữ liệu để tính', en: '{fact}: the collector has nothing to count it from' },
  'why.stocktake': { vi: 'chưa kiểm kê lần nào; ghi ở trang Kiểm kê', en: 'never stocktaken; record one on the Stocktake page' },
  'why.silent': { vi: '{fact}: {who} không báo đã {age}', en: '{fact}: {who} has not told it for {age}' },
  'why.site_never': {
    vi: 'Chưa rõ vì {count} trạm gác của trụ sở chưa báo lần nào.',
    en: 'Not known, because the {count} agents of the site have never reported.',
  },
  'why.no_agents': { vi: 'Chưa rõ vì trụ sở chưa có trạm gác nào.', en: 'Not known, because the site has no agent yet.' },
  'why.uplink': { vi: 'chưa máy nào ở trụ sở báo về đường này', en: 'no machine of the site tells of this line' },
  'why.dark': { vi: 'trụ sở đang im lặng', en: 'the office is silent' },
  'why.service': { vi: 'chưa máy nào ở trụ sở báo về dịch vụ này', en: 'no machine of the site tells of this service' },
} as const satisfies Record<string, Wording>;
