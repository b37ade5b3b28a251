/**
 * Tailscale on this machine: what is known of it, watched gently, and the few things that may be done.
 * Truth is what it says itself; nothing is remembered over a restart.
 */
import {
  appError,
  fail,
  type NetcheckView,
  ok,
  type Result,
  type TailnetJoinInput,
  type TailnetNodeId,
  type TailnetPath,
  type TailnetView,
} from '../../contract/index.ts';
import { sweepKeyFiles } from './auth-key.ts';
import type { Cli } from './cli.ts';
import { createJoin } from './join.ts';
import { isVendorServer } from './login-server.ts';
import { Looking } from './looking.ts';
import { allowOperator, operatorCommand } from './operator.ts';
import type { TailscaleOptions } from './options.ts';
import { netcheck, ping, type TailnetCaller, whois } from './questions.ts';
import { MACHINES_URL } from './state.ts';
import { troubleOf } from './trouble.ts';
import { whoisCache } from './whois-cache.ts';

type Done = Record<string, never>;

/** The one Tailscale of this machine, as the app holds it. What may fail gives a Result. */
export interface Tailscale {
  view(): TailnetView;
  /** Told after what is known changed. Returns how to stop listening. */
  onChange(listener: () => void): () => void;
  /** Looks for the program anew, and asks it. Never rejects. */
  check(): Promise<TailnetView>;
  join(by: TailnetJoinInput, loginServer: string | null): Promise<Result<Done>>;
  confirmJoin(flags: readonly string[]): Result<Done>;
  cancelJoin(): void;
  up(): Promise<Result<Done>>;
  allowOperator(): Promise<Result<Done>>;
  ping(nodeId: TailnetNodeId): Promise<Result<TailnetPath>>;
  netcheck(): Promise<Result<NetcheckView>>;
  /** Whose `IP` or `IP:port` is, by Tailscale's word; null where the tailnet knows none. Kept 60 s. */
  whois(address: string): Promise<Result<TailnetCaller | null>>;
  /** Somebody looks at the window: then it asks more often. */
  setAttended(attended: boolean): void;
  /** Woke, or another network: asks within moments. */
  lookSoon(): void;
  /** Programs started so far. */
  starts(): number;
  stop(): void;
}

/** Waits for `up` this long, ms. */
const UP_LIMIT_MS = 40_000;

/** Begins to look at once. */
export function createTailscale(options: TailscaleOptions): Tailscale {
  const { clock } = options;
  const end = new AbortController();
  const { signal } = end;
  const looking: Looking = new Looking(options, () => join.noteState(looking.state.kind));

  const cli = async (): Promise<Result<Cli>> => {
    if (looking.cli === null) await looking.check();
    if (looking.cli !== null) return ok(looking.cli);
    const { state } = looking;
    return fail(
      'error' in state
        ? state.error
        : appError('setup.tailscale_not_installed', 'No program was found.'),
    );
  };

  const denied = (error: { readonly detail: string } | null): void => {
    looking.denied =
      error === null
        ? null
        : {
            error: appError('setup.tailscale_denied', error.detail, {
              remedy: {
                actions: [
                  { kind: 'call', label: 'Allow it', name: 'tailnet.allowOperator', input: {} },
                ],
              },
            }),
            command: operatorCommand(options.user),
          };
    looking.tell();
  };

  const join = createJoin({
    clock,
    cli,
    status: () => looking.ask(),
    keyFolder: options.keyFolder,
    protect: options.protect,
    changed: () => looking.tell(),
    done: () => looking.readNow(),
    denied,
    adminUrl: () => (isVendorServer(looking.loginServer) ? MACHINES_URL : null),
  });
  looking.join = join.view;

  const up = async (): Promise<Result<Done>> => {
    const program = await cli();
    if (!program.ok) return program;
    await looking.readNow();
    const before = looking.state;
    if (before.kind === 'running') return ok({});
    if (before.kind !== 'stopped' && 'error' in before) return fail(before.error);
    const result = await program.value.run(['up'], { timeoutMs: UP_LIMIT_MS, signal });
    await looking.readNow();
    const after = looking.state;
    if (result.kind === 'exited' && result.code !== 0) {
      const { error } = troubleOf(result);
      if (error.code === 'setup.tailscale_denied') denied(error);
      return fail(looking.denied?.error ?? error);
    }
    if (after.kind === 'running' || after.kind === 'starting') {
      denied(null);
      return ok({});
    }
    if (after.kind !== 'stopped' && 'error' in after) return fail(after.error);
    return fail(appError('setup.tailscale_timeout', 'It did not switch on in time.'));
  };

  const askWhois = whoisCache(clock, async (address) => {
    const program = await cli();
    return program.ok ? whois(program.value, address) : program;
  });

  void sweepKeyFiles(options.keyFolder, clock.now());
  looking.begin();

  return {
    view: () => looking.view(),
    onChange: (listener) => looking.onChange(listener),
    check: () => looking.check(),
    join: (by, loginServer) => join.begin(by, loginServer),
    confirmJoin: (flags) => join.confirm(flags),
    cancelJoin: () => join.cancel(),
    up,
    allowOperator: async () => {
      const program = await cli();
      if (!program.ok) return program;
      const allowed = await allowOperator({
        ...options,
        program: program.value.path,
        signal,
      });
      if (!allowed.ok) return allowed;
      denied(null);
      await looking.readNow();
      return ok({});
    },
    ping: async (nodeId) => {
      const { state } = looking;
      if (state.kind !== 'running') {
        return fail(
          'error' in state
            ? state.error
            : appError('setup.tailscale_not_running', 'Not known yet.'),
        );
      }
      const peer = state.peers.find((one) => one.id === nodeId);
      const address = peer?.addresses[0];
      if (!peer || address === undefined) {
        return fail(appError('setup.tailnet_peer_unknown', 'It is not in the list any more.'));
      }
      const program = await cli();
      if (!program.ok) return program;
      const path = await ping(program.value, address, () => clock.now(), signal);
      if (path.ok) looking.notePing(nodeId, path.value);
      return path;
    },
    netcheck: async () => {
      const program = await cli();
      return program.ok ? netcheck(program.value, signal) : program;
    },
    whois: askWhois,
    setAttended: (attended) => looking.setAttended(attended),
    lookSoon: () => looking.lookSoon(),
    starts: () => looking.starts,
    stop: () => {
      end.abort();
      join.cancel();
      looking.stop();
    },
  };
}
