/** The start of the app, in order: what is promised first, connections last. */
import { type LateServices, watchHealth } from './bridges.ts';
import { provisionFrom } from './provision.ts';
import type { Rooms } from './rooms.ts';
import { startLinks } from './start-links.ts';

/**
 * Starts everything that was built.
 * @returns ends links that wait for their turn to begin
 * @throws CodedError setup.config_invalid
 */
export async function startRooms(rooms: Rooms, services: LateServices): Promise<() => void> {
  const { options, clock, peers, registry, conversations, log } = rooms;
  if (options.configFile !== null)
    await provisionFrom(options.configFile, peers, rooms.settings, log);
  await conversations.start();
  await rooms.fallback.start();
  log('start: conversations');
  void rooms.relays.relays.start().catch((error: unknown) => log(`relays: ${String(error)}`));
  const stopLinks = startLinks(peers.links(), registry, (id) => watchHealth(services, id), clock);
  void rooms.secrets.recheck();
  void rooms.practice.resume();
  void rooms.relayServer.resume();
  void rooms.reception.reception.start();
  void rooms.agents.agents.start();
  void rooms.ownGateway.detect();
  rooms.desk.resume();
  rooms.unasked.sessions.look();
  rooms.morning.start();
  return stopLinks;
}
