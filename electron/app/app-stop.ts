/** The end of the app, in order: who sends first, then who writes, then what is written to. */
import type { Rooms } from './rooms.ts';

/**
 * Stops everything. Resolves when all is written and closed.
 * @param stopLinks ends links that wait for their turn to begin
 */
export async function stopRooms(rooms: Rooms, stopLinks: () => void): Promise<void> {
  const { log } = rooms;
  stopLinks();
  await rooms.reception.stop();
  await rooms.agents.agents.stop();
  await rooms.relayServer.stop();
  rooms.tailnet.stop();
  rooms.morning.stop();
  rooms.unasked.sessions.stop();
  await rooms.desk.stop();
  rooms.health.stop();
  await rooms.relays.relays.stop();
  await rooms.registry.stop();
  await rooms.fallback.stop();
  log('stop: links are closed');
  await rooms.conversations.stop();
  await rooms.notifications.idle();
  log('stop: conversations are at rest');
  await rooms.practice.stop();
  rooms.peers.stop();
  rooms.secrets.close();
  await rooms.store.close();
  rooms.clock.stop();
  log('stopped');
  rooms.file.close();
}
