/** A folder with a fake `tailscale` in it, and the side of the test that says what it answers. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../electron/clock/clock.ts';
import type { TailscaleOptions } from '../../../electron/setup/index.ts';
import type { ProgramEnd, ProgramOptions } from '../../../electron/setup/tailscale/program.ts';
import * as shapes from './shapes.ts';

/** What it says to a command; the last that fits counts. */
export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly hang?: boolean;
  /** Goes on as the feed of this name says. */
  readonly feed?: string;
}

/** One start of the program. */
export interface Start {
  readonly args: readonly string[];
  readonly beCli: string | null;
  readonly key: {
    readonly file: string;
    readonly text: string;
    readonly mode: number;
    readonly folderMode: number;
  } | null;
}

/** What a running command says or does next. */
export interface FeedStep {
  readonly out?: string;
  readonly err?: string;
  readonly exit?: number;
}

export interface TailscaleRig {
  readonly folder: string;
  readonly program: string;
  readonly log: string[];
  readonly protectedSecrets: string[];
  answer(begins: string, answer: Answer): void;
  /** `status --json` from now on. */
  status(status: unknown): void;
  /** Lets a running command say something, or end. */
  feed(name: string, step: FeedStep): void;
  /** A notice on the bus. */
  notice(notice: unknown): void;
  starts(): Start[];
  /** The same answers without a process: for what is not about processes, and for skipping hours. */
  run(options: ProgramOptions): Promise<ProgramEnd>;
  options(clock: Clock, changes?: Partial<TailscaleOptions>): TailscaleOptions;
  remove(): void;
}

/** Numbers of the states on the bus (State in ipn/backend.go of v1.102.3). */
const STATES = [
  'NoState',
  'InUseOtherUser',
  'NeedsLogin',
  'NeedsMachineAuth',
  'Stopped',
  'Starting',
  'Running',
];

/** Makes one that is v1.102.3, running, with a live bus. */
export function tailscaleRig(): TailscaleRig {
  const folder = mkdtempSync(join(tmpdir(), 'fake-tailscale-'));
  const bin = join(folder, 'bin');
  const keys = join(folder, 'keys');
  mkdirSync(bin);
  mkdirSync(keys, { mode: 0o700 });
  const program = join(bin, 'tailscale');
  const fake = join(import.meta.dirname, 'fake-tailscale.mjs');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${fake}' "$@"\n`);
  chmodSync(program, 0o755);
  const answers: (Answer & { begins: string })[] = [];
  const feeds = new Map<string, FeedStep[]>();
  const heard = new Set<() => void>();
  const noted: Start[] = [];
  /** What the bus said last: a daemon tells of each change of its state by itself. */
  let told = STATES.indexOf('Running');
  /** What a watch that starts now is told first. */
  const begin = (state: number): void => {
    rmSync(join(folder, 'bus'), { force: true });
    feeds.delete('bus');
    rig.notice(shapes.firstNotice(state));
  };
  const rig: TailscaleRig = {
    folder,
    program,
    log: [],
    protectedSecrets: [],
    answer: (begins, answer) => {
      answers.push({ begins, ...answer });
      // A running fake never sees half of it.
      writeFileSync(join(folder, 'answers.new'), JSON.stringify(answers));
      renameSync(join(folder, 'answers.new'), join(folder, 'answers.json'));
    },
    status: (status) => {
      rig.answer('status --json', { stdout: JSON.stringify(status, null, 2) });
      const { BackendState } = status as { BackendState?: string };
      const state = STATES.indexOf(BackendState ?? '');
      if (state < 0 || state === told) return;
      told = state;
      const watched = rig.starts().some(({ args }) => args.includes('watch-ipn'));
      if (watched) rig.notice({ State: state });
      else begin(state);
    },
    feed: (name, step) => {
      appendFileSync(join(folder, name), `${JSON.stringify(step)}\n`);
      feeds.set(name, [...(feeds.get(name) ?? []), step]);
      for (const hear of [...heard]) hear();
    },
    notice: (notice) => rig.feed('bus', { out: `${JSON.stringify(notice, null, '\t')}\n` }),
    starts: () => {
      const file = join(folder, 'starts.log');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
      return [...noted, ...lines.map((line) => JSON.parse(line) as Start)];
    },
    options: (clock, changes = {}) => ({
      clock,
      env: { PATH: `${bin}:${process.env.PATH ?? ''}`, FAKE_TAILSCALE: folder },
      platform: 'linux',
      user: 'somebody',
      program,
      socket: null,
      keyFolder: keys,
      protect: (secret) => rig.protectedSecrets.push(secret),
      log: (line) => rig.log.push(line),
      ...changes,
    }),
    run: ({ args, env, clock, timeoutMs, signal, onOutput }) =>
      new Promise((resolve) => {
        const own = args.filter((arg) => !arg.startsWith('--socket='));
        const line = own.join(' ');
        noted.push({
          args: own,
          beCli: env.TAILSCALE_BE_CLI ?? null,
          key: keyOf(own.find((arg) => arg.startsWith('--auth-key=file:'))?.slice(16)),
        });
        const answer = answers.findLast(
          ({ begins }) => line === begins || line.startsWith(`${begins} `),
        );
        let stdout = '';
        let stderr = '';
        let taken = 0;
        const finish = (
          end: { kind: 'exited'; code: number } | { kind: 'timed_out' | 'stopped' },
        ): void => {
          heard.delete(follow);
          cancel();
          resolve({ ...end, stdout, stderr });
        };
        const say = (text: string): void => {
          if (onOutput) onOutput(text);
          else stdout += text;
        };
        const follow = (): void => {
          const steps = feeds.get(answer?.feed ?? '') ?? [];
          while (taken < steps.length) {
            const { out, err, exit } = steps[taken++] ?? {};
            if (out !== undefined) say(out);
            stderr += err ?? '';
            if (exit !== undefined) finish({ kind: 'exited', code: exit });
          }
        };
        const cancel =
          timeoutMs === null
            ? () => {}
            : clock.after(timeoutMs, () => finish({ kind: 'timed_out' }));
        signal?.addEventListener('abort', () => finish({ kind: 'stopped' }));
        setImmediate(() => {
          if (answer?.hang) return;
          if (answer?.feed) {
            heard.add(follow);
            follow();
            return;
          }
          const said = answer?.stdout ?? '';
          say(said);
          stderr += answer?.stderr ?? '';
          finish({ kind: 'exited', code: answer ? (answer.code ?? 0) : 99 });
        });
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  rig.answer('version', { stdout: shapes.versionText() });
  rig.answer('debug watch-ipn --initial', { feed: 'bus' });
  rig.status(shapes.status());
  begin(told);
  return rig;
}

const keyOf = (file: string | undefined): Start['key'] =>
  file === undefined
    ? null
    : {
        file,
        text: readFileSync(file, 'utf8'),
        mode: statSync(file).mode & 0o777,
        folderMode: statSync(join(file, '..')).mode & 0o777,
      };
