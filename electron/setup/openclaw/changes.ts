/** The changes themselves: how the gateway listens, a file put back, a new token. */
import * as z from 'zod';
import {
  type BindPlan,
  CodedError,
  codedError,
  type GatewayExposure,
  type RotatedLink,
} from '../../contract/index.ts';
import { matches } from './bind-plan.ts';
import { backUp, comesBack, ownRestart, putBack, write } from './config-write.ts';
import { type TaskEnd, TaskFailure, type TaskRun, type TaskWorld } from './tasks.ts';

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

/** Carries a plan out: back up, write, restart, prove; and the former file back where it fails. */
export async function changeBind(world: TaskWorld, plan: HeldPlan, run: TaskRun): Promise<TaskEnd> {
  const { view } = plan;
  const before = await backUp(world, view.configPath, plan.fileHash);
  const former = await world.process();
  const byService = view.restartBy === 'service';
  let restarts = false;
  if (Object.keys(plan.patch).length > 0) {
    run.say({ kind: 'writing' });
    const { configPath, baseHash } = view;
    restarts = await write(
      world,
      { configPath, before, patch: plan.patch, baseHash, byService },
      run,
    );
  }
  const undo = () => putBack(world, view.configPath, before, byService, run);
  try {
    if (restarts) await ownRestart(world, run);
    run.say({ kind: 'proving' });
    let seen = await world.measure();
    if (!matches(view.afterwards, seen) && byService) {
      run.say({ kind: 'restarting' });
      await world.restartService();
      await comesBack(world, run);
      run.say({ kind: 'proving' });
      seen = await world.measure();
    }
    if (!matches(view.afterwards, seen) && !byService)
      seen = await personRestarts(world, plan, former, run);
    run.show({ exposure: seen });
    if (!matches(view.afterwards, seen)) throw notAsPlanned(view, seen);
    return { text: seen.summary, exposure: seen };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw new TaskFailure(error.error, await undo());
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
  /** A service manager keeps the gateway. */
  readonly byService: boolean;
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
  const before = await backUp(world, plan.configPath, null);
  run.say({ kind: 'writing' });
  const admin = await world.admin();
  let hash: string;
  try {
    hash = Config.parse(await admin.request('config.get', {})).hash;
  } finally {
    await admin.close();
  }
  const auth = { mode: plan.mode, [plan.mode]: plan.secret };
  const { configPath, byService } = plan;
  const patch = { gateway: { auth } };
  const restarts = await write(
    world,
    { configPath, before, patch, baseHash: hash, byService },
    run,
  );
  // Before it knows the new one, it would refuse it, and a refused credential is not tried again.
  try {
    if (restarts) await ownRestart(world, run);
  } finally {
    // Also where it does not come back, or Peerage ends: the file has the new one, and nothing else opens.
    await plan.handOut();
  }
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
