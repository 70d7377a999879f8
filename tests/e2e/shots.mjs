// Takes pictures of pages for people to look at: node tests/e2e/shots.mjs FOLDER [page ...]
import { mkdirSync } from 'node:fs';

import { collector, open_browser, open_page, real_url, sign_in } from './browser.mjs';

const [folder = 'shots', ...wanted] = process.argv.slice(2);
// What the mock has, a real collector need not have.
const details = real_url ? [] : ['gaps/101', 'sites/BH01', 'devices/BQ01%2Fhost:0a5f09c1d22e4b8', 'devices/BQ01%2Fsnmp:10.1.0.1', 'topology?site=HA01', 'stocktake?site=BQ01'];
const pages = wanted.length > 0 ? wanted : ['login', 'gaps', 'sites', ...details, 'devices', 'unknown', 'topology', 'stocktake', 'events', 'agents', 'coverage', 'rules', 'account'];
const looks = [
  { name: 'vi', width: 1440, height: 900, scheme: 'light', language: 'vi' },
  { name: 'en-dark', width: 1440, height: 900, scheme: 'dark', language: 'en' },
  { name: 'old-screen', width: 1024, height: 768, scheme: 'light', language: 'vi' },
  { name: 'phone', width: 390, height: 844, scheme: 'light', language: 'vi' },
];

mkdirSync(folder, { recursive: true });
const house = await collector();
const browser = await open_browser();
for (const look of looks) {
  const { page, context, complaints } = await open_page(browser, house.url, look);
  await page.locator('input[name=user]').waitFor();
  for (const name of pages) {
    if (name !== 'login' && (await page.locator('input[name=user]').count()) > 0) await sign_in(page);
    if (name !== 'login') await page.goto(`${house.url}/#/${name}`);
    await page.waitForTimeout(700);
    await page.screenshot({ path: `${folder}/${name.replace(/[^\w]+/g, '-')}.${look.name}.png`, fullPage: true });
  }
  if (complaints.length > 0) console.log(look.name, complaints);
  await context.close();
}
await browser.close();
await house.stop();
