import type { Bench } from '../report.ts';
import { acknowledge } from './acknowledge.ts';
import { board } from './board.ts';
import { broadcast } from './broadcast.ts';
import { commandLine } from './command-line.ts';
import { crowd } from './crowd.ts';
import { day } from './day.ts';
import { delegation } from './delegation.ts';
import { durable } from './durable.ts';
import { heap } from './heap.ts';
import { list } from './list.ts';
import { load } from './load.ts';
import { newestPage } from './newest-page.ts';
import { openWindow } from './open-window.ts';
import { reception } from './reception.ts';
import { relay } from './relay.ts';
import { relayDiscover } from './relay-discover.ts';
import { setup } from './setup.ts';
import { start } from './start.ts';
import { tray } from './tray.ts';
import { watching } from './watching.ts';

/** Every bench, in the order in which they run. */
export const benches: readonly Bench[] = [
  acknowledge,
  durable,
  start,
  tray,
  openWindow,
  newestPage,
  board,
  heap,
  day,
  list,
  load,
  delegation,
  reception,
  relay,
  relayDiscover,
  commandLine,
  broadcast,
  crowd,
  watching,
  setup,
];
