/** Which of the desktop suites can run here; the others are skipped by name. */
import { describe } from 'vitest';
import { installedElectron, thisMachine } from '../../../scripts/parts/electron.mjs';
import { describeWith, requiredParts } from '../../real/parts/require.ts';

/** A suite on the stand-in. Its results say *stand-in*: it is no proof of Electron. */
export const describeStandIn = (title: string, body: () => void): Promise<void> =>
  describeWith(['chromium'], `stand-in: ${title}`, body);

/** Electron's program, or undefined where there is none. */
export const electronProgram = (): string | undefined => installedElectron(thisMachine());

/** A suite on Electron itself. */
export function describeElectron(title: string, body: () => void): void {
  const missing = electronProgram() === undefined;
  const why = 'Electron’s binary is not installed';
  if (missing && requiredParts().includes('electron')) {
    throw new Error(`electron is required (PEERAGE_REQUIRE): ${why}`);
  }
  if (missing) console.warn(`skipped: Electron: ${title} (${why})`);
  describe.skipIf(missing)(`Electron: ${title}`, body);
}
