import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` (pure logic and services, no window) and `ui` (the built app behind the
 * browser shell, in a real Chromium). The real parts have a configuration of their own.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.spec.ts', 'test/unit/**/*.spec.tsx'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'ui',
          include: ['test/ui/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
