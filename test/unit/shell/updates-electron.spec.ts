/**
 * What we set on electron-updater, and what we make of its ends. Its own downloading and checking needs a
 * packed app and a release: that part was not run.
 */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';

const fake = vi.hoisted(() => ({
  squirrel: null as unknown as EventEmitter,
  /** The one that was made last. */
  made: null as unknown as EventEmitter & Record<string, unknown>,
  kinds: [] as string[],
  download: async (): Promise<void> => {},
  install: (): void => {},
  log: [] as string[],
}));
vi.mock('electron', () => ({
  autoUpdater: {
    on: (name: string, hear: () => void) => fake.squirrel.on(name, hear),
    off: (name: string, hear: () => void) => fake.squirrel.off(name, hear),
  },
}));
vi.mock('electron-updater', () => {
  const kind = (name: string) =>
    class extends EventEmitter {
      constructor() {
        super();
        fake.kinds.push(name);
        fake.made = this as unknown as typeof fake.made;
      }
      downloadUpdate = () => fake.download();
      quitAndInstall = (silent: boolean, restart: boolean) => {
        fake.kinds.push(`${silent} ${restart}`);
        fake.install();
      };
    };
  return {
    AppImageUpdater: kind('AppImage'),
    DebUpdater: kind('deb'),
    MacUpdater: kind('mac'),
    NsisUpdater: kind('nsis'),
    CancellationToken: class {
      cancel = () => {};
    },
  };
});
const { electronUpdater } = await import('../../../electron/shell/desktop/updates-electron.ts');
const make = (kind: 'appimage' | 'deb' | 'mac' | 'nsis') =>
  electronUpdater(kind, (line) => fake.log.push(line));

beforeEach(() => {
  Object.assign(fake, {
    squirrel: new EventEmitter(),
    kinds: [],
    download: async () => {},
    install: () => {},
    log: [],
  });
});

test.each([
  ['appimage', 'AppImage', false],
  ['deb', 'deb', false],
  ['nsis', 'nsis', false],
  ['mac', 'mac', true],
] as const)('%s has its updater, and decides nothing by itself', (kind, name, atQuit) => {
  make(kind);
  expect(fake.kinds).toEqual([name]);
  expect(fake.made).toMatchObject({
    autoDownload: false,
    autoInstallOnAppQuit: atQuit,
    allowDowngrade: false,
    allowPrerelease: false,
    disableWebInstaller: true,
  });
  expect(() => fake.made.emit('error', new Error('unheard'))).not.toThrow();
});

describe('an installation', () => {
  test('that fails without a throw is a failure all the same', () => {
    const updater = make('deb');
    fake.install = () => void fake.made.emit('error', new Error('pkexec exited with code 126'));
    expect(() => updater.install(true)).toThrow('pkexec');
    fake.install = () => {};
    expect(() => updater.install(true)).not.toThrow();
  });

  test('on macOS is only asked for where the app is to start again', () => {
    const updater = make('mac');
    updater.install(false);
    expect(fake.kinds).toEqual(['mac']);
    updater.install(true);
    expect(fake.kinds).toEqual(['mac', 'true true']);
  });
});

describe('a download on macOS', () => {
  const settled = async (work: Promise<void>): Promise<string> =>
    Promise.race([
      work.then(
        () => 'there',
        (error: Error) => error.message,
      ),
      new Promise<string>((later) => setImmediate(() => later('under way'))),
    ]);

  test('is there when Squirrel has taken it, not before', async () => {
    const work = make('mac').download(() => {}, new AbortController().signal);
    expect(await settled(work)).toBe('under way');
    fake.squirrel.emit('update-downloaded');
    expect(await settled(work)).toBe('there');
    expect(fake.squirrel.eventNames()).toEqual([]);
  });

  test('whose signature is wrong fails with what Squirrel says', async () => {
    const work = make('mac').download(() => {}, new AbortController().signal);
    const ended = settled(work);
    await Promise.resolve();
    fake.squirrel.emit('error', new Error('Code signature did not pass validation'));
    expect(await ended).toBe('Code signature did not pass validation');
    expect(fake.squirrel.eventNames()).toEqual([]);
  });

  test('can be cancelled while Squirrel is at it, and can fail before it', async () => {
    const abort = new AbortController();
    const work = make('mac').download(() => {}, abort.signal);
    expect(await settled(work)).toBe('under way');
    abort.abort();
    expect(await settled(work)).toBe('cancelled');
    fake.download = async () => {
      throw new Error('no network');
    };
    const failed = make('mac').download(() => {}, new AbortController().signal);
    expect(await settled(failed)).toBe('no network');
    expect(fake.squirrel.eventNames()).toEqual([]);
  });

  test('elsewhere is there with the file', async () => {
    const work = make('nsis').download(() => {}, new AbortController().signal);
    expect(await settled(work)).toBe('there');
  });
});
