// Opens Debian's Chromium on a collector (VONGGAC_URL, or the mock) and keeps an eye on what the page complains about.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

import { MockCollector } from './mock/serve.mjs';

const require = createRequire(new URL('../../web-ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const real_url = process.env.VONGGAC_URL ?? '';
export const account = { user: process.env.VONGGAC_USER ?? 'quantri', password: process.env.VONGGAC_PASSWORD ?? 'bi-mat-01' };

export function chromium_path() {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

export async function open_browser() {
  return chromium.launch({ executablePath: chromium_path(), args: flags });
}

export async function collector() {
  if (real_url) return { url: real_url, stop: async () => {}, mock: null };
  const mock = await new MockCollector().start();
  return { url: mock.url, stop: () => mock.stop(), mock };
}

/** A page in Vietnam; `complaints` gathers whatever the browser reports (errors, refused scripts or styles). */
export async function open_page(browser, url, { width = 1280, height = 800, scheme = 'light', language } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: scheme, ignoreHTTPSErrors: true });
  if (language) await context.addInitScript((value) => localStorage.setItem('vonggac.language', value), language);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, context, complaints };
}

export async function sign_in(page, { user, password } = account) {
  await page.locator('input[name=user]').fill(user);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button.main').click();
  await page.locator('#content').waitFor();
}

/** Violations of WCAG 2.2 A and AA, told in a line each. Contrast takes most of the time; it is the same at every width. */
export async function violations(page, { colours = true } = {}) {
  const builder = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  const { violations: found } = await (colours ? builder : builder.disableRules(['color-contrast'])).analyze();
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

// Nothing on the page says any more that it is awaited; several parts may wait at once.
export async function settled(page) {
  const waiting = page.locator('.waiting');
  for (const end = Date.now() + 30_000; (await waiting.count()) > 0; ) {
    if (Date.now() > end) throw new Error(`the page still waits: ${await waiting.allTextContents()}`);
    await page.waitForTimeout(20);
  }
}
