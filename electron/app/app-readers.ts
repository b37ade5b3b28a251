/** Everything that a window can be shown, each value drawn from the service that owns it. */
import { appView } from './app-view.ts';
import type { Readers } from './port.ts';
import type { Rooms } from './rooms.ts';
import { waitingApprovals, waitingOf } from './waiting.ts';

/** Builds the readers. */
export function appReaders(rooms: Rooms): Readers {
  const { options, store, peers, conversations, health, notifications } = rooms;
  const { desk, summary } = rooms;
  const { reception } = rooms.reception;
  const waiting = [
    rooms.agents.waiting,
    rooms.reception.waiting,
    desk.waiting,
    waitingApprovals(health.warnings),
  ];
  return {
    app: () =>
      appView({
        version: options.version,
        shell: options.shell,
        home: options.home,
        search: store.search,
        provisioned: options.configFile !== null,
        secrets: rooms.secrets.view,
        ownGateway: rooms.ownGateway.view,
        networkDown: () => health.network() === 'down',
        tray: () => health.tray(summary.statuses()),
        unread: summary.unread,
        peers: () => peers.size,
        setup: rooms.setup.view,
        reception: reception.view,
        waiting: () => waitingOf(waiting),
        storeNotice: () => rooms.storeTrouble() ?? store.openNotice,
        update: rooms.update.view,
      }),
    settings: rooms.settings.current,
    tailnet: rooms.tailnet.view,
    gateway: desk.live,
    relays: rooms.relays.relays.view,
    peers: peers.rows,
    peer: peers.row,
    detail: peers.detail,
    thread: conversations.threadView,
    message: conversations.messageView,
    ladder: health.ladder,
    warnings: health.warnings,
    warning: health.warning,
    notices: notifications.list,
    notice: notifications.noticeView,
    delegations: reception.delegations,
    delegation: reception.delegation,
    unasked: rooms.unasked.book.open,
    unaskedOne: rooms.unasked.book.view,
    outgoing: conversations.outgoing.open,
    outgoingOne: conversations.outgoing.view,
    invites: reception.invites,
    invite: reception.invite,
    knowledge: conversations.broadcasts.heard,
    groups: conversations.broadcasts.groups,
    group: conversations.broadcasts.group,
    broadcasts: conversations.broadcasts.newest,
    broadcast: conversations.broadcasts.view,
    broadcastRow: conversations.broadcasts.row,
    requests: rooms.agents.agents.waiting,
    request: (id) => {
      const request = rooms.agents.agents.view(id);
      return request?.state === 'waiting' ? request : null;
    },
  };
}
