import { appError, fail, type HookRun, ok } from '../../../electron/contract/index.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

/** Calls about the fallback hook, on a world. A program whose path ends in `bad` fails. */
export function hookHandlers(world: World): MockHandlers {
  const run = (program: string, messageId: HookRun['messageId']): HookRun => {
    const bad = program.endsWith('bad');
    return {
      messageId,
      program,
      byItself: false,
      startedAt: world.now,
      endedAt: world.now,
      outcome: bad ? 'failed' : 'done',
      exitCode: bad ? 3 : 0,
      output: bad ? 'no such channel' : 'posted to #ops',
    };
  };
  return {
    'hook.list': () => ok({ hooks: world.hooks }),
    'hook.set': ({ peerId, hook }) => {
      world.hooks = world.hooks.filter((one) => one.peerId !== peerId);
      if (hook) world.hooks.push({ ...hook, peerId });
      return ok({});
    },
    'hook.test': ({ command }) =>
      command.program.startsWith('/')
        ? ok({ run: run(command.program, null) })
        : fail(appError('hook.program_missing', 'Its path does not begin at the root.')),
    'hook.of': ({ messageId }) => {
      const message = world.findMessage(messageId);
      const [hook] = world.hooks;
      const waits = message?.direction === 'out' && message.state === 'queued';
      return ok({
        hook: waits && hook ? hook : null,
        offered: Boolean(waits && hook),
        runs: world.hookRuns.filter((one) => one.messageId === messageId),
      });
    },
    'hook.handOver': ({ messageId }) => {
      const message = world.findMessage(messageId);
      const done = run(world.hooks[0]?.program ?? '', messageId);
      world.hookRuns.push(done);
      if (message?.direction === 'out') world.putMessage({ ...message, state: 'handed' });
      return ok({ run: done });
    },
  };
}
