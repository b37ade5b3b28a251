import { defineConfig } from 'vitest/config';
import { MORE_TRIES, PATIENCE_MS, TEST_MS } from './test/patience.ts';
import { ownTemporaryFolder } from './test/temporary-folder.ts';

ownTemporaryFolder();

/** The suite that needs a real tailnet: headscale, tailscaled and, for some of it, root. */
export default defineConfig({
  test: {
    name: 'tailnet',
    include: ['test/tailnet/**/*.spec.ts'],
    testTimeout: TEST_MS,
    retry: MORE_TRIES,
    // The first run builds the programs, and two gateways may start in one.
    hookTimeout: 2 * TEST_MS,
    // On a busy machine what is waited for comes late; a second, the default, is too short.
    expect: { poll: { timeout: PATIENCE_MS } },
    fileParallelism: false,
  },
});
