// For tests that tell the collector what to do: one browser for the whole file, a fresh mock collector for each test.
import { after, afterEach, before, beforeEach } from 'node:test';

import { chromium_path, open_browser, open_page, real_url, sign_in } from './browser.mjs';
import { Province } from './mock/province.mjs';
import { MockCollector } from './mock/serve.mjs';

/** Why these tests cannot run here, or false. */
export const skip = real_url !== '' ? 'needs the mock collector' : chromium_path() === '' && 'no chromium on this machine';

/** To be called first in a describe: what it gives is filled anew before each test. */
export function use_mock() {
  const house = {
    browser: null,
    mock: null,
    opened: null,

    /** The login page, or what an address shows before that; not signed in. */
    async open_only(place = '', look = {}) {
      await house.opened?.context.close();
      house.opened = await open_page(house.browser, house.mock.url + (place && `/#/${place}`), { language: 'vi', ...look });
      return house.opened.page;
    },

    /** A page of the product, signed in as the administrator or as `who`. */
    async open(place = '', { who, ...look } = {}) {
      const page = await house.open_only(place, look);
      await sign_in(page, who);
      await page.locator('#page-title').waitFor();
      return page;
    },

    /** Another province than the usual one. */
    async instead(province) {
      await house.mock.stop();
      house.mock = await new MockCollector({ province }).start();
    },
  };
  before(async () => void (house.browser = await open_browser()));
  after(() => house.browser?.close());
  beforeEach(async () => void (house.mock = await new MockCollector({ province: new Province() }).start()));
  afterEach(async () => {
    await house.opened?.context.close();
    house.opened = null;
    await house.mock.stop();
  });
  return house;
}
