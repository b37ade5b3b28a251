/** On Windows a second start hands the right to come forward to the first; elsewhere nothing is asked. */
import { beforeEach, expect, test, vi } from 'vitest';

const asked = vi.hoisted(() => ({ locks: 0 }));
vi.mock('electron', () => ({
  app: {
    requestSingleInstanceLock: () => {
      asked.locks += 1;
      return false;
    },
  },
}));
beforeEach(() => {
  asked.locks = 0;
});

test.each([
  ['win32', 1],
  ['linux', 0],
  ['darwin', 0],
] as const)('on %s the lock is asked for %i times', async (platform, times) => {
  vi.resetModules();
  vi.doMock('../../../electron/shell/desktop/platform.ts', () => ({ PLATFORM: platform }));
  const { letFirstComeForward } = await import('../../../electron/shell/desktop/foreground.ts');
  letFirstComeForward();
  expect(asked.locks).toBe(times);
});
