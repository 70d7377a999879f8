// The home page against the mock collector, which can be told what to do: live gaps, taking one, losing the line.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { sign_in, violations } from './browser.mjs';
import { skip, use_mock } from './mocked.mjs';

describe('gaps', { skip, timeout: 480_000 }, () => {
  const house = use_mock();

  async function home(look) {
    const page = await house.open('', look);
    await page.locator('.dense tbody tr').first().waitFor();
    await page.getByText('Trực tiếp', { exact: true }).waitFor();
    return page;
  }

  const titles = (page) => page.locator('.dense a.name').allInnerTexts();

  test('the worst is first, and a cause holds those behind it, folded', async () => {
    const page = await home();
    assert.equal((await titles(page)).length, 8);
    const fold = page.getByRole('button', { name: 'Hiện 9 điểm do' });
    assert.equal(await fold.getAttribute('aria-expanded'), 'false');
    await fold.click();
    assert.equal((await titles(page)).length, 17);
    await page.getByRole('button', { name: 'Ẩn các điểm do' }).click();
    assert.equal((await titles(page)).length, 8);
  });

  test('a new gap appears, changes and goes by itself', async () => {
    const page = await home();
    const gap = { ...house.mock.province.gaps.find((one) => one.rule === 'S01'), id: 999, title: { vi: 'Thiết bị lạ thứ hai', en: 'A second stranger' } };
    house.mock.tell('gap', gap);
    const row = page.locator('tr', { hasText: 'Thiết bị lạ thứ hai' });
    await row.waitFor();
    house.mock.tell('gap', { ...gap, state: 'acknowledged', acknowledged_by: 'truc.tinh' });
    await row.getByText('truc.tinh').waitFor();
    house.mock.tell('gap', { ...gap, state: 'closed', closed: new Date().toISOString() });
    await row.waitFor({ state: 'detached' });
  });

  test('the search forgives missing tones, and the filters live in the address', async () => {
    const page = await home();
    await page.getByRole('searchbox').fill('bang hanh');
    assert.deepEqual(await titles(page), ['Trụ sở không chạy bằng cáp quang', 'Độ trễ hoặc mất gói tới điểm đầu của nhà mạng vượt giới hạn']);
    assert.match(page.url(), /q=bang\+hanh/);
    await page.reload();
    await page.locator('.dense tbody tr').first().waitFor();
    assert.equal((await titles(page)).length, 2);
    await page.getByRole('button', { name: 'Bỏ lọc' }).click();
    assert.equal((await titles(page)).length, 8);
    await page.getByRole('searchbox').fill('không có gì như thế');
    await page.getByText('Không có dòng nào khớp bộ lọc.').waitFor();
  });

  test('a gap is opened, taken with a note, and closed by the keyboard', async () => {
    const page = await home();
    await page.locator('#gap-112').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Chi tiết điểm chưa đạt' });
    await panel.getByText('Bằng chứng').waitFor();
    assert.deepEqual(await violations(page), []);
    await panel.getByRole('textbox').fill('Đã gọi VNPT, xong trước 17 giờ');
    await panel.getByRole('button', { name: 'Tiếp nhận' }).click();
    await panel.getByText('Đã gọi VNPT, xong trước 17 giờ').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'detail');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'gap-112');
  });

  test('an auditor looks and does not take', async () => {
    const page = await home({ who: { user: 'kiemtra', password: 'bi-mat-02' } });
    await page.locator('a.name').first().click();
    await page.getByText('Vai trò kiểm tra chỉ được xem.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Tiếp nhận' }).count(), 0);
  });

  test('an address of no gap says so', async () => {
    const page = await house.open('gaps/abc');
    await page.getByText('Không có điểm chưa đạt số abc.').waitFor();
    assert.equal((await titles(page)).length, 8);
    assert.equal(await page.getByText('NaN').count(), 0);
  });

  test('when the collector is gone the page says so, keeps what it has, and comes back by itself', async () => {
    const page = await home();
    await house.mock.cut();
    await page.getByText('Không liên lạc được với trung tâm.').first().waitFor();
    await page.getByText(/Lần cuối nghe được trung tâm/).waitFor();
    await page.getByText(/Máy này vẫn có mạng/).waitFor();
    assert.equal((await titles(page)).length, 8);
    assert.deepEqual(await violations(page), []);
    house.mock.province.gaps = house.mock.province.gaps.filter((gap) => gap.rule !== 'S01');
    await house.mock.restore();
    await page.getByRole('button', { name: 'Thử ngay' }).click();
    await page.getByText('Trực tiếp', { exact: true }).waitFor();
    await page.locator('tr', { hasText: 'Thiết bị lạ' }).waitFor({ state: 'detached' });
    assert.equal(await page.getByText('Không liên lạc được với trung tâm.').count(), 0);
  });

  test('a page that could not be fetched comes by itself when the collector is back, and when asked', async () => {
    const page = await home();
    const lost = page.getByText('Không tải được phần này của trang.');
    await house.mock.cut();
    await page.getByRole('link', { name: 'Thiết bị', exact: true }).click();
    await lost.waitFor();
    await page.getByRole('button', { name: 'Thử lại' }).click();
    await lost.waitFor();
    await house.mock.restore();
    await page.getByRole('button', { name: 'Thử ngay' }).click();
    await page.locator('.dense a.name').first().waitFor();
    assert.equal(await lost.count(), 0);

    await page.route(/assets\/Topology.*js/, (route) => route.abort());
    await page.getByRole('link', { name: 'Sơ đồ mạng', exact: true }).click();
    await lost.waitFor();
    await page.unroute(/assets\/Topology.*js/);
    await page.getByRole('button', { name: 'Thử lại' }).click();
    await page.getByRole('heading', { name: 'Sơ đồ mạng' }).waitFor();
    await page.locator('.frame svg').first().waitFor();
  });

  test('a slow collector: the page says what it waits for', async () => {
    const page = await house.open_only();
    await page.locator('input[name=user]').waitFor();
    const release = house.mock.hold('/gaps');
    await sign_in(page);
    await page.getByText('Đang chờ danh sách điểm chưa đạt từ trung tâm…').waitFor();
    release();
    await page.locator('.dense tbody tr').first().waitFor();
  });

  test('an ended session leads back to the login page, which says why', async () => {
    const page = await home();
    house.mock.sessions.clear();
    await page.goto(`${house.mock.url}/#/sites`);
    await page.getByText('Phiên làm việc đã hết.').waitFor();
  });

  test('an answer that cannot be read is told, row by row or whole', async () => {
    const page = await home();
    house.mock.broken.set('/sites', { items: [{ id: 5 }, ...house.mock.province.sites], total: 9 });
    await page.goto(`${house.mock.url}/#/sites`);
    await page.getByText(/1 dòng trung tâm gửi không đọc được/).waitFor();
    assert.equal(await page.locator('.dense tbody tr').count(), 8);
    house.mock.broken.set('/rules', { rules: [] });
    await page.goto(`${house.mock.url}/#/rules`);
    await page.getByText(/Trang không hiểu câu trả lời của trung tâm/).waitFor();
  });

  test('an empty province says what to do first', async () => {
    Object.assign(house.mock.province, { gaps: [], agents: [], sites: [], events: [] });
    house.mock.province.inventory.devices = [];
    const page = await house.open();
    await page.getByText(/hãy nạp danh mục đơn vị/).waitFor();
    for (const name of ['sites', 'devices', 'events', 'agents']) {
      await page.goto(`${house.mock.url}/#/${name}`);
      await page.locator('.empty p').nth(1).waitFor();
    }
    assert.deepEqual(await violations(page), []);
  });

  test('what is only being watched has a list of its own', async () => {
    const page = await home();
    await page.goto(`${house.mock.url}/#/gaps?rule=S13`);
    await page.getByRole('button', { name: 'Xem 2 điểm chờ xác nhận' }).click();
    await page.getByRole('link', { name: 'MAY-VANPHONG-5' }).waitFor();
    await page.goto(`${house.mock.url}/#/gaps`);
    await page.getByRole('button', { name: 'Chờ xác nhận (3)' }).click();
    await page.getByRole('link', { name: 'Không truy cập được hệ thống quản lý văn bản' }).waitFor();
    assert.equal((await titles(page)).length, 3);
  });

  test('the name of a device leads to its page, from wherever it is said', async () => {
    const page = await home();
    const stranger = () => page.getByRole('link', { name: 'TP-Link 3c:84:6a:12:9f:04' }).and(page.locator(':visible')).first();
    const reached = async () => {
      await stranger().click();
      await page.getByRole('heading', { name: 'Bằng chứng' }).waitFor();
      assert.match(page.url(), /devices\/HA01%2Fmac/);
    };
    for (const place of ['gaps', `gaps/${house.mock.province.gaps.find((gap) => gap.rule === 'S01').id}`, 'sites/HA01', 'events?kind=lan.new_host']) {
      await page.goto(`${house.mock.url}/#/${place}`);
      if (/gaps\/\d/.test(place)) await page.getByRole('complementary').getByText('Bằng chứng').waitFor();
      await reached();
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${house.mock.url}/#/events?kind=lan.new_host`);
    await reached();
  });

  test('a site tells how many of its devices break which rule, and what is not confirmed yet', async () => {
    const page = await home();
    await page.goto(`${house.mock.url}/#/sites/HA01`);
    await page.locator('li', { hasText: 'S01' }).getByRole('link', { name: '1 thiết bị' }).click();
    await page.getByRole('link', { name: 'Thiết bị lạ trên mạng, danh mục không có' }).waitFor();
    assert.equal((await titles(page)).length, 1);
    await page.goto(`${house.mock.url}/#/sites/BQ01`);
    await page.getByRole('heading', { name: 'Đang chờ xác nhận (2)' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('li', { hasText: 'S13' }).getByRole('link', { name: '2 thiết bị' }).click();
    await page.getByRole('link', { name: 'MAY-VANPHONG-5' }).waitFor();
    assert.equal((await titles(page)).length, 2);
  });

  test('a password given by somebody else is to be changed, and the collector’s objection is shown', async () => {
    const page = await home();
    for (const session of house.mock.sessions.values()) session.must_change_password = true;
    await page.reload();
    await page.getByRole('link', { name: /Hãy đổi mật khẩu/ }).click();
    await page.getByLabel('Mật khẩu hiện tại').fill('doan-mo');
    await page.getByLabel('Mật khẩu mới', { exact: true }).fill('ngan');
    await page.getByLabel('Gõ lại mật khẩu mới').fill('ngắn');
    await page.getByText('Hai lần gõ không giống nhau.').waitFor();
    await page.getByLabel('Gõ lại mật khẩu mới').fill('ngan');
    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await page.getByText('Mật khẩu hiện tại không đúng.').waitFor();
    await page.getByLabel('Mật khẩu hiện tại').fill('bi-mat-01');
    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await page.getByText('Mật khẩu phải dài ít nhất 10 ký tự.').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByLabel('Mật khẩu mới', { exact: true }).fill('dai-hon-muoi-ky-tu');
    await page.getByText('Hai lần gõ không giống nhau.').waitFor();
    assert.equal(await page.getByText('Mật khẩu phải dài ít nhất 10 ký tự.').count(), 0);
    await page.getByLabel('Gõ lại mật khẩu mới').fill('dai-hon-muoi-ky-tu');
    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    await page.getByText(/Đã đổi mật khẩu/).waitFor();
    await page.goto(`${house.mock.url}/#/gaps`);
    assert.equal(await page.getByText(/Hãy đổi mật khẩu/).count(), 0);
  });

  test('after too many wrong passwords the page says how long to wait, in the language that is chosen then', async () => {
    const page = await house.open_only();
    const message = { vi: 'Sai mật khẩu nhiều lần.', en: 'Too many wrong passwords.' };
    const refusal = { status: 429, headers: { 'retry-after': '90' }, json: { error: { code: 'slow_down', message } } };
    await page.route('**/api/v1/session', (route) => (route.request().method() === 'POST' ? route.fulfill(refusal) : route.continue()));
    await page.locator('input[name=user]').fill('quantri');
    await page.locator('button.main').click();
    const told = () => page.locator('#password').evaluate((field) => field.validationMessage);
    assert.equal(await told(), 'Hãy điền ô này.');
    await page.locator('#password').fill('sai');
    assert.equal(await told(), '');
    await page.locator('button.main').click();
    await page.getByText(message.vi).waitFor();
    await page.getByText('Thử lại được sau 1 phút.').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText(message.en).waitFor();
    await page.getByText('You can try again in 1 min.').waitFor();
  });

  test('an administrator makes an enrolment token', async () => {
    const page = await home();
    await page.goto(`${house.mock.url}/#/agents`);
    await page.getByText('Tạo mã đăng ký').click();
    await page.getByRole('button', { name: 'Tạo mã' }).click();
    assert.equal(await page.getByLabel('Trụ sở (bắt buộc)').evaluate((field) => field.validationMessage), 'Hãy chọn một mục.');
    await page.getByLabel('Trụ sở (bắt buộc)').selectOption('HA01');
    await page.getByRole('button', { name: 'Tạo mã' }).click();
    await page.getByText(/^vg1\./).waitFor();
    assert.deepEqual(await violations(page), []);
  });

  test('taking an agent’s certificate is asked twice, and the keyboard follows', async () => {
    const page = await home();
    await page.goto(`${house.mock.url}/#/agents`);
    const first = page.getByRole('button', { name: 'Thu hồi: ROUTER-DT01' });
    await first.focus();
    await page.keyboard.press('Enter');
    await page.getByText(/Thu hồi chứng thư của ROUTER-DT01/).locator('visible=true').waitFor();
    await page.keyboard.press('Enter');
    assert.match(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), /ROUTER-DT01/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await first.waitFor({ state: 'detached' });
  });

  test('of one site there is nothing to choose', async () => {
    house.mock.province.sites = house.mock.province.sites.slice(0, 1);
    const page = await home();
    await page.goto(`${house.mock.url}/#/agents`);
    await page.getByText('Tạo mã đăng ký').click();
    await page.getByRole('button', { name: 'Tạo mã' }).click();
    await page.getByText(/^vg1\./).waitFor();
  });

  test('an address that leads nowhere says so, and the browser finds its icon', async () => {
    const page = await home();
    await page.goto(`${house.mock.url}/#/khong-co`);
    await page.getByRole('heading', { name: 'Không có trang này.' }).waitFor();
    await page.getByRole('link', { name: 'Về trang Điểm chưa đạt' }).click();
    await page.locator('.dense tbody tr').first().waitFor();
    const icon = await page.request.get(`${house.mock.url}/favicon.ico`);
    assert.equal(icon.headers()['content-type'], 'image/x-icon');
  });

  test('what is not known says who should tell it, and since when it is silent', async () => {
    const page = await home();
    await page.goto(`${house.mock.url}/#/sites/DY01`);
    await page.getByText('Loại đường truyền đang dùng: phép dò đường truyền không báo đã 2 ngày 2 giờ').waitFor();
    await page.getByText(/trạm gác của trụ sở chưa báo lần nào/).waitFor();
  });

  test('a site’s page says first whether it is the office, the line or the province', async () => {
    const page = await home();
    const said = page.getByRole('region', { name: 'Lỗi ở đâu?' });
    for (const [site, conclusion, ...parts] of [
      ['BQ01', 'Không thấy lỗi kết nối: trụ sở, đường truyền và phía tỉnh đều thông.', '3/3 trạm gác của trụ sở đang báo về.', 'Cáp quang VNPT đang thông.'],
      ['BH01', 'Lỗi ở: đường truyền.', 'Cáp quang VNPT mất kết nối; đang chạy đường dự phòng 3G Viettel.'],
      ['DT01', 'Lỗi ở: đường truyền.', 'Cùng lúc mất 2/3 đường khác của VNPT: lỗi phía nhà mạng.', 'Trung tâm vẫn nghe được 4/6 trụ sở khác.'],
      ['DY01', 'Chưa rõ: chưa ai báo từ trụ sở này.', 'Chưa rõ vì 1 trạm gác của trụ sở chưa báo lần nào.'],
    ]) {
      await page.goto(`${house.mock.url}/#/sites/${site}`);
      for (const text of [conclusion, ...parts]) await said.getByText(text).waitFor();
    }
    assert.deepEqual(await violations(page), []);
  });

  test('while the collector is away, a site’s page says what was, not what is', async () => {
    const page = await home();
    await page.goto(`${house.mock.url}/#/sites/BQ01`);
    const said = page.getByRole('region', { name: 'Lỗi ở đâu?' });
    await said.getByText(/Không thấy lỗi kết nối/).waitFor();
    const colour = () => said.locator('.mark').nth(1).evaluate((mark) => getComputedStyle(mark).color);
    const green = await colour();
    await house.mock.cut();
    await said.getByText('Không liên lạc được với trung tâm nên chưa rõ hiện giờ ra sao.').waitFor();
    await said.getByText(/^Tin cuối cùng, lúc \d\d:\d\d:$/).waitFor();
    assert.equal(await page.getByText(/Không thấy lỗi/).count(), 0);
    assert.notEqual(await colour(), green);
    assert.deepEqual(await violations(page), []);
    await house.mock.restore();
    await page.getByRole('button', { name: 'Thử ngay' }).click();
    await said.getByText(/Không thấy lỗi kết nối/).waitFor();
  });

  test('an officer of a commune goes from the first page to the own site’s answer', async () => {
    house.mock.users.canbo = ['bi-mat-03', 'officer'];
    house.mock.province.sites = house.mock.province.sites.filter((site) => site.id === 'BH01');
    const page = await home({ who: { user: 'canbo', password: 'bi-mat-03' } });
    await page.getByRole('navigation', { name: 'Trụ sở của bạn' }).getByRole('link', { name: 'Trụ sở UBND xã Bằng Hành' }).click();
    await page.getByText('Lỗi ở: đường truyền.').waitFor();
  });

  test('the keyboard goes on where it was: menus fold on Escape, a new page begins at its top', async () => {
    const page = await home({ width: 360, height: 740 });
    const menu = page.getByRole('button', { name: 'Trình đơn', exact: true });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Thiết bị', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Thiết bị', exact: true }).waitFor({ state: 'hidden' });
    assert.equal(await menu.evaluate((button) => button === document.activeElement), true);
    await page.goto(`${house.mock.url}/#/gaps/101`);
    await page.getByRole('complementary').getByText('Bằng chứng').waitFor();
    await page.keyboard.press('Shift+Tab');
    assert.equal(await page.evaluate(() => document.getElementById('detail')?.contains(document.activeElement)), true);
    await page.goto(`${house.mock.url}/#/devices`);
    const columns = page.locator('summary', { hasText: 'Cột' });
    await columns.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    assert.equal(await columns.evaluate((button) => button === document.activeElement), true);
    assert.equal(await page.getByLabel('Số sê-ri').isVisible(), false);
    await page.locator('.dense a.name').last().click();
    await page.getByRole('heading', { name: 'Bằng chứng' }).waitFor();
    assert.equal(await page.evaluate(() => `${document.activeElement?.id} ${window.scrollY}`), 'content 0');
  });

  test('a note that is being written is not lost by Escape', async () => {
    const page = await home();
    await page.locator('#gap-112').click();
    const note = page.getByRole('complementary').getByRole('textbox');
    await note.fill('Đang gọi');
    await page.keyboard.press('Escape');
    assert.equal(await note.inputValue(), 'Đang gọi');
    await page.keyboard.press('Escape');
    await note.waitFor({ state: 'detached' });
  });

  test('the table leaves as CSV', async () => {
    const page = await home();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Xuất CSV/ }).click()]);
    assert.equal(download.suggestedFilename(), 'gaps.csv');
  });

  test('printed, the page leaves its controls behind', async () => {
    const page = await home();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('navigation').isVisible(), false);
    assert.equal(await page.getByRole('searchbox').isVisible(), false);
    assert.equal(await page.getByText(/^In lúc/).isVisible(), true);
  });
});
