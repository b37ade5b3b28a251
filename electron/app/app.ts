/**
 * The composition root: builds the services, wires them, starts them, and stops them in order. The
 * only place that knows all of them.
 */
import * as os from 'node:os';
import * as path from 'node:path';
import { v7 } from 'uuid';
import * as z from 'zod';
import { systemClock } from '../clock/clock.ts';
import type { AppPort, ChangeKey, LinkId, WindowEvent } from '../contract/index.ts';
import { createConversations } from '../conversations/index.ts';
import { createFallback } from '../fallback/index.ts';
import { pollingNetworkMonitor } from '../health/index.ts';
import { createPeerBook } from '../peers/index.ts';
import { openStore } from '../store/store.ts';
import { createAgentDesk } from './agent-desk.ts';
import { appHandlers } from './app-handlers.ts';
import { appHealth } from './app-health.ts';
import { appLinks } from './app-links.ts';
import { appNotices } from './app-notices.ts';
import { appReaders } from './app-readers.ts';
import { startRooms } from './app-start.ts';
import { createAppState, homeId as readHomeId } from './app-state.ts';
import { stopRooms } from './app-stop.ts';
import { offerThread, offerWarnings } from './attention.ts';
import { linkListener, peerDirectory, type Services, watchHealth } from './bridges.ts';
import { createChangeFeed } from './change-feed.ts';
import { createDevice } from './device.ts';
import { doorHandlers } from './door-calls.ts';
import { heardBroadcasts } from './heard-broadcasts.ts';
import { linkSecrets } from './link-secrets.ts';
import { urlOrThrow } from './link-url.ts';
import { openLogFile } from './log-file.ts';
import { createMorningStatus } from './morning-status.ts';
import type { AppOptions } from './options.ts';
import { createGatewayDesk } from './own-gateway-desk.ts';
import { createOwnGatewayKeeper } from './own-gateway-keeper.ts';
import { announcer, createPort } from './port.ts';
import { createPracticeKeeper } from './practice-keeper.ts';
import { createReceptionKeeper } from './reception-keeper.ts';
import { createRelayKeeper } from './relay-keeper.ts';
import { createRelayServerKeeper } from './relay-server-keeper.ts';
import type { Rooms } from './rooms.ts';
import { createSecretsControl } from './secrets-control.ts';
import { followSecrets } from './secrets-fact.ts';
import { createSettings } from './settings.ts';
import { createSetupKeeper } from './setup-keeper.ts';
import { watchStore } from './store-trouble.ts';
import { createSummary } from './summary.ts';
import { createTailnetKeeper } from './tailnet-keeper.ts';
import { createUnaskedKeeper } from './unasked-keeper.ts';
import { createUpdateBoard } from './update-board.ts';

/** The name under which peers see this app in their device lists. */
const displayNameOf = (hostname: string): string => `Peerage on ${hostname}`.slice(0, 80);

/**
 * Opens the home and starts everything. Connections begin after this resolved, so that the first
 * snapshot never waits for them.
 * @throws CodedError store.newer_version, store.not_writable, store.disk_full, setup.config_invalid
 */
