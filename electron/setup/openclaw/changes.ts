/** The changes themselves: how the gateway listens, a file put back, a new token. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import {
  type BindPlan,
  CodedError,
  codedError,
  type GatewayExposure,
  type RotatedLink,
} from '../../contract/index.ts';
import { matches } from './bind-plan.ts';
import { type TaskEnd, TaskFailure, type TaskRun, type TaskWorld } from './tasks.ts';

/** A gateway is back 8 to 10 s after a restart of its own; slow machines take longer. */
const BACK_LIMIT_MS = 90_000;
/** How long it may go on answering before it goes down for a restart of its own. */
const GOES_LIMIT_MS = 15_000;
const LOOK_MS = 1_000;
const PERSON_LOOK_MS = 2_000;
/** How long we wait for a person to restart it by hand. */
const PERSON_LIMIT_MS = 30 * 60_000;

/** A plan with what carrying it out needs. */
export interface HeldPlan {
  readonly view: BindPlan;
  readonly patch: Record<string, unknown>;
  /** SHA-256 of the file when the plan was drawn up. */
  readonly fileHash: string;
}

/** SHA-256, hex. */
export const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const Patched = z.object({
  sentinel: z.object({
    payload: z.object({ stats: z.object({ requiresRestart: z.boolean() }) }),
  }),
});

/** Carries a plan out: back up, write, restart, prove; and the former file back where it fails. */
export async function changeBind(world: TaskWorld, plan: HeldPlan, run: TaskRun): Promise<TaskEnd> {
  const { view } = plan;
  const before = await backUp(world, view.configPath, plan.fileHash);
  const former = await world.process();
  let restarts = false;
  if (Object.keys(plan.patch).length > 0) {
    run.say({ kind: 'writing' });
    restarts = await write(world, plan.patch, view.baseHash);
  }
  const undo = () => putBack(world, view.configPath, before, plan, run);
  try {
    if (restarts) await ownRestart(world, run);
    run.say({ kind: 'proving' });
    let seen = await world.measure();
    if (!matches(view.afterwards, seen) && view.restartBy === 'service') {
      run.say({ kind: 'restarting' });
      await world.restartService();
      await comesBack(world, run);
      run.say({ kind: 'proving' });
      seen = await world.measure();
    }
    if (!matches(view.afterwards, seen) && view.restartBy !== 'service')
      seen = await personRestarts(world, plan, former, run);
    run.show({ exposure: seen });
    if (!matches(view.afterwards, seen)) throw notAsPlanned(view, seen);
    return { text: seen.summary, exposure: seen };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw new TaskFailure(error.error, await undo());
  }
}

/** Reads the file, makes sure that it is the one the plan was drawn up for, and keeps it. */
async function backUp(
  world: TaskWorld,
  configPath: string,
  expected: string | null,
): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await world.readConfig(configPath);
  } catch {
    throw codedError('own_gateway.backup_failed', `${configPath} cannot be read.`);
  }
  if (expected !== null && hashOf(bytes) !== expected)
    throw codedError(
      'own_gateway.config_changed',
      `${configPath} is not as it was when you looked.`,
    );
  try {
    await world.backups.keep(configPath, bytes, world.clock.now());
  } catch (error) {
    throw codedError('own_gateway.backup_failed', error instanceof Error ? error.message : '');
  }
  return bytes;
}

/** Writes by the gateway's own hand; true where it restarts by itself because of it. */
async function write(
  world: TaskWorld,
  patch: Record<string, unknown>,
  baseHash: string,
): Promise<boolean> {
  const admin = await world.admin();
  try {
    const raw = JSON.stringify(patch);
    const answer = await admin.request('config.patch', { raw, baseHash }, 30_000);
    const parsed = Patched.safeParse(answer);
    return !parsed.success || parsed.data.sentinel.payload.stats.requiresRestart;
  } catch (error) {
    throw error instanceof CodedError ? explained(error) : error;
  } finally {
    await admin.close();
  }
}

/** A refused `config.patch`, by what OpenClaw 2026.9.6 says. */
function explained(error: CodedError): CodedError {
  const { detail, code } = error.error;
  if (code !== 'own_gateway.failed') return error;
  if (/base hash|changed since last load/i.test(detail))
    return codedError('own_gateway.config_changed', 'OpenClaw has another version of it by now.');
  return codedError('own_gateway.config_invalid', detail);
}

/** It announces its restart, goes, and comes back. In-process it keeps the sockets that it had. */
async function ownRestart(world: TaskWorld, run: TaskRun): Promise<void> {
  run.say({ kind: 'restarting' });
  const goesUntil = world.clock.monotonic() + GOES_LIMIT_MS;
  while ((await world.ready()) && world.clock.monotonic() < goesUntil) await run.pause(LOOK_MS / 4);
  await comesBack(world, run);
}

async function comesBack(world: TaskWorld, run: TaskRun): Promise<void> {
  run.say({ kind: 'coming_back' });
  const until = world.clock.monotonic() + BACK_LIMIT_MS;
  while (!(await world.ready())) {
    if (world.clock.monotonic() > until)
      throw codedError('own_gateway.not_back', 'It was not ready within 90 s.');
    await run.pause(LOOK_MS);
  }
}

