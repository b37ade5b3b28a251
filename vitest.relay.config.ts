import { defineConfig } from 'vitest/config';

/** The suite of the relay: real sockets, real processes, a real disk. */
export default defineConfig({
  test: {
    name: 'relay',
    include: ['test/relay/**/*.spec.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // On a busy machine what is waited for comes late; a second, the default, is too short.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
  },
});
