/**
 * Builds the pages to web/dist: the console, which the API server serves under /console/ and answers every unknown path
 * below with index.html, so the base must stay `/console/`; and the buyer's checkout page, into which the server writes the
 * state (src/api/checkout/page.ts). The checkout shares no framework with the console: it is for phones, and small.
 * `vite dev` forwards API calls to a server on the default port.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { index: 'index.html', checkout: 'checkout.html' } },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:4000', '/console/session': 'http://127.0.0.1:4000' } },
});
