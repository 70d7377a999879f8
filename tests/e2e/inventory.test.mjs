// The pages of the inventory against the mock collector: search and paging, evidence, charts, topology, stocktake, triage.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { settled, violations } from './browser.mjs';
import { Province } from './mock/province.mjs';
import { skip, use_mock } from './mocked.mjs';

describe('inventory', { skip, timeout: 480_000 }, () => {
  const house = use_mock();

  const device = (id) => `devices/${encodeURIComponent(id)}`;
  const pc = 'BQ01/host:0a5f09c1d22e4b8';
  const router = 'BQ01/snmp:10.1.0.1';
  const rows = (page) => page.locator('.dense tbody tr');

  test('the collector searches (tones forgiven), filters and sorts; the address tells it', async () => {
    const page = await house.open('devices');
    await rows(page).first().waitFor();
    await page.getByRole('searchbox').fill('bang hanh may-in');
    await page.getByText('1–1 trong 1', { exact: true }).waitFor();
    assert.match(await rows(page).first().innerText(), /MAY-IN-BH01/);
    await page.getByRole('button', { name: 'Bỏ lọc' }).click();
    await page.getByRole('combobox', { name: 'Loại', exact: true }).selectOption('router');
    await page.getByText('1–7 trong 7', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Sắp xếp theo Thiết bị' }).or(page.getByRole('button', { name: 'Thiết bị', exact: true })).click();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Thiết bị' }).waitFor();
    assert.match(page.url(), /kind=router.*sort=name|sort=name.*kind=router/);
    assert.match(await rows(page).first().innerText(), /RT-BH01/);
  });

  test('on a narrow page the order is chosen too, by keyboard', async () => {
    const page = await house.open('devices?kind=router', { width: 360, height: 740 });
    await page.getByText('1–7 trong 7', { exact: true }).waitFor();
    const order = page.getByRole('combobox', { name: 'Sắp xếp theo' });
    await order.focus();
    await order.selectOption('Thiết bị');
    assert.match(page.url(), /sort=name/);
    await page.getByRole('link', { name: 'RT-BH01' }).waitFor();
    assert.match(await rows(page).first().innerText(), /RT-BH01/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Đang giảm dần' }).waitFor();
    assert.match(page.url(), /sort=-name/);
  });

  test('fifty thousand devices come a page at a time', async () => {
    await house.instead(new Province({ extra_devices: 50_000 }));
    const page = await house.open('devices');
    await page.getByText('1–100 trong 50.080', { exact: true }).waitFor();
    assert.equal(await rows(page).count(), 100);
    await page.getByRole('button', { name: 'Trang cuối' }).click();
    await page.getByText('Trang 501/501').waitFor();
    await page.getByText('50.001–50.080 trong 50.080', { exact: true }).waitFor();
    await page.getByRole('searchbox').fill('may-04999');
    await page.getByText('1–1 trong 1', { exact: true }).waitFor();
    assert.doesNotMatch(page.url(), /page=/);
  });

  test('columns are chosen, and a view is kept under a name', async () => {
    const page = await house.open('devices?kind=pc');
    await page.locator('summary', { hasText: 'Cột' }).click();
    await page.getByLabel('Số sê-ri').check();
    await page.getByRole('columnheader', { name: 'Số sê-ri' }).waitFor();
    await page.getByText('Bảng đã lưu').click();
    await page.getByLabel('Tên bảng').fill('Máy tính kèm sê-ri');
    await page.getByRole('button', { name: 'Lưu bảng này' }).click();
    const saved = page.getByRole('link', { name: 'Máy tính kèm sê-ri' });
    await saved.waitFor();
    assert.deepEqual(await violations(page), []);
    await page.goto(`${house.mock.url}/#/gaps`);
    await page.goto(`${house.mock.url}/#/devices`);
    await page.getByText('Bảng đã lưu (1)').click();
    await saved.click();
    await page.getByRole('columnheader', { name: 'Số sê-ri' }).waitFor();
    assert.match(page.url(), /kind=pc/);
    await page.getByRole('button', { name: 'Xóa bảng Máy tính kèm sê-ri' }).click();
    await page.getByText('Chưa lưu bảng nào').waitFor();
  });

  test('the table leaves as CSV and as a workbook, with the filters of the page', async () => {
    const page = await house.open('devices?kind=router');
    for (const [name, file] of [['Xuất CSV: Thiết bị', 'devices.csv'], ['Xuất Excel: Thiết bị', 'devices.xlsx']]) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
      assert.equal(download.suggestedFilename(), file);
      assert.match(download.url(), /kind=router/);
    }
  });

  for (const look of [{ width: 1280, scheme: 'light' }, { width: 1280, scheme: 'dark', language: 'en' }, { width: 360, height: 740, scheme: 'light' }]) {
    test(`a device and the map of a site are accessible and fit: ${look.width} px, ${look.scheme}`, async () => {
      const page = await house.open(device(pc), look);
      for (const place of [device(pc), device(router), 'topology?site=HA01']) {
        await page.goto(`${house.mock.url}/#/${place}`);
        await page.locator(place.startsWith('topology') ? '.frame svg .node' : '.dense tbody tr').first().waitFor();
        await settled(page);
        assert.deepEqual(await violations(page, { colours: look.width > 400 }), [], place);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(beyond, 0, `${place} is ${beyond} px too wide`);
      }
    });
  }

  test('a device shows why it is one, its lists with search, and its changes', async () => {
    const page = await house.open(device(pc));
    await page.getByText(/2 nhân chứng được gộp thành một thiết bị/).waitFor();
    await page.getByRole('button', { name: 'Phần mềm 126' }).waitFor();
    await page.getByRole('searchbox').first().fill('unikey');
    await page.getByText('1/126').waitFor();
    await page.getByRole('button', { name: 'Tài khoản 2' }).click();
    await page.getByRole('cell', { name: '01/10/2026' }).waitFor();
    await page.getByRole('rowheader', { name: 'Tài khoản: canbo' }).waitFor();
  });

  test('an interface opens its traffic chart, and neighbours lead to devices', async () => {
    const page = await house.open(device(router));
    await page.getByRole('button', { name: 'Lưu lượng: ether1-wan' }).click();
    await page.getByRole('img', { name: /Lưu lượng của ether1-wan/ }).waitFor();
    await page.getByRole('button', { name: '7 ngày' }).click();
    await page.locator('.u-over').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('link', { name: 'SW-BQ01' }).click();
    await page.getByRole('heading', { name: 'SW-BQ01' }).waitFor();
  });

  test('a witness is split off, and another device merged in, each with a reason', async () => {
    const page = await house.open(device(pc));
    await page.getByLabel(/Chọn nhân chứng BQ01\/mac/).check();
    await page.getByLabel('Lý do').fill('Hai máy dùng chung một dock');
    await page.getByRole('button', { name: 'Tách 1 nhân chứng ra' }).click();
    await page.getByRole('button', { name: 'Tách 1 nhân chứng ra' }).waitFor({ state: 'detached' });
    await page.getByText('Đây là cùng một máy với thiết bị khác?').click();
    await page.getByLabel('Tìm thiết bị kia').fill('iphone');
    await page.getByLabel(/iPhone/).check();
    await page.getByLabel('Lý do').fill('Điện thoại cắm vào máy');
    await page.getByRole('button', { name: 'Gộp thành một' }).click();
    await page.getByLabel(/iPhone/).waitFor({ state: 'detached' });
    assert.equal(house.mock.province.inventory.find('BQ01/mac:f4:6b:8c:00:21:9a'), null);
  });

  test('an unknown device is adopted, another ignored; the queue empties', async () => {
    const page = await house.open('unknown');
    await page.locator('.queue li').nth(2).waitFor();
    await page.getByRole('button', { name: 'Ghi vào danh mục: raspberrypi' }).click();
    await page.getByLabel('Lý do').fill('Máy chiếu thông báo của phòng một cửa');
    await page.getByRole('button', { name: 'Ghi vào danh mục', exact: true }).click();
    await page.getByText('Đã ghi raspberrypi vào danh mục.').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'done');
    await page.getByRole('button', { name: 'Bỏ qua: iPhone' }).click();
    await page.getByLabel('Lý do').fill('Máy của khách');
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Bỏ qua', exact: true }).click();
    await page.getByText('1–1 trong 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Đã bỏ qua' }).click();
    await page.getByRole('link', { name: 'iPhone' }).waitFor();
  });

  test('an auditor sees, and decides nothing', async () => {
    const page = await house.open('unknown', { who: { user: 'kiemtra', password: 'bi-mat-02' } });
    await page.locator('.queue li').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /Ghi vào danh mục/ }).count(), 0);
    await page.goto(`${house.mock.url}/#/${device(pc)}`);
    await page.getByText(/2 nhân chứng/).waitFor();
    assert.equal(await page.getByRole('checkbox').count(), 0);
  });

  test('the map tells where it is cut, and goes by wheel, keys and list', async () => {
    const page = await house.open('topology?site=HA01');
    await page.getByText('Đứt giữa RT-HA01 và SW-HA01').waitFor();
    const view = () => page.locator('.frame svg').getAttribute('viewBox');
    const before = await view();
    await page.locator('.frame').focus();
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    const nearer = await view();
    assert.notEqual(nearer, before);
    await page.locator('.frame').hover();
    await page.mouse.wheel(0, 300);
    assert.notEqual(await view(), nearer);
    await page.keyboard.press('0');
    const list = page.getByRole('complementary', { name: 'Danh sách thiết bị trên sơ đồ' });
    await list.getByRole('button', { name: /5 máy tính/ }).click();
    await list.getByRole('button', { name: /MAY-VANPHONG-3/ }).click();
    await list.getByRole('link', { name: 'Mở trang thiết bị' }).click();
    await page.getByRole('heading', { name: 'MAY-VANPHONG-3' }).waitFor();
  });

  test('a stocktake names what is missing, prints with signatures, and is recorded', async () => {
    const page = await house.open('stocktake?site=VT01');
    await page.getByText('Thiếu: Mục đích').first().waitFor();
    await page.getByLabel(/Ghi chú cho biên bản/).fill('Kiểm kê cuối năm');
    await page.getByRole('button', { name: 'Ghi nhận đã kiểm kê' }).click();
    await page.getByText('Đã ghi nhận.').waitFor();
    await page.getByText('Kiểm kê cuối năm').waitFor();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByText('Thủ trưởng đơn vị').isVisible(), true);
    assert.equal(await page.getByText(/Nơi kiểm kê: Trụ sở UBND xã Vĩnh Tuy/).isVisible(), true);
    assert.equal(await page.getByRole('searchbox').isVisible(), false);
  });
});
