import { defineConfig } from 'vitest/config';
import { MORE_TRIES, PATIENCE_MS, TEST_MS } from './test/patience.ts';
import { ownTemporaryFolder } from './test/temporary-folder.ts';

ownTemporaryFolder();

/** The suites that need real parts: an OpenClaw gateway, a keychain, network namespaces. */
export default defineConfig({
  test: {
    name: 'real',
    include: ['test/real/**/*.spec.ts'],
    testTimeout: TEST_MS,
    retry: MORE_TRIES,
    // Two gateways may start in one, beside other programs.
    hookTimeout: 2 * TEST_MS,
    // On a busy machine what is waited for comes late; a second, the default, is too short.
    expect: { poll: { timeout: PATIENCE_MS } },
    fileParallelism: false,
  },
});
