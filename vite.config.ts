import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = import.meta.dirname;

/**
 * The window. Everything is a file of its own (no inline script or style), so that the strict CSP of
 * both shells holds; paths are relative, because the desktop serves them from a scheme of its own.
 */
export default defineConfig({
  root: join(here, 'renderer'),
  base: './',
  publicDir: false,
  plugins: [react()],
  resolve: {
    alias: {
      // Adds an inline <style>, which the CSP refuses; our page never scrolls, so nothing needs it.
      'react-remove-scroll': join(here, 'renderer/components/no-scroll-lock.tsx'),
    },
  },
  build: {
    outDir: join(here, 'out/renderer'),
    emptyOutDir: true,
    target: ['chrome130', 'firefox130', 'safari18'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
  },
});
