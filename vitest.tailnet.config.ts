import { defineConfig } from 'vitest/config';

/** The suite that needs a real tailnet: headscale, tailscaled and, for some of it, root. */
export default defineConfig({
  test: {
    name: 'tailnet',
    include: ['test/tailnet/**/*.spec.ts'],
    testTimeout: 60_000,
    // The first run builds the programs.
    hookTimeout: 120_000,
    // On a busy machine what is waited for comes late; a second, the default, is too short.
    expect: { poll: { timeout: 20_000 } },
    fileParallelism: false,
  },
});
