/**
 * The composition root: builds the services, wires them, starts them, and stops them in order. The
 * only place that knows all of them.
 */
import * as os from 'node:os';
import * as path from 'node:path';
import { v7 } from 'uuid';
import * as z from 'zod';
import { systemClock } from '../clock/clock.ts';
import type {
  AppError,
  AppPort,
  ChangeKey,
  LinkId,
  NoticeView,
  WindowEvent,
  WindowFocus,
} from '../contract/index.ts';
import { createConversations } from '../conversations/index.ts';
import { createHealth, networkProbes, pollingNetworkMonitor } from '../health/index.ts';
import { createA2aLink } from '../links/a2a/index.ts';
import { createGatewayLink } from '../links/gateway/index.ts';
import { createNotifications } from '../notifications/index.ts';
import { createPeerBook, describeLinkState } from '../peers/index.ts';
import { openStore } from '../store/store.ts';
import { aboutText } from './about.ts';
import { appCallHandlers } from './app-calls.ts';
import { createAppState, homeId as readHomeId } from './app-state.ts';
import { appView } from './app-view.ts';
import { offerThread, offerWarnings, settleFocused, settlingReads } from './attention.ts';
import {
  capabilityKeeper,
  cardKeeper,
  linkAudience,
  linkListener,
  peerDirectory,
  pinKeeper,
  type Services,
  watchHealth,
} from './bridges.ts';
import { createChangeFeed } from './change-feed.ts';
import { createDevice } from './device.ts';
import { importExport } from './import-export.ts';
import { linkCalls } from './link-calls.ts';
import { linkFactories } from './link-factories.ts';
import { LinkRegistry } from './link-registry.ts';
import { linkSecrets } from './link-secrets.ts';
import { urlOrThrow } from './link-url.ts';
import { openLogFile } from './log-file.ts';
import { noticeActions } from './notice-actions.ts';
import type { AppOptions } from './options.ts';
import { createGatewayDesk } from './own-gateway-desk.ts';
import { createOwnGatewayKeeper } from './own-gateway-keeper.ts';
import { announcer, createPort, type Readers } from './port.ts';
import { createPracticeKeeper } from './practice-keeper.ts';
import { provisionFrom } from './provision.ts';
import { createReceptionKeeper } from './reception-keeper.ts';
import { createSecretsControl } from './secrets-control.ts';
import { tellHealthOfSecrets } from './secrets-fact.ts';
import { createSettings } from './settings.ts';
import { createSetupKeeper } from './setup-keeper.ts';
import { startLinks } from './start-links.ts';
import { createSummary } from './summary.ts';
import { createTailnetKeeper } from './tailnet-keeper.ts';
import { createUpdateBoard } from './update-board.ts';
import { waitingApprovals, waitingOf } from './waiting.ts';

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
  const displayName = displayNameOf(os.hostname());

  const services = (): Services => ({ peers, registry, conversations, health, log });
  const registry = new LinkRegistry({
    secrets: secrets.store,
    homeId,
    prepare: linkFactories({
      clock,
      secrets: secrets.store,
      homeId,
      device,
      displayName,
      appVersion: options.version,
      createGatewayLink,
      createA2aLink,
      record: (linkId) => peers.link(linkId),
      isOwn: (link) => peers.peer(link.peerId)?.own ?? false,
      onPin: pinKeeper(services),
      onCard: cardKeeper(services),
      log,
    }),
    record: (linkId) => peers.link(linkId),
    onCapabilities: capabilityKeeper(services),
    audience: linkAudience(services),
    log,
  });
  const network = pollingNetworkMonitor(clock);
  const tailnet = createTailnetKeeper({
    clock,
    home,
    changed,
    protect: (secret) => redactor.add(secret),
    log,
    place: options.tailscale,
  });
  network.onChange(tailnet.lookSoon);
  const health = createHealth({
    clock,
    changed,
    probes: networkProbes,
    network,
    tailnet: tailnet.tailscale,
    seenChanged: (linkId) => peers.noteLinkState(linkId),
    describe: (linkState, target) => describeLinkState(linkState, { ...target, now: clock.now() }),
    remember: (linkId, outcome) => {
      peers.setOutcome(linkId, outcome).catch((error: unknown) => log(String(error)));
    },
    networkChanged: (up) => {
      if (up) registry.networkBack();
    },
    redact: (text) => redactor.redact(text),
    log,
  });
  const attention = announcer<NoticeView>();
  let focus: WindowFocus = { focused: false, peerId: null, threadId: null };
  const notifications = createNotifications({
    store,
    clock,
    changed,
    focus: () => focus,
    settings: settings.current,
    present: attention.tell,
    perform: noticeActions({
      handlers: () => port.handlers,
      thread: (id) => conversations.threadView(id),
    }),
    log,
  });
  feed.onChange(offerWarnings(notifications, (id) => health.warning(id)));
  const conversations = createConversations({
    store,
    clock,
    changed,
    directory: peerDirectory(services),
    link: (linkId) => registry.link(linkId),
    settings: settings.current,
    attention: (item) => offerThread(notifications, item),
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
    clock,
    home,
    homeId,
    peers,
    registry,
    secrets: secrets.store,
    device,
    state,
    notifications,
    tailnet: tailnet.view,
    protect: (secret) => redactor.add(secret),
    detect: () => void ownGateway.detect(),
    displayName,
    appVersion: options.version,
    changed,
    log,
  });
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
    store,
    clock,
    changed,
    state,
    settings: settings.current,
    tailnet,
    secrets: secrets.store,
    homeId,
    device,
    peers,
    notifications,
    ownGateway: ownGateway.view,
    displayName,
    appVersion: options.version,
    log,
  });
  feed.onChange(reception.hear);
  const setup = createSetupKeeper(state, changed, () => peers.size > 0);
  const summary = createSummary(peers, conversations);
  feed.onChange(summary.note);
  const readers: Readers = {
    app: () =>
      appView({
        version: options.version,
        shell: options.shell,
        home,
        search: store.search,
        provisioned: options.configFile !== null,
        secrets: secrets.view,
        ownGateway: ownGateway.view,
        networkDown: () => health.network() === 'down',
        tray: () => health.tray(summary.statuses()),
        unread: summary.unread,
        peers: () => peers.size,
        setup: setup.view,
        reception: reception.reception.view,
        waiting: () =>
          waitingOf([reception.waiting, desk.waiting, waitingApprovals(health.warnings)]),
        storeNotice: () => trouble ?? store.openNotice,
        update: update.view,
      }),
    settings: settings.current,
    tailnet: tailnet.view,
    gateway: desk.live,
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
    delegations: reception.reception.delegations,
    delegation: reception.reception.delegation,
    invites: reception.reception.invites,
    invite: reception.reception.invite,
  };
  let trouble: AppError | null = null;
  store.onTrouble((error) => {
    trouble = error;
    changed({ type: 'app' });
  });
  const tellSecrets = tellHealthOfSecrets(health);
  secrets.onChange((view) => {
    device.reset();
    tellSecrets(view.error);
    if (view.error === null) {
      registry.secretsReady();
      peers.sweepSecrets().catch((error: unknown) => log(String(error)));
    }
    changed({ type: 'app' });
  });

  const linkOptions = {
    registry,
    device,
    clock,
    displayName,
    appVersion: options.version,
    log,
    protect: (secret: string) => redactor.add(secret),
    retargeted: conversations.linkRetargeted,
  };
  const windowEvents = announcer<WindowEvent>();

  if (options.configFile !== null) await provisionFrom(options.configFile, peers, settings, log);
  await conversations.start();
  log('start: conversations');
  const stopLinks = startLinks(peers.links(), registry, (id) => watchHealth(services, id), clock);
  void secrets.recheck();
  void practice.resume();
  void reception.reception.start();
  void ownGateway.detect();
  desk.resume();

  const port = createPort({
    epoch: v7(),
    handlers: {
      ...appCallHandlers({
        peers,
        conversations,
        health,
        settings,
        secrets,
        practice,
        networkChanged: network.look,
        about: () =>
          aboutText(
            readers.app(),
            peers.links().map((link) => registry.state(link.id)),
          ),
      }),
      ...linkCalls(linkOptions),
      ...peers.handlers,
      'peer.update': async (input, context) => {
        const result = await peers.handlers['peer.update'](input, context);
        // Warnings name the peer.
        for (const link of peers.linksOf(input.peerId)) watchHealth(services, link.id);
        return result;
      },
      ...conversations.handlers,
      ...health.handlers,
      'thread.markRead': settlingReads(notifications, conversations.handlers['thread.markRead']),
      ...notifications.handlers,
      ...ownGateway.handlers,
      ...desk.handlers,
      ...reception.reception.handlers,
      ...setup.handlers,
      ...update.handlers,
      ...tailnet.handlers,
      ...importExport({ clock, peers, hide: (token) => redactor.add(token) }),
    },
    readers,
    feed,
    windowEvents,
    attention,
    setUpdate: update.set,
    setFocus: (now) => {
      focus = now;
      tailnet.noteFocus(now);
      settleFocused(notifications, now);
    },
    windowClosed: conversations.connectionClosed,
    systemWoke: () => clock.wake?.(0),
    networkChanged: network.look,
    log,
    stop: async () => {
      stopLinks();
      await reception.stop();
      tailnet.stop();
      await desk.stop();
      health.stop();
      await registry.stop();
      log('stop: links are closed');
      await conversations.stop();
      await notifications.idle();
      log('stop: conversations are at rest');
      await practice.stop();
      peers.stop();
      secrets.close();
      await store.close();
      clock.stop();
      log('stopped');
      file.close();
    },
  });
  return port;
}
