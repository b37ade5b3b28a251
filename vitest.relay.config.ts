import { defineConfig } from 'vitest/config';
import { MORE_TRIES, PATIENCE_MS, TEST_MS } from './test/patience.ts';
import { ownTemporaryFolder } from './test/temporary-folder.ts';

ownTemporaryFolder();

/** The suite of the relay: real sockets, real processes, a real disk. */
export default defineConfig({
  test: {
    name: 'relay',
    include: ['test/relay/**/*.spec.ts'],
    testTimeout: TEST_MS,
    retry: MORE_TRIES,
    hookTimeout: TEST_MS,
    // On a busy machine what is waited for comes late; a second, the default, is too short.
    expect: { poll: { timeout: PATIENCE_MS } },
    maxWorkers: 2,
  },
});
