import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { endpointForms } from './build/endpoint-forms.js';

import { itemColumns } from './build/item-columns.js';
import { leanSchemas } from './build/lean-schemas.js';

/** `pnpm start` serves the API here; `vite` alone passes the page's requests on to it. */
const SERVICE = 'http://127.0.0.1:8080';

/** Where it has no keys the service takes requests from its own address alone. */
const passedOn = { target: SERVICE, changeOrigin: true, headers: { origin: SERVICE } };

export default defineConfig({
  resolve: { alias: { zod: fileURLToPath(new URL('build/trusting-zod.ts', import.meta.url)) } },
  plugins: [endpointForms(), itemColumns(), leanSchemas()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    // A request for each small picture would cost more than its bytes; the policy of the page allows no data in scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': passedOn, '/docs': passedOn, '/openapi.json': passedOn, '/readyz': passedOn } },
});
