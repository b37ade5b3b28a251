import { defineConfig } from 'vitest/config';

/** The suite that needs Electron's own binary: run by the workflow on Linux, macOS and Windows. */
export default defineConfig({
  test: {
    name: 'desktop',
    include: ['test/desktop/**/*.electron.spec.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    fileParallelism: false,
  },
});
