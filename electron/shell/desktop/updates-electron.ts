/**
 * electron-updater behind {@link Updater}: a bundle of its own (`out/updater.mjs`), loaded by a packed
 * app only. What it verifies stays as it comes: SHA-512 of every file, Authenticode on Windows, the code
 * signature on macOS. https://www.electron.build/auto-update
 */
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
  // Each failure is also a rejection of the call that it belongs to; unheard, it would end the process.
  updater.on('error', () => {});
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
      try {
        await updater.downloadUpdate(token);
      } finally {
        signal.removeEventListener('abort', cancel);
        updater.off('download-progress', progress);
      }
    },
    install: (restart) => {
      // On macOS the staged update is in place at the next start anyhow.
      if (kind === 'mac' && !restart) return;
      updater.quitAndInstall(true, restart);
    },
  };
}
