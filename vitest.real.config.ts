import { defineConfig } from 'vitest/config';

/** The suites that need real parts: an OpenClaw gateway, a keychain, network namespaces. */
export default defineConfig({
  test: {
    name: 'real',
    include: ['test/real/**/*.spec.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // On a busy machine what is waited for comes late; a second, the default, is too short.
    expect: { poll: { timeout: 30_000 } },
    fileParallelism: false,
  },
});
