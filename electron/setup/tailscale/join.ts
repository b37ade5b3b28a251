/** Joining a tailnet: one at a time, by a link in the browser or by an auth key. */
import {
  type AppError,
  appError,
  assertNever,
  fail,
  ok,
  type Result,
  type TailnetJoin,
  type TailnetJoinInput,
  type TailnetJoinPhase,
  type TailnetStateKind,
} from '../../contract/index.ts';
import { type KeyFile, keyRefusal, writeKeyFile } from './auth-key.ts';
import { asksForFlags, flagsToKeep, nameOf, shellLine } from './flags.ts';
import type { JoinHost } from './join-host.ts';
import { joinLimit, timeoutDetail } from './join-limits.ts';
import { jsonObjects } from './json-objects.ts';
import { isSafeLink, isVendorServer, readLoginServer, safeQr } from './login-server.ts';
import type { ProgramEnd } from './program.ts';
import { isGuiError, troubleOf } from './trouble.ts';
import { readUpWord } from './up-word.ts';
import { firstLine, plainOutput } from './words.ts';

/** Tailscale gives up by itself this much before we do, so that its own words are heard, ms. */
const GRACE_MS = 5_000;
/** A link that was made before may not be said again: then it is looked up, after this time, ms. */
const LOOK_UP_MS = 4_000;

/** The one joining that may go on; `view` is null where there is none to show. */
export interface Join {
  view(): TailnetJoin | null;
  begin(by: TailnetJoinInput, loginServer: string | null): Promise<Result<Record<string, never>>>;
  confirm(flags: readonly string[]): Result<Record<string, never>>;
  cancel(): void;
  /** The state as it was just read: joining ends when the machine is in. */
  noteState(kind: TailnetStateKind): void;
}

interface Running {
  readonly view: TailnetJoin;
  readonly by: TailnetJoinInput;
  readonly end: AbortController;
}

const FORGOTTEN: TailnetJoinInput = { kind: 'auth_key', value: '' };

