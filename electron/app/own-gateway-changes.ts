/** Changing the own gateway: how it listens, a file put back, a new token. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { v7 } from 'uuid';
import * as z from 'zod';
import type { Clock } from '../clock/clock.ts';
import {
  appError,
  type CallHandlers,
  type CredentialInput,
  codedError,
  fail,
  type LinkId,
  ok,
  type Result,
  type RotatedLink,
} from '../contract/index.ts';
import type { PeerBook } from '../peers/index.ts';
import {
  type BindWish,
  changeBind,
  changeSecret,
  createBackups,
  draftBind,
  GatewayTasks,
  type HeldPlan,
  hashOf,
  isLoopback,
  lastObject,
  ownAddresses,
  readOwnCredential,
  replaceFile,
  restoreFile,
  runProgram,
} from '../setup/index.ts';
import type { LinkRegistry } from './link-registry.ts';
import { type AdminDoor, loopbackUrl } from './own-gateway-admin.ts';
import type { GatewayLook } from './own-gateway-look.ts';

type ChangeHandlers = Pick<
  CallHandlers,
  | 'ownGateway.planBind'
  | 'ownGateway.applyBind'
  | 'ownGateway.cancelTask'
  | 'ownGateway.dismissTask'
  | 'ownGateway.backups'
  | 'ownGateway.restoreBackup'
  | 'ownGateway.rotateToken'
>;

/** What changing needs of the rest. */
export interface GatewayChangeParts {
  readonly clock: Clock;
  readonly home: string;
  readonly peers: Pick<PeerBook, 'peer'>;
  readonly registry: Pick<LinkRegistry, 'state'>;
  readonly look: GatewayLook;
  readonly door: AdminDoor;
  /** Keeps logs clean of a secret. */
  readonly protect: (secret: string) => void;
  /** Changes a link of ours, as its own call does. */
  readonly updateLink: (
    linkId: LinkId,
    changes: { url?: string; credential?: CredentialInput },
  ) => Promise<Result<unknown>>;
  /** Others can reach the gateway from now on. */
  readonly opened: () => void;
  /** The file changed: it is to be looked at anew. */
  readonly detect: () => void;
  readonly changed: () => void;
  readonly log: (line: string) => void;
}

const RESTART_LIMIT_MS = 120_000;
const CANCELLED =
  'Peerage stopped waiting. The setting is written, and takes effect when the gateway is started anew.';

const Config = z.object({ hash: z.string().min(1), path: z.string() });
const Info = z.object({ pid: z.number() });

