/** The first day, on Electron itself; skipped by name where its binary is not there. */
import { electron } from './parts/electron-driver.ts';
import { describeElectron } from './parts/require.ts';
import { firstDay } from './parts/walks.ts';

describeElectron('the desktop app', () => firstDay(electron));
