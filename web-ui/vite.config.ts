import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

import { precompress } from './precompress.ts';

// The floor is what still runs on an old Windows 7 office PC: Chrome 109 and Firefox 115 ESR.
const oldest = ['chrome109', 'firefox115', 'safari15.4'];

export default defineConfig({
  plugins: [svelte(), precompress()],
  build: { target: oldest, cssTarget: oldest, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': { target: process.env['VONGGAC_URL'] ?? 'http://127.0.0.1:8099', secure: false } } },
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