/** Goes on by itself once what answers is as planned, or another process does. */
async function personRestarts(
  world: TaskWorld,
  { view }: HeldPlan,
  former: string | null,
  run: TaskRun,
): Promise<GatewayExposure> {
  const until = world.clock.now() + PERSON_LIMIT_MS;
  run.say({
    kind: 'waiting_for_person',
    text: 'The setting is written. The gateway takes it up only in a new process: end it where it runs (Ctrl+C in its terminal), and start it again.',
    command: view.restartCommand,
    until,
  });
  for (;;) {
    await run.pause(PERSON_LOOK_MS);
    if (world.clock.now() > until)
      throw codedError('own_gateway.not_as_planned', 'It was not restarted within half an hour.');
    if (!(await world.ready())) continue;
    const seen = await world.measure();
    if (matches(view.afterwards, seen)) return seen;
    const now = await world.process();
    if (former === null || now === null || now === former) continue;
    // A fresh process may take its second socket a moment after it is ready.
    await run.pause(PERSON_LOOK_MS);
    return world.measure();
  }
}

function notAsPlanned(plan: BindPlan, seen: GatewayExposure): CodedError {
  const wrong = seen.addresses.filter((one) => {
    const open = plan.afterwards.find((entry) => entry.address === one.address)?.open ?? false;
    return one.address !== '::1' && open !== (one.state === 'open');
  });
  const words = wrong.map((one) => `${one.address} is ${one.state === 'open' ? 'open' : 'closed'}`);
  return codedError('own_gateway.not_as_planned', `${words.join(', ')}.`);
}

/** The former file, and a restart where the service manager can do it. True once it stands there. */
async function putBack(
  world: TaskWorld,
  configPath: string,
  bytes: Buffer,
  plan: HeldPlan,
  run: TaskRun,
): Promise<boolean> {
  run.say({ kind: 'restoring' });
  // Another hand may have written since, while a person was waited for: that is not lost either.
  await world
    .readConfig(configPath)
    .then((now) => world.backups.keep(configPath, now, world.clock.now()))
    .catch((error: unknown) => world.log(`what stood there last was not kept: ${String(error)}`));
  try {
    await world.replaceConfig(configPath, bytes);
  } catch (error) {
    world.log(`the configuration was not put back: ${String(error)}`);
    return false;
  }
  if (plan.view.restartBy === 'service')
    await world.restartService().catch((error: unknown) => world.log(String(error)));
  return true;
}

/** Puts a backup back; what stands there now is backed up first. */
export async function restoreFile(
  world: TaskWorld,
  backupId: string,
  byService: boolean,
  run: TaskRun,
): Promise<TaskEnd> {
  const found = await world.backups.read(backupId);
  if (!found) throw codedError('own_gateway.backup_gone', 'It may have made room for newer ones.');
  await backUp(world, found.configPath, null);
  run.say({ kind: 'restoring' });
  await world.replaceConfig(found.configPath, found.bytes);
  if (byService) {
    run.say({ kind: 'restarting' });
    await world.restartService();
    await comesBack(world, run);
  } else if (await world.ready()) {
    // It watches the file, and restarts by itself where it must.
    await run.pause(PERSON_LOOK_MS);
    await comesBack(world, run);
  }
  run.say({ kind: 'proving' });
  const exposure = await world.measure();
  const more = byService ? '' : ' What it listens on changes only when it is started anew.';
  return { text: `The file is as it was then. ${exposure.summary}${more}`, exposure };
}

/** What replacing the shared secret needs beside the world. */
export interface RotationPlan {
  readonly configPath: string;
  readonly mode: 'token' | 'password';
  readonly secret: string;
  /** Gives our own links the new secret. */
  handOut(): Promise<void>;
  /** Our own links, as they stand now. */
  links(): RotatedLink[];
}

const Config = z.object({ hash: z.string().min(1) });
const LINKS_LIMIT_MS = 60_000;

/** A new shared secret; done when every link of ours is up with it. */
export async function changeSecret(
  world: TaskWorld,
  plan: RotationPlan,
  run: TaskRun,
): Promise<TaskEnd> {
  await backUp(world, plan.configPath, null);
  run.say({ kind: 'writing' });
  const admin = await world.admin();
  let hash: string;
  try {
    hash = Config.parse(await admin.request('config.get', {})).hash;
  } finally {
    await admin.close();
  }
  const auth = { mode: plan.mode, [plan.mode]: plan.secret };
  const restarts = await write(world, { gateway: { auth } }, hash);
  // Before it knows the new one, it would refuse it, and a refused credential is not tried again.
  if (restarts) await ownRestart(world, run);
  await plan.handOut();
  run.say({ kind: 'proving' });
  const until = world.clock.monotonic() + LINKS_LIMIT_MS;
  for (;;) {
    const links = plan.links();
    run.show({ links });
    if (links.every((link) => link.connected))
      return {
        text:
          links.length === 0
            ? 'The gateway has a new token.'
            : `The gateway has a new token, and ${links.length === 1 ? 'your link is' : `your ${links.length} links are`} up with it.`,
        links,
      };
    if (world.clock.monotonic() > until) {
      const names = links.filter((link) => !link.connected).map((link) => link.name);
      throw new TaskFailure(
        codedError('own_gateway.links_not_back', `Not connected: ${names.join(', ')}.`).error,
        null,
      );
    }
    await run.pause(LOOK_MS);
  }
}
