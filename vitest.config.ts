import { defineConfig } from 'vitest/config';
import { MORE_TRIES, PATIENCE_MS, TEST_MS } from './test/patience.ts';
import { ownTemporaryFolder } from './test/temporary-folder.ts';

ownTemporaryFolder();

/**
 * Three projects: `unit` (pure logic and services, no window), `ui` (the built app behind the browser
 * shell, in a real Chromium) and `stand-in` (the built desktop app on a small model of Electron). The
 * real parts have a configuration of their own.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.spec.ts', 'test/unit/**/*.spec.tsx'],
          testTimeout: TEST_MS,
          hookTimeout: TEST_MS,
          // Vitest leaves one of two cores idle by itself.
          maxWorkers: 2,
          // On a busy machine what is waited for comes late; a second, the default, is too short.
          expect: { poll: { timeout: PATIENCE_MS } },
        },
      },
      {
        test: {
          name: 'ui',
          include: ['test/ui/**/*.spec.ts'],
          testTimeout: TEST_MS,
          retry: MORE_TRIES,
          hookTimeout: TEST_MS,
          expect: { poll: { timeout: PATIENCE_MS } },
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'stand-in',
          include: ['test/desktop/**/*.standin.spec.ts'],
          testTimeout: TEST_MS,
          retry: MORE_TRIES,
          hookTimeout: TEST_MS,
          expect: { poll: { timeout: PATIENCE_MS } },
          maxWorkers: 2,
        },
      },
    ],
  },
});
