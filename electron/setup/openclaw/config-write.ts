/** The gateway's configuration file: kept before a change, written by its own hand, put back after it. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CodedError, codedError } from '../../contract/index.ts';
import { type GatewayAdmin, TaskFailure, type TaskRun, type TaskWorld } from './tasks.ts';

/** A gateway is back 8 to 10 s after a restart of its own; slow machines take longer. */
const BACK_LIMIT_MS = 90_000;
/** How long it may go on answering before it goes down for a restart of its own. */
const GOES_LIMIT_MS = 15_000;
const LOOK_MS = 1_000;
/** How long a write whose answer was lost may still show in the file. */
const UNCLEAR_MS = 5_000;

/** SHA-256, hex. */
export const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const Patched = z.object({
  sentinel: z.object({
    payload: z.object({ stats: z.object({ requiresRestart: z.boolean() }) }),
  }),
});

/** Reads the file, makes sure that it is the one the plan was drawn up for, and keeps it. */
export async function backUp(
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

/** What is written over what. */
export interface Writing {
  readonly configPath: string;
  /** What {@link backUp} kept. */
  readonly before: Buffer;
  readonly patch: Record<string, unknown>;
  readonly baseHash: string;
  /** A service manager keeps the gateway, and can start it anew. */
  readonly byService: boolean;
}

/**
 * Writes by the gateway's own hand; true where it restarts by itself because of it. Where no answer
 * comes, it is looked whether it was written all the same, and then the former file is put back.
 * @throws TaskFailure after that; CodedError where nothing was written
 */
export async function write(world: TaskWorld, writing: Writing, run: TaskRun): Promise<boolean> {
  const admin = await world.admin();
  try {
    return await patchConfig(admin, writing);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.error.code !== 'own_gateway.no_answer') throw explained(error);
    if (!(await wasWritten(world, writing, run))) throw error;
    const { configPath, before, byService } = writing;
    throw new TaskFailure(error.error, await putBack(world, configPath, before, byService, run));
  } finally {
    await admin.close();
  }
}

/** Looks at the file until the gateway has had its time, however busy it is. */
async function wasWritten(
  world: TaskWorld,
  { configPath, before }: Writing,
  run: TaskRun,
): Promise<boolean> {
  const isSame = async (): Promise<boolean> =>
    hashOf(await world.readConfig(configPath)) === hashOf(before);
  const until = world.clock.monotonic() + UNCLEAR_MS;
  while (world.clock.monotonic() < until) {
    if (!(await isSame())) return true;
    await run.pause(LOOK_MS);
  }
  return !(await isSame());
}

async function patchConfig(admin: GatewayAdmin, { patch, baseHash }: Writing): Promise<boolean> {
  const raw = JSON.stringify(patch);
  const answer = await admin.request('config.patch', { raw, baseHash }, 30_000);
  const parsed = Patched.safeParse(answer);
  return !parsed.success || parsed.data.sentinel.payload.stats.requiresRestart;
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
export async function ownRestart(world: TaskWorld, run: TaskRun): Promise<void> {
  run.say({ kind: 'restarting' });
  const goesUntil = world.clock.monotonic() + GOES_LIMIT_MS;
  while ((await world.ready()) && world.clock.monotonic() < goesUntil) await run.pause(LOOK_MS / 4);
  await comesBack(world, run);
}

/** Waits, up to 90 s, until the gateway is ready again. @throws CodedError own_gateway.not_back */
export async function comesBack(world: TaskWorld, run: TaskRun): Promise<void> {
  run.say({ kind: 'coming_back' });
  const until = world.clock.monotonic() + BACK_LIMIT_MS;
  while (!(await world.ready())) {
    if (world.clock.monotonic() > until)
      throw codedError('own_gateway.not_back', 'It was not ready within 90 s.');
    await run.pause(LOOK_MS);
  }
}

/** The former file, and a restart where the service manager can do it. True once it stands there. */
export async function putBack(
  world: TaskWorld,
  configPath: string,
  bytes: Buffer,
  byService: boolean,
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
  if (byService) await world.restartService().catch((error: unknown) => world.log(String(error)));
  return true;
}
