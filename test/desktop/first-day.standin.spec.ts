/** The first day, on the stand-in: Chromium behind a small model of Electron, not Electron. */
import { describeStandIn } from './parts/require.ts';
import { standIn } from './parts/stand-in-driver.ts';
import { firstDay } from './parts/walks.ts';

await describeStandIn('the desktop app', () => firstDay(standIn));
