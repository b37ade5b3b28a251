import { defineConfig } from 'vitest/config';
import { PATIENCE_MS, TEST_MS } from './test/patience.ts';
import { ownTemporaryFolder } from './test/temporary-folder.ts';

ownTemporaryFolder();

/** The suite that needs Electron's own binary: run by the workflow on Linux, macOS and Windows. */
export default defineConfig({
  test: {
    name: 'desktop',
    include: ['test/desktop/**/*.electron.spec.ts'],
    testTimeout: TEST_MS,
    hookTimeout: TEST_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
    fileParallelism: false,
  },
});
