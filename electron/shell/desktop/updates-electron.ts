/**
 * electron-updater behind {@link Updater}: a bundle of its own (`out/updater.mjs`), loaded by a packed
 * app only. What it verifies stays as it comes: SHA-512 of every file, Authenticode on Windows, the code
 * signature on macOS. https://www.electron.build/auto-update
 */
import { autoUpdater as squirrel } from 'electron';
import * as kit from 'electron-updater';
import type { Updater } from './updates.ts';
import type { UpdateKind } from './updates-place.ts';

function make(kind: Exclude<UpdateKind, 'none'>): kit.AppUpdater {
  switch (kind) {
    case 'appimage':
      return new kit.AppImageUpdater();
    case 'deb':
      return new kit.DebUpdater();
    case 'mac':
      return new kit.MacUpdater();
    case 'nsis':
      return new kit.NsisUpdater();
  }
}

/** Makes it. Where the releases are stands in `resources/app-update.yml`. */
export function electronUpdater(
  kind: Exclude<UpdateKind, 'none'>,
  log: (line: string) => void,
): Updater {
  const updater = make(kind);
  updater.autoDownload = false;
  // We install at the end of our own ordered stop. Squirrel.Mac stages an update for the next start.
  updater.autoInstallOnAppQuit = kind === 'mac';
  updater.autoRunAppAfterInstall = true;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  const told = (line: unknown): void => log(`updater: ${String(line)}`);
  updater.logger = { info: () => {}, debug: () => {}, warn: told, error: told };
  // Unheard, it would end the process. Of a check and a download it is also the rejection; of an
  // installation it is all that there is.
  let failed: unknown = null;
  updater.on('error', (error) => {
    failed = error;
  });
  return {
    check: async () => {
      const found = await updater.checkForUpdates();
      return found?.isUpdateAvailable ? found.updateInfo.version : null;
    },
    download: async (onPercent, signal) => {
      const token = new kit.CancellationToken();
      const cancel = (): void => token.cancel();
      const progress = ({ percent }: { percent: number }): void => onPercent(percent);
      signal.addEventListener('abort', cancel, { once: true });
      updater.on('download-progress', progress);
      const staging = kind === 'mac' ? stagingOf(signal) : null;
      try {
        await updater.downloadUpdate(token);
        await staging?.staged;
      } finally {
        staging?.stop();
        signal.removeEventListener('abort', cancel);
        updater.off('download-progress', progress);
      }
    },
    install: (restart) => {
      // On macOS the staged update is in place at the next start anyhow.
      if (kind === 'mac' && !restart) return;
      failed = null;
      updater.quitAndInstall(true, restart);
      if (failed !== null) throw failed;
    },
  };
}

/**
 * On macOS a download is there when Squirrel has taken it, and looked at its signature: electron-updater
 * already says so when it has handed the file over. https://www.electronjs.org/docs/latest/api/auto-updater
 */
function stagingOf(signal: AbortSignal): { readonly staged: Promise<void>; stop(): void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // The download itself may fail before anybody waits for this.
  promise.catch(() => {});
  const cancelled = (): void => reject(new Error('cancelled'));
  const taken = (): void => resolve();
  squirrel.on('update-downloaded', taken);
  squirrel.on('error', reject);
  signal.addEventListener('abort', cancelled, { once: true });
  return {
    staged: promise,
    stop: () => {
      squirrel.off('update-downloaded', taken);
      squirrel.off('error', reject);
      signal.removeEventListener('abort', cancelled);
    },
  };
}
