// Forms: signing in, the account, fields, enrolment tokens.
import type { Wording } from '../../api/shapes';

export const forms = {
  'login.title': { vi: 'Đăng nhập', en: 'Sign in' },
  'login.lead': {
    vi: 'Canh gác mạng của tỉnh: điều gì chưa đạt, từ lúc nào, vì sao.',
    en: 'Watches the province’s network: what is not met, since when, and why.',
  },
  'login.user': { vi: 'Tên đăng nhập', en: 'User name' },
  'login.password': { vi: 'Mật khẩu', en: 'Password' },
  'login.show': { vi: 'Hiện', en: 'Show' },
  'login.hide': { vi: 'Ẩn', en: 'Hide' },
  'login.do': { vi: 'Đăng nhập', en: 'Sign in' },
  'login.doing': { vi: 'Đang chờ trung tâm kiểm tra mật khẩu…', en: 'Waiting for the collector to check the password…' },
  'login.ended': { vi: 'Phiên làm việc đã hết. Mời đăng nhập lại.', en: 'Your session has ended. Please sign in again.' },
  'login.first': {
    vi: 'Quên mật khẩu: hãy hỏi người quản trị. Lần chạy đầu, trung tâm in mật khẩu một lần khi khởi động.',
    en: 'Password forgotten: ask the administrator. On its first start the collector prints the password once.',
  },
  'login.wrong': { vi: 'Tên đăng nhập hoặc mật khẩu không đúng.', en: 'User name or password is wrong.' },
  'login.wait': { vi: 'Thử lại được sau {time}.', en: 'You can try again in {time}.' },
  'login.now': { vi: 'Bây giờ thử lại được.', en: 'You can try again now.' },
  'login.sign_out': { vi: 'Đăng xuất', en: 'Sign out' },

  'input.fill': { vi: 'Hãy điền ô này.', en: 'Please fill in this field.' },
  'input.choose': { vi: 'Hãy chọn một mục.', en: 'Please choose one.' },
  'input.number': { vi: 'Hãy nhập một số.', en: 'Please enter a number.' },
  'input.whole': { vi: 'Hãy nhập số nguyên.', en: 'Please enter a whole number.' },
  'input.range': { vi: 'Hãy nhập số từ {min} đến {max}.', en: 'Please enter a number from {min} to {max}.' },
  'input.must': { vi: '{label} (bắt buộc)', en: '{label} (required)' },

  'account.title': { vi: 'Tài khoản', en: 'Account' },
  'account.password': { vi: 'Mật khẩu mới', en: 'New password' },
  'account.again': { vi: 'Gõ lại mật khẩu mới', en: 'New password again' },
  'account.change': { vi: 'Đổi mật khẩu', en: 'Change password' },
  'account.changing': { vi: 'Đang đổi…', en: 'Changing…' },
  'account.changed': { vi: 'Đã đổi mật khẩu. Các phiên khác của bạn đã kết thúc.', en: 'The password is changed. Your other sessions have ended.' },
  'account.length': { vi: 'Ít nhất 10 ký tự.', en: 'At least 10 characters.' },
  'account.differ': { vi: 'Hai lần gõ không giống nhau.', en: 'The two are not the same.' },
  'account.must': { vi: 'Mật khẩu này không phải do bạn đặt. Hãy đổi mật khẩu.', en: 'You did not choose this password yourself. Please change it.' },
  'account.current': { vi: 'Mật khẩu hiện tại', en: 'Current password' },

  'token.title': { vi: 'Tạo mã đăng ký', en: 'Make an enrolment token' },
  'token.uses': { vi: 'Số máy dùng mã', en: 'PCs that may use it' },
  'token.hours': { vi: 'Hiệu lực (giờ)', en: 'Valid for (hours)' },
  'token.make': { vi: 'Tạo mã', en: 'Make token' },
  'token.making': { vi: 'Đang tạo…', en: 'Making…' },
  'token.once': {
    vi: 'Mã chỉ hiện một lần. Hãy chép vào tệp token_file trên máy của trụ sở {site}.',
    en: 'The token is shown once. Copy it into the token_file on the PC of site {site}.',
  },
  'token.copy': { vi: 'Chép', en: 'Copy' },
  'token.copied': { vi: 'Đã chép', en: 'Copied' },
  'token.choose_site': { vi: '– chọn trụ sở –', en: '– choose a site –' },
} as const satisfies Record<string, Wording>;