/** Makes the one that joins. */
export function createJoin(host: JoinHost): Join {
  const { clock } = host;
  let now: Running | null = null;

  const set = (view: TailnetJoin, of: Running): void => {
    if (now?.end !== of.end) return;
    now = { ...now, view };
    host.changed();
  };
  const phase = (of: Running, next: TailnetJoinPhase): void => {
    if (now?.end === of.end) set({ ...now.view, phase: next }, of);
  };
  const failed = (of: Running, error: AppError, output = ''): void => {
    phase(of, { kind: 'failed', error, output });
    // Trying again begins anew: the key has no more use.
    if (now?.end === of.end && of.by.kind === 'auth_key') now = { ...now, by: FORGOTTEN };
  };
  const finish = (of: Running): void => {
    if (now?.end !== of.end) return;
    now = null;
    of.end.abort();
    host.changed();
    host.done();
  };

  const offerLink = (of: Running, url: string, qr: unknown): void => {
    const shown = now?.view.phase;
    if (shown?.kind === 'link' && shown.url === url && shown.qr !== null) return;
    if (isSafeLink(url, of.view.loginServer)) phase(of, { kind: 'link', url, qr: safeQr(qr) });
    else {
      of.end.abort();
      failed(of, appError('setup.join_link_unsafe', 'It is neither https nor your login server.'));
    }
  };

  const said = (of: Running, object: unknown): void => {
    const word = readUpWord(object);
    if (word === null) return;
    switch (word.kind) {
      case 'joined':
        finish(of);
        break;
      case 'approval':
        phase(of, { kind: 'approval', adminUrl: host.adminUrl() });
        host.done();
        break;
      case 'link':
        offerLink(of, word.url, word.qr);
        break;
      case 'error':
        of.end.abort();
        failed(of, appError('setup.tailscale_failed', word.text));
        host.done();
        break;
      default:
        assertNever(word);
    }
  };

  /** A pending link from before is told by the state only. */
  const lookUpLink = (of: Running): (() => void) =>
    clock.after(LOOK_UP_MS, () => {
      if (now?.end !== of.end || now.view.phase.kind !== 'asking') return;
      void host.status().then((status) => {
        if (!status.ok || now?.view.phase.kind !== 'asking') return;
        if (status.value.AuthURL !== '') offerLink(of, status.value.AuthURL, null);
      });
    });

  /** It ended well and did not say what came of it: the state knows. */
  const settle = async (of: Running, text: string): Promise<void> => {
    const status = await host.status();
    if (now?.end !== of.end || now.view.phase.kind === 'failed') return;
    if (!status.ok) return failed(of, status.error, plainOutput(text));
    const { BackendState } = status.value;
    if (BackendState === 'NeedsMachineAuth') {
      phase(of, { kind: 'approval', adminUrl: host.adminUrl() });
    } else if (BackendState !== 'NeedsLogin' && BackendState !== 'Stopped') return finish(of);
    else
      failed(of, appError('setup.join_no_effect', firstLine(plainOutput(text))), plainOutput(text));
    host.done();
  };

  const ended = (of: Running, end: ProgramEnd, given: ReadonlySet<string>): void => {
    if (now?.end !== of.end || end.kind === 'stopped') return;
    const text = `${end.stderr}\n${end.stdout}`;
    if (end.kind === 'exited' && end.code === 0 && !isGuiError(text)) {
      if (now.view.phase.kind === 'approval') host.done();
      else void settle(of, text);
      return;
    }
    if (end.kind === 'exited' && asksForFlags(text)) {
      const flags = flagsToKeep(text, given);
      if (flags !== null) {
        const command = shellLine(['tailscale', 'up', ...flags]);
        phase(of, { kind: 'confirm_flags', flags, command });
        return;
      }
    }
    const trouble = troubleOf(end);
    const late = end.kind === 'timed_out' || trouble.error.code === 'setup.join_timed_out';
    // The login went well, and the state says for what it waits.
    if (late && now.view.phase.kind === 'approval') {
      finish(of);
      return;
    }
    if (trouble.error.code === 'setup.tailscale_denied') host.denied(trouble.error);
    failed(
      of,
      late ? appError('setup.join_timed_out', timeoutDetail(of.by)) : trouble.error,
      plainOutput(text),
    );
    host.done();
  };

  const run = async (of: Running, kept: readonly string[]): Promise<void> => {
    const cli = await host.cli();
    if (!cli.ok) return failed(of, cli.error);
    const status = await host.status();
    if (of.end.signal.aborted) return;
    if (!status.ok) return failed(of, status.error);
    if (status.value.BackendState === 'Running') return finish(of);

    const limit = joinLimit(of.by);
    let key: KeyFile | null = null;
    const stream = jsonObjects();
    const cancelLookUp = of.by.kind === 'browser' ? lookUpLink(of) : () => {};
    try {
      let args = ['up'];
      // Flags would count as the whole set of settings; bare, it only switches on.
      if (status.value.BackendState !== 'Stopped') {
        args.push('--json', `--timeout=${(limit - GRACE_MS) / 1000}s`);
        const { loginServer } = of.view;
        if (loginServer !== null) args.push(`--login-server=${loginServer}`);
        if (of.by.kind === 'auth_key') {
          key = await writeKeyFile(host.keyFolder, of.by.value);
          args.push(`--auth-key=file:${key.file}`);
        }
        args = [...args, ...kept];
      }
      let stdout = '';
      const end = await cli.value.run(args, {
        timeoutMs: limit,
        signal: of.end.signal,
        onOutput: (text) => {
          // It speaks only after it has read the key.
          void key?.remove();
          stdout = (stdout + text).slice(-4_000);
          for (const object of stream.push(text)) said(of, object);
        },
      });
      ended(of, { ...end, stdout }, new Set(args.map(nameOf)));
    } finally {
      cancelLookUp();
      await key?.remove();
    }
  };

  const launch = (of: Running, kept: readonly string[]): void => {
    run(of, kept).catch((error: unknown) => {
      failed(of, appError('setup.tailscale_failed', plainOutput(String(error))));
    });
  };

  return {
    view: () => now?.view ?? null,
    begin: async (by, typed) => {
      if (now !== null && now.view.phase.kind !== 'failed') {
        return fail(appError('setup.join_busy', 'One joining at a time.'));
      }
      let loginServer: string | null = null;
      if (typed !== null && !isVendorServer(typed.trim())) {
        const server = readLoginServer(typed);
        if (!server.ok) return server;
        loginServer = server.value;
      }
      if (by.kind === 'auth_key') {
        host.protect(by.value);
        const refusal = keyRefusal(by.value, loginServer !== null);
        if (refusal) return fail(refusal);
      }
      const since = clock.now();
      const of: Running = {
        by,
        end: new AbortController(),
        view: {
          by: by.kind,
          loginServer,
          since,
          until: since + joinLimit(by),
          phase: { kind: 'asking' },
        },
      };
      now = of;
      host.changed();
      launch(of, []);
      return ok({});
    },
    confirm: (flags) => {
      const shown = now?.view.phase;
      if (now === null || shown?.kind !== 'confirm_flags') {
        return fail(appError('setup.join_none', 'Nothing waits for an agreement.'));
      }
      if (shown.flags.join('\n') !== flags.join('\n')) {
        return fail(appError('setup.join_flags_changed', 'They are not those that were shown.'));
      }
      const since = clock.now();
      const of = now;
      set(
        {
          ...of.view,
          since,
          until: since + joinLimit(of.by),
          phase: { kind: 'asking' },
        },
        of,
      );
      launch(now, flags);
      return ok({});
    },
    cancel: () => {
      const of = now;
      now = null;
      of?.end.abort();
      if (of) {
        host.changed();
        host.done();
      }
    },
    noteState: (kind) => {
      if (now === null || now.view.phase.kind === 'confirm_flags') return;
      if (kind === 'running') finish(now);
      else if (kind === 'needs_approval' && now.view.phase.kind !== 'approval') {
        phase(now, { kind: 'approval', adminUrl: host.adminUrl() });
      }
    },
  };
}
