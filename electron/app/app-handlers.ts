/** The handler of every call of the contract, from the service that owns it. */
import type { AppView, CallHandlers } from '../contract/index.ts';
import { aboutText } from './about.ts';
import { appCallHandlers } from './app-calls.ts';
import { settlingReads } from './attention.ts';
import { boardHandlers } from './board.ts';
import { deviceKeyCalls } from './device-key-calls.ts';
import type { DoorHandlers } from './door-calls.ts';
import { importExport } from './import-export.ts';
import { type LinkCallOptions, linkCalls } from './link-calls.ts';
import type { Rooms } from './rooms.ts';
import { sendBack } from './send-back.ts';
import { skillHandlers } from './skill-calls.ts';

/**
 * Puts the handlers together.
 * @param view the app's own view, for the text about it
 * @param door what agents may do from the control socket
 * @param renamed hears of a peer that may have a new name or pin: warnings and ladders tell them
 */
export function appHandlers(
  rooms: Rooms,
  links: LinkCallOptions,
  view: () => AppView,
  door: DoorHandlers,
  renamed: (peerId: Parameters<CallHandlers['peer.update']>[0]['peerId']) => void,
): CallHandlers {
  const { peers, registry, conversations, health, notifications, redactor } = rooms;
  return {
    ...appCallHandlers({
      peers,
      conversations,
      health,
      settings: rooms.settings,
      secrets: rooms.secrets,
      practice: rooms.practice,
      networkChanged: rooms.network.look,
      about: () =>
        aboutText(
          view(),
          peers.links().map((link) => registry.state(link.id)),
        ),
    }),
    ...linkCalls(links),
    ...deviceKeyCalls({
      ...links,
      peers,
      renew: async (link) => {
        await registry.renew(link, false);
        renamed(link.peerId);
      },
    }),
    ...peers.handlers,
    'peer.update': async (input, context) => {
      const result = await peers.handlers['peer.update'](input, context);
      renamed(input.peerId);
      return result;
    },
    ...conversations.handlers,
    ...health.handlers,
    'thread.markRead': settlingReads(notifications, conversations.handlers['thread.markRead']),
    ...notifications.handlers,
    ...rooms.ownGateway.handlers,
    ...rooms.desk.handlers,
    ...rooms.reception.reception.handlers,
    'delegation.sendBack': sendBack({
      ...rooms.reception.reception.handlers,
      ...conversations.handlers,
    }),
    ...rooms.unasked.sessions.handlers,
    ...rooms.morning.handlers,
    ...boardHandlers({
      reception: rooms.reception.reception,
      conversations,
      peers,
      unasked: rooms.unasked.book,
      freshen: (limitMs) => registry.freshenCards(limitMs),
      now: rooms.clock.now,
    }),
    ...rooms.agents.agents.handlers,
    ...skillHandlers(rooms.options.command ?? null),
    ...rooms.fallback.handlers,
    ...door,
    ...rooms.relays.relays.handlers,
    ...rooms.setup.handlers,
    ...rooms.update.handlers,
    ...rooms.tailnet.handlers,
    ...rooms.relayServer.handlers,
    ...importExport({
      clock: rooms.clock,
      peers,
      relays: rooms.relays.relays,
      hide: (token) => redactor.add(token),
    }),
  };
}
