/** Starts and ends that go wrong, on the stand-in (not on Electron): the next start works, nothing is lost. */
import { describe, expect, test } from 'vitest';
import { describeStandIn } from './parts/require.ts';
import { trayUp, useRig } from './parts/rig.ts';
import { addPracticePeer, say } from './parts/walks.ts';

/** The steps as the app's log names them. */
const START = [
  'start: home',
  'start: ready',
  'start: pages',
  'start: store',
  'start: conversations',
  'start: app',
  'start: tray',
  'start: shown',
];
const STOP = [
  'stop: window',
  'stop: calls',
  'stop: app',
  'stop: links are closed',
  'stop: conversations are at rest',
  'stopped',
  'stop: window session',
  'stop: control socket',
];

await describeStandIn('starts and ends', () => {
  const rig = useRig();
  const { start } = rig;
  const dying = (step: string): NodeJS.ProcessEnv => ({
    PEERAGE_LOG: '1',
    PEERAGE_STANDIN_DIE_AT: step,
  });

  describe('SIGKILL', () => {
    test('at each step of the start and of the end: the next start works, nothing is lost', async () => {
      const first = await start();
      const page = await first.page();
      await addPracticePeer(page);
      await say(page, 'This outlives every kill.');
      await first.kill();
      for (const step of START) {
        const app = await start(['--hidden'], dying(step));
        expect(await app.ended, `${step}\n${app.output()}`).toBeNull();
        expect(app.output()).toContain(step);
      }
      for (const step of STOP) {
        const app = await start(['--hidden'], dying(step));
        await trayUp(app);
        await app.ask('quit').catch(() => {});
        expect(await app.ended, `${step}\n${app.output()}`).toBeNull();
        expect(app.output()).toContain(step);
      }
      const last = await start();
      const shown = await last.page();
      await shown
        .getByText(/practice peer/i)
        .first()
        .click();
      const found = shown.locator('article.message--out', { hasText: 'This outlives every kill.' });
      await found.waitFor();
      expect(await found.count()).toBe(1);
    });
  });

  test('two quits at once are one, and the next start works', async () => {
    const app = await start(['--hidden']);
    await trayUp(app);
    await Promise.all([app.ask('quit'), app.ask('quit').catch(() => {})]);
    expect(await app.ended).toBe(0);
    await trayUp(await start(['--hidden']));
  });

  test('a shutdown of the computer is put off until the app has stopped in order', async () => {
    const app = await start(['--hidden'], { PEERAGE_LOG: '1' });
    await trayUp(app);
    expect(await app.ask('shutdown')).toBe(true);
    expect(await app.ended, app.output()).toBe(0);
    expect(app.output()).toContain('stop: control socket');
    await trayUp(await start(['--hidden']));
  });

  test('a quit in the middle of the start ends it in order', async () => {
    const app = await start(['--hidden'], { PEERAGE_LOG: '1' });
    await app.ask('quit');
    expect(await app.ended, app.output()).toBe(0);
    expect(app.output()).toContain('stopped');
    await trayUp(await start(['--hidden']));
  });
});