export async function createApp(options: AppOptions): Promise<AppPort> {
  const { home, redactor } = options;
  process.umask(0o077);
  const clock = options.clock ?? systemClock();
  const file = openLogFile(home, clock.now, (text) => redactor.redact(text));
  const log = (line: string): void => {
    file.write(line);
    options.log(line);
  };
  const store = openStore(home, clock.now());
  log('start: store');
  const feed = createChangeFeed(log);
  const changed = (key: ChangeKey): void => {
    feed.changed(key);
    // Unread counts and the tray state are drawn from the rows; health tells of its warnings itself.
    if (key.type === 'peer') feed.changed({ type: 'app' });
  };
  const state = createAppState(store);
  const homeId = await readHomeId(state, z.uuid());
  const settings = createSettings(store, changed, log);
  const update = createUpdateBoard(changed);
  const secrets = createSecretsControl({
    redactor,
    spawnChild: options.keychainChild,
    folder: options.secretsFolder,
    refOfLink: (linkId) => refOf(linkId),
  });
  const device = createDevice(secrets, state, homeId, log);

  const services = (): Services => ({
    peers,
    registry,
    conversations,
    health,
    relays: relays.relays,
    log,
  });
  const protect = (secret: string): void => redactor.add(secret);
  /** What everything needs that speaks to another machine. */
  const basics = {
    clock,
    secrets: secrets.store,
    homeId,
    device,
    displayName: displayNameOf(os.hostname()),
    appVersion: options.version,
    log,
  };
  const registry = appLinks(services, basics);
  const network = pollingNetworkMonitor(clock);
  const tailnet = createTailnetKeeper({
    clock,
    home,
    changed,
    protect,
    log,
    place: options.tailscale,
  });
  network.onChange(tailnet.lookSoon);
  const health = appHealth(services, {
    ...{ clock, changed, network, log },
    tailnet: tailnet.tailscale,
    redact: (text) => redactor.redact(text),
  });
  const notices = appNotices({
    ...{ store, clock, changed, log },
    settings: settings.current,
    handlers: () => port.handlers,
    thread: (id) => conversations.threadView(id),
  });
  const { notifications } = notices;
  feed.onChange(offerWarnings(notifications, (id) => health.warning(id)));
  const conversations = createConversations({
    store,
    clock,
    changed,
    directory: peerDirectory(services),
    link: (linkId) => registry.link(linkId),
    settings: settings.current,
    attention: (item) => offerThread(notifications, item),
    chains: () => reception.reception.chains,
    attachmentsFolder: path.join(home, 'attachments'),
    log,
  });
  const peers = createPeerBook({
    store,
    clock,
    changed,
    secrets: linkSecrets(secrets.store, homeId),
    links: linkListener(services),
    live: {
      linkState: (linkId) => health.seen(linkId, registry.state(linkId)),
      totals: (peerId) => conversations.peerTotal(peerId),
    },
    normaliseUrl: urlOrThrow,
    purging: (peerId) => conversations.purgePeer(peerId),
  });
  const refOf = (linkId: string): string | undefined =>
    peers.link(linkId as LinkId)?.secretRef ?? undefined;

  const ownGateway = createOwnGatewayKeeper(peers, changed, log);
  const desk = createGatewayDesk({
    ...basics,
    home,
    peers,
    registry,
    state,
    notifications,
    tailnet: tailnet.view,
    protect,
    detect: () => void ownGateway.detect(),
    changed,
  });
  const relayServer = createRelayServerKeeper({ ...basics, home, state });
  const practice = createPracticeKeeper({
    clock,
    peers,
    state,
    secrets: secrets.store,
    homeId,
    reconnect: (linkId) => registry.reconnect(linkId),
    log,
  });

  const reception = createReceptionKeeper({
    ...basics,
    store,
    changed,
    state,
    settings: settings.current,
    tailnet,
    peers,
    notifications,
    ownGateway: ownGateway.view,
    desk,
  });
  feed.onChange(reception.hear);
  const unasked = createUnaskedKeeper({
    ...basics,
    store,
    state,
    changed,
    peers,
    conversations,
    notifications,
  });
  feed.onChange(unasked.hear);
  const morning = createMorningStatus({ clock, log, state, peers, conversations, notifications });
  const agents = createAgentDesk({
    ...{ store, clock, changed, settings: settings.current, peers, conversations },
    ...{ notifications, handlers: () => port.handlers, log },
  });
  const fallback = createFallback({
    ...{ store, clock, log, outbox: conversations.handOff },
    peerName: (peerId) => peers.peer(peerId)?.name ?? null,
  });
  feed.onChange(heardBroadcasts(conversations, reception.reception.handlers, log));
  const relays = createRelayKeeper({
    ...basics,
    store,
    changed,
    settings: settings.current,
    peers,
    notifications,
    conversations,
    reception: reception.reception,
    protect,
  });
  feed.onChange(relays.hear);
  const setup = createSetupKeeper(state, changed, () => peers.size > 0);
  const summary = createSummary(peers, conversations);
  feed.onChange(summary.note);
  const storeTrouble = watchStore(store, changed);
  const rooms: Rooms = {
    options,
    clock,
    redactor,
    store,
    network,
    settings,
    secrets,
    peers,
    registry,
    conversations,
    health,
    notifications,
    tailnet,
    ownGateway,
    desk,
    reception,
    unasked,
    morning,
    agents,
    relays,
    fallback,
    practice,
    relayServer,
    setup,
    summary,
    update,
    storeTrouble,
    file,
    log,
  };
  const readers = appReaders(rooms);
  followSecrets(rooms, device, changed);

  const linkOptions = {
    ...basics,
    registry,
    protect,
    retargeted: conversations.linkRetargeted,
  };
  const windowEvents = announcer<WindowEvent>();
  const door = doorHandlers({ ...basics, rooms, feed, view: readers.app });

  const stopLinks = await startRooms(rooms, services);

  const port = createPort({
    epoch: v7(),
    handlers: appHandlers(rooms, linkOptions, readers.app, door, (peerId) => {
      for (const link of peers.linksOf(peerId)) watchHealth(services, link.id);
    }),
    readers,
    feed,
    windowEvents,
    attention: notices.attention,
    setUpdate: update.set,
    setFocus: notices.setFocus,
    setSeen: tailnet.noteSeen,
    windowClosed: conversations.connectionClosed,
    systemWoke: () => clock.wake?.(0),
    networkChanged: network.look,
    log,
    stop: () => stopRooms(rooms, stopLinks),
  });
  return port;
}
