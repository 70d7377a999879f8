// The pages in a real browser, as an operator meets them: against the mock, or with VONGGAC_URL against a collector.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { account, chromium_path, collector, open_browser, open_page, real_url, settled, sign_in, violations } from './browser.mjs';

const skip = chromium_path() === '' ? 'no chromium on this machine' : false;
/** Of long lists a part is looked at: axe reads every row. */
const part = real_url ? '' : '?site=BQ01';
const pages = ['gaps', 'sites', `devices${part}`, 'unknown', 'topology', `stocktake${part}`, 'events', 'agents', 'coverage', 'rules', 'account'];
/** The browser reports each refused call; asking who is signed in is one, and is meant. */
const expected = /status of 401/;

describe('pages', { skip, timeout: 480_000 }, () => {
  let house;
  let browser;
  before(async () => {
    house = await collector();
    browser = await open_browser();
  });
  after(async () => {
    await browser?.close();
    await house?.stop();
  });

  async function signed_in(look) {
    const opened = await open_page(browser, house.url, look);
    await sign_in(opened.page);
    return opened;
  }

  async function drawn(page) {
    await settled(page);
    await page.locator('.dense tbody tr, .rules li, .queue li, .frame svg, .empty, form.sheet').first().waitFor();
  }

  test('a wrong password is refused in words, in the chosen language', async () => {
    const { page, context } = await open_page(browser, house.url);
    await page.locator('input[name=user]').fill('khong-co');
    await page.locator('input[name=password]').fill('sai');
    await page.locator('button.main').click();
    assert.notEqual((await page.locator('[role=alert]').innerText()).trim(), '');
    await page.getByRole('button', { name: 'English' }).click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  test('one signs in with the keyboard alone', async () => {
    const { page, context } = await open_page(browser, house.url);
    await page.locator('input[name=user]').waitFor();
    await page.keyboard.type(account.user);
    await page.keyboard.press('Tab');
    await page.keyboard.type(account.password);
    await page.keyboard.press('Enter');
    await page.locator('#content').waitFor();
    await context.close();
  });

  for (const look of [{ width: 1280, scheme: 'light', language: 'vi' }, { width: 1280, scheme: 'dark', language: 'en' }, { width: 360, height: 740, scheme: 'light', language: 'vi' }]) {
    test(`every page is accessible and fits: ${look.width} px, ${look.scheme}, ${look.language}`, async () => {
      const { page, context, complaints } = await signed_in(look);
      for (const name of pages) {
        await page.goto(`${house.url}/#/${name}`);
        await drawn(page);
        assert.deepEqual(await violations(page, { colours: look.width > 400 }), [], name);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(beyond, 0, `${name} is ${beyond} px too wide`);
      }
      assert.deepEqual(complaints.filter((text) => !expected.test(text)), []);
      await context.close();
    });
  }

  test('the first load stays within 150 kB', async () => {
    const context = await browser.newContext({ locale: 'vi-VN', ignoreHTTPSErrors: true });
    const page = await context.newPage();
    let bytes = 0;
    page.on('response', (response) => {
      if (!new URL(response.url()).pathname.startsWith('/api/')) bytes += Number(response.headers()['content-length'] ?? 0);
    });
    await page.goto(house.url);
    await sign_in(page);
    await page.locator('.dense tbody tr, .empty').first().waitFor();
    await page.waitForLoadState('load');
    assert.ok(bytes > 30_000, `${bytes} bytes counted`);
    assert.ok(bytes <= 150_000, `${bytes} bytes`);
    await context.close();
  });

  test('a device’s page says who saw it and what is known', async () => {
    const { page, context, complaints } = await signed_in({ language: 'vi' });
    await page.goto(`${house.url}/#/devices?sort=-last_seen`);
    await page.locator('.dense a.name').first().click();
    await page.getByRole('heading', { name: 'Bằng chứng' }).waitFor();
    await page.getByRole('heading', { name: 'Lịch sử thay đổi' }).waitFor();
    await settled(page);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints.filter((text) => !expected.test(text)), []);
    await context.close();
  });

  test('tables leave as CSV and as workbooks', async () => {
    const { page, context } = await signed_in({ language: 'vi' });
    await page.goto(`${house.url}/#/devices`);
    for (const [name, start] of [['Xuất CSV: Thiết bị', '\ufeff'], ['Xuất Excel: Thiết bị', real_url ? 'PK' : '\ufeff']]) {
      const link = page.getByRole('link', { name });
      const answer = await page.request.get(new URL(await link.getAttribute('href'), house.url).href);
      assert.ok((await answer.body()).toString('utf8').startsWith(start), name);
    }
    await context.close();
  });

  test('a view is kept for its person, and dropped', async () => {
    const { page, context } = await signed_in({ language: 'vi' });
    await page.goto(`${house.url}/#/devices?kind=pc`);
    await page.getByText('Bảng đã lưu').click();
    await page.getByLabel('Tên bảng').fill('Chỉ máy tính');
    await page.getByRole('button', { name: 'Lưu bảng này' }).click();
    await page.getByRole('link', { name: 'Chỉ máy tính' }).waitFor();
    await page.getByLabel('Tên bảng').fill('Chỉ máy tính');
    await page.getByRole('button', { name: 'Lưu bảng này' }).click();
    await page.waitForFunction(() => [...document.querySelectorAll('.views input')].every((field) => field.value === ''));
    assert.equal(await page.getByRole('link', { name: 'Chỉ máy tính' }).count(), 1, 'a name stands once');
    await page.getByRole('button', { name: 'Xóa bảng Chỉ máy tính' }).click();
    await page.getByText('Chưa lưu bảng nào').waitFor();
    await context.close();
  });

  test('a site’s page draws its timeline and lists what it has', async () => {
    const { page, context, complaints } = await signed_in({ language: 'vi' });
    await page.goto(`${house.url}/#/sites`);
    await page.locator('.dense a.name').first().click();
    await page.locator('svg[role=img]').first().waitFor();
    await page.getByRole('heading', { name: 'Diễn biến' }).waitFor();
    await page.getByRole('button', { name: '7 ngày' }).click();
    await settled(page);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints.filter((text) => !expected.test(text)), []);
    await context.close();
  });
});
