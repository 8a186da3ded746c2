/**
 * Builds the console to web/dist. The API server serves it under /console/ and answers every unknown path below with
 * index.html, so the base must stay `/console/`. `vite dev` forwards API calls to a server on the default port.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023' },
  server: { proxy: { '/v1': 'http://127.0.0.1:4000', '/console/session': 'http://127.0.0.1:4000' } },
});