/** Builds the calls that change something, and the tasks behind them. */
export function createGatewayChanges(parts: GatewayChangeParts): {
  readonly handlers: ChangeHandlers;
  readonly tasks: GatewayTasks;
} {
  const { clock, peers, registry, look, door, changed, log } = parts;
  const plans = new Map<string, HeldPlan>();

  const tasks = new GatewayTasks({
    clock,
    backups: createBackups(path.join(parts.home, 'openclaw-backups')),
    admin: () => door.open(['operator.admin']),
    readConfig: (file) => readFile(file),
    replaceConfig: replaceFile,
    measure: look.exposure,
    ready: look.ready,
    process: async () => {
      const pid = await look.pid();
      if (pid !== null) return String(pid);
      return door
        .within([], (admin) => admin.request('system.info', {}))
        .then((info) => String(Info.parse(info).pid))
        .catch(() => null);
    },
    restartService: async () => {
      const program = await look.program();
      if (program === null)
        throw codedError('own_gateway.program_missing', 'It restarts the service.');
      const ran = await runProgram(program, ['gateway', 'restart', '--json'], RESTART_LIMIT_MS);
      if (ran.code === 0) return;
      const said = z
        .object({ error: z.object({ message: z.string() }) })
        .safeParse(lastObject(ran.stdout));
      throw codedError(
        'own_gateway.program_failed',
        said.success ? said.data.error.message.slice(0, 500) : 'openclaw gateway restart failed.',
      );
    },
    changed,
    log,
  });
  const { world } = tasks;

  const plan = async (wish: BindWish) => {
    const { settings, place, elsewhere } = await look.settings();
    if (elsewhere) throw codedError('own_gateway.elsewhere', `${place.configPath} says so.`);
    const bytes = await readFile(place.configPath);
    const [exposure, keeper, config] = await Promise.all([
      look.exposure(),
      look.keeper(),
      door.within([], (admin) => admin.request('config.get', {})),
    ]);
    const { hash, path: used } = Config.parse(config);
    if (path.resolve(used) !== path.resolve(place.configPath))
      throw codedError('own_gateway.another', `The one that runs uses ${used}.`);
    const draft = draftBind(wish, { settings, exposure, keeper, addresses: ownAddresses() });
    if (!draft.ok) return draft;
    const view = {
      ...draft.value.plan,
      planId: v7(),
      baseHash: hash,
      configPath: place.configPath,
    };
    plans.clear();
    plans.set(view.planId, { view, patch: draft.value.patch, fileHash: hashOf(bytes) });
    return ok(view);
  };

  /** A link of ours that used an address which is closed now goes on over loopback. */
  const followLinks = async (): Promise<void> => {
    const [{ settings }, found] = await Promise.all([look.settings(), readOwnCredential()]);
    for (const link of door.links()) {
      const { hostname } = new URL(link.url);
      if (isLoopback(hostname) || hostname === 'localhost') continue;
      const seen = tasks.view?.exposure?.addresses.find((one) => one.address === hostname);
      if (seen?.state !== 'closed') continue;
      const changes = {
        url: loopbackUrl(settings),
        ...(found.ok ? { credential: found.value.credential } : {}),
      };
      const moved = await parts.updateLink(link.id, changes);
      if (!moved.ok) log(`a link did not follow its gateway: ${moved.error.detail}`);
    }
  };

  const rotate = async (): Promise<Result<Record<string, never>>> => {
    const { settings, place, elsewhere, secret } = await look.settings();
    if (elsewhere) throw codedError('own_gateway.elsewhere', `${place.configPath} says so.`);
    const known =
      settings.auth === 'token' || settings.auth === 'password' || settings.auth === 'none';
    if (!known || secret === 'reference')
      return fail(
        appError(
          'own_gateway.secret_elsewhere',
          known
            ? 'The configuration only names where it is.'
            : `The gateway checks people by “${settings.auth}” and not by a token.`,
        ),
      );
    const mode = settings.auth === 'password' ? 'password' : 'token';
    const keeper = await look.keeper();
    const value = randomBytes(32).toString('base64url');
    parts.protect(value);
    const isUp = (id: LinkId): boolean => ['online', 'degraded'].includes(registry.state(id).kind);
    const before = door.links().filter((link) => isUp(link.id));
    const seen = (): RotatedLink[] =>
      before.map((link) => {
        const { kind } = registry.state(link.id);
        const connected = isUp(link.id);
        return {
          peerId: link.peerId,
          linkId: link.id,
          name: peers.peer(link.peerId)?.name ?? 'A removed peer',
          connected,
          text: connected ? 'Connected' : kind.replaceAll('_', ' '),
        };
      });
    tasks.begin(
      'rotate_token',
      null,
      (run) =>
        changeSecret(
          world,
          {
            configPath: place.configPath,
            mode,
            secret: value,
            byService: keeper.kind === 'service',
            handOut: async () => {
              for (const link of door.links()) {
                const given = await parts.updateLink(link.id, {
                  credential: { kind: mode, value },
                });
                if (!given.ok) log(`a link did not get the new token: ${given.error.detail}`);
              }
              parts.detect();
            },
            links: seen,
          },
          run,
        ),
      CANCELLED,
    );
    return ok({});
  };

  return {
    tasks,
    handlers: {
      'ownGateway.planBind': plan,
      'ownGateway.applyBind': ({ planId }) => {
        const held = plans.get(planId);
        if (!held)
          return fail(appError('own_gateway.plan_gone', 'It was replaced or carried out.'));
        tasks.begin(
          'bind',
          planId,
          async (run) => {
            const end = await changeBind(world, held, run).finally(parts.detect);
            await followLinks();
            if (held.view.choice !== 'loopback') parts.opened();
            return end;
          },
          CANCELLED,
        );
        plans.delete(planId);
        return ok({});
      },
      'ownGateway.cancelTask': () => {
        tasks.cancel();
        return ok({});
      },
      'ownGateway.dismissTask': () => {
        tasks.dismiss();
        return ok({});
      },
      'ownGateway.backups': async () => ok({ backups: await world.backups.list() }),
      'ownGateway.restoreBackup': async ({ backupId }) => {
        const keeper = await look.keeper();
        tasks.begin(
          'restore',
          null,
          (run) =>
            restoreFile(world, backupId, keeper.kind === 'service', run).finally(parts.detect),
          CANCELLED,
        );
        return ok({});
      },
      'ownGateway.rotateToken': rotate,
    },
  };
}
