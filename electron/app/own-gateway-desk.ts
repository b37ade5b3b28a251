/** The own gateway's page, from behind: looks, plans, changes, devices, and the watch for new ones. */
import * as z from 'zod';
import type { Clock } from '../clock/clock.ts';
import {
  appError,
  type CallHandlers,
  type ChangeSink,
  fail,
  type GatewayLive,
  ok,
  placeText,
  type TailnetView,
  type WaitingView,
} from '../contract/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import { type OwnerOf, runAudit, runProgram } from '../setup/index.ts';
import type { AppState } from './app-state.ts';
import type { Device } from './device.ts';
import type { LinkRegistry } from './link-registry.ts';
import { createAdminDoor } from './own-gateway-admin.ts';
import { createGatewayChanges, type GatewayChangeParts } from './own-gateway-changes.ts';
import { newGatewayCode } from './own-gateway-code.ts';
import { deviceHandlers } from './own-gateway-devices.ts';
import { createGatewayLook } from './own-gateway-look.ts';
import { createPairingWatcher } from './own-gateway-watch.ts';
import { receptionDeviceId } from './reception-device.ts';

type Handlers = Pick<
  CallHandlers,
  Exclude<
    Extract<keyof CallHandlers, `ownGateway.${string}`>,
    'ownGateway.detect' | 'ownGateway.connect' | 'ownGateway.readAgain'
  >
>;

/** All that the page of the own gateway does, and what it shows while it is open. */
export interface GatewayDesk {
  readonly handlers: Handlers;
  live(): GatewayLive;
  /** The devices that ask, as things that wait for the person. */
  waiting(): readonly WaitingView[];
  /** A code with which one device may ask to be let in; who asks is watched for from then on. */
  code(): Promise<string>;
  /** Goes on watching where the person said so before. */
  resume(): void;
  /** The machine woke, or the network is back. */
  tryNow(): void;
  stop(): Promise<void>;
}

/** What the page needs of its neighbours. `protect` makes a secret known to the redactor. */
export interface GatewayDeskOptions {
  readonly clock: Clock;
  readonly home: string;
  readonly homeId: string;
  readonly peers: PeerBook;
  readonly registry: Pick<LinkRegistry, 'state'>;
  readonly secrets: SecretStore;
  readonly device: Device;
  readonly state: AppState;
  readonly notifications: Pick<Notifications, 'offer' | 'settle'>;
  readonly tailnet: () => TailnetView;
  readonly protect: GatewayChangeParts['protect'];
  readonly detect: GatewayChangeParts['detect'];
  readonly displayName: string;
  readonly appVersion: string;
  readonly changed: ChangeSink;
  readonly log: (line: string) => void;
}

const SUBJECT = 'own-gateway:requests';
const WATCH_STATE = 'own_gateway_watch';

/** Builds the desk. */
export function createGatewayDesk(options: GatewayDeskOptions): GatewayDesk {
  const { clock, notifications, state, log } = options;
  const changed = (): void => options.changed({ type: 'gateway' });
  const look = createGatewayLook(clock);
  const door = createAdminDoor(options);
  const ownerOf = ownerIn(options.tailnet);
  const watcher = createPairingWatcher({
    clock,
    door,
    ownerOf,
    changed: () => {
      changed();
      // What waits for the person is told with the app.
      options.changed({ type: 'app' });
    },
    log,
    notices: {
      ask: (newest, all) =>
        notifications.offer({
          kind: 'problem',
          subject: SUBJECT,
          title: all > 1 ? `${all} devices ask to be let in` : `${newest.name} asks to be let in`,
          text: `${newest.name} at ${newest.address ?? 'this machine'} asks: ${newest.scopes
            .map((scope) => scope.words)
            .join('; ')}. See Own gateway.`,
          to: placeText({ kind: 'own_gateway' }),
          peerId: null,
          threadId: null,
          messageId: null,
          muted: false,
          actions:
            all > 1
              ? []
              : [
                  {
                    kind: 'call',
                    id: 'decline',
                    label: 'Decline',
                    call: 'ownGateway.reject',
                    input: { requestId: newest.requestId },
                  },
                ],
        }),
      over: () => notifications.settle(SUBJECT),
    },
  });

  const { tasks, handlers } = createGatewayChanges({
    ...options,
    updateLink: async (linkId, changes) =>
      options.peers.handlers['link.update'](
        { linkId, changes },
        { door: 'window', connectionId: 'own-gateway', signal: new AbortController().signal },
      ),
    look,
    door,
    changed,
    detect: () => {
      options.detect();
      watcher.tryNow();
    },
    // Whoever asks then waits for the person, who would see it only by looking.
    opened: () => void setWatch(true).catch((error: unknown) => log(`watching: ${String(error)}`)),
  });

  const setWatch = async (on: boolean): Promise<void> => {
    await state.set(WATCH_STATE, on);
    if (on) watcher.start();
    else watcher.stop();
    if (!on) notifications.settle(SUBJECT);
  };

  return {
    live: () => ({ ...watcher.view(), task: tasks.view }),
    waiting: () =>
      watcher.view().pending.map((one) => ({
        kind: 'approval',
        id: one.requestId,
        title: `${one.name} asks to be let in`,
        to: placeText({ kind: 'own_gateway' }),
      })),
    code: async () => {
      const code = await newGatewayCode(door);
      options.protect(code);
      await setWatch(true);
      return code;
    },
    resume: () => {
      if (state.get(WATCH_STATE, z.boolean()) === true) watcher.start();
    },
    tryNow: watcher.tryNow,
    stop: async () => {
      watcher.stop();
      await tasks.end();
    },
    handlers: {
      'ownGateway.status': async () => ok(await look.status()),
      'ownGateway.exposure': async () => ok(await look.exposure()),
      'ownGateway.firewall': async () => ok(await look.firewall()),
      'ownGateway.watchRequests': async ({ watch }) => {
        await setWatch(watch);
        return ok({});
      },
      ...deviceHandlers({
        door,
        ownerOf,
        ours: async () => {
          const [found, reception] = await Promise.all([
            options.device.get(),
            receptionDeviceId(options.secrets, options.homeId),
          ]);
          return { link: found.kind === 'ready' ? found.signer.deviceId : null, reception };
        },
      }),
      'ownGateway.audit': async () => {
        const program = await look.program();
        if (program === null)
          return fail(
            appError('own_gateway.program_missing', 'The audit is a command of OpenClaw.'),
          );
        const findings = await runAudit(runProgram, program);
        return findings.ok ? ok({ findings: findings.value, checkedAt: clock.now() }) : findings;
      },
      ...handlers,
    },
  };
}

/** Whose machine an address is, as far as the tailnet has told. */
const ownerIn =
  (tailnet: () => TailnetView): OwnerOf =>
  (address) => {
    const { state } = tailnet();
    if (state.kind !== 'running') return null;
    const found = [state.self, ...state.peers].find((node) => node.addresses.includes(address));
    return found ? { machine: found.name, login: found.owner?.login ?? null } : null;
  };
