/** The relay inside the app: off until a person starts it; then it comes back with each start. */
import { networkInterfaces } from 'node:os';
import * as z from 'zod';
import type { Clock } from '../clock/clock.ts';
import {
  type AppError,
  appError,
  type CallHandlers,
  CodedError,
  codedError,
  fail,
  ok,
  RelayServerConfig,
  type RelayServerView,
} from '../contract/index.ts';
import {
  durableStorage,
  makeCertificate,
  memoryStorage,
  type Relay,
  type RelayCertificate,
  type RelayStatus,
  startRelay,
} from '../relay-server/index.ts';
import { OWN_LINK, type SecretKind, type SecretStore, secretAccount } from '../secrets/index.ts';
import { openRelayStore } from '../store/store.ts';
import type { AppState } from './app-state.ts';
import { coded } from './link-secrets.ts';
import { secretsError } from './secrets-control.ts';

type Handlers = Pick<CallHandlers, Extract<keyof CallHandlers, `relayServer.${string}`>>;

/** The relay that runs here for others: the calls that turn it on, off and change it. */
export interface RelayServerKeeper {
  readonly handlers: Handlers;
  /** Starts it where it ran when the app stopped. Never rejects. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** What that relay is made of: its files lie in `home`, its token in the keychain. */
export interface RelayServerKeeperOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly state: AppState;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly log: (line: string) => void;
}

const STATE = 'relay_server';
/** A relay from before there were announcements stays unannounced until a person says otherwise. */
const Kept = z.object({
  on: z.boolean(),
  config: RelayServerConfig.extend({ announce: z.boolean().default(false) }),
});
const LOOPBACK = '127.0.0.1';
const DEFAULT: RelayServerConfig = {
  host: LOOPBACK,
  port: 9077,
  encryption: 'both',
  memory: false,
  announce: true,
};

const Certificate = z.object({ key: z.string(), certificate: z.string() });

/** Loopback first, then what other machines can reach. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const others = all
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  return [LOOPBACK, ...new Set(others)];
}

/** What others need to join, but for the token, which goes another way. */
function joinText(url: string, plainUrl: string | null, fingerprint: string | null): string {
  const lines = [`Relay: ${url}`];
  if (fingerprint) lines.push(`TLS fingerprint (SHA-256): ${fingerprint}`);
  if (plainUrl) lines.push(`For ClawLink’s own client, which knows no such TLS: ${plainUrl}`);
  return [...lines, 'The token comes from whoever runs the relay, over another way.'].join('\n');
}

/** Builds the keeper; nothing listens before `resume` or the person's call. */
export function createRelayServerKeeper(options: RelayServerKeeperOptions): RelayServerKeeper {
  const { home, clock, state, secrets, homeId, log } = options;
  let relay: Relay | null = null;
  let error: AppError | null = null;
  /** One change at a time. */
  let queue: Promise<unknown> = Promise.resolve();

  const kept = () => state.get(STATE, Kept) ?? { on: false, config: DEFAULT };
  const account = (kind: SecretKind) => secretAccount(homeId, kind, OWN_LINK);

  const secret = async (kind: SecretKind): Promise<string | null> => {
    const found = await secrets.get(account(kind));
    if (found.kind === 'unavailable') {
      const trouble = secretsError(found.status);
      throw trouble
        ? new CodedError(trouble)
        : codedError('secrets.broken', 'The keychain gave no answer.');
    }
    return found.kind === 'found' ? found.value : null;
  };

  const certificate = async (): Promise<RelayCertificate> => {
    const known = await secret('relay-server-key');
    if (known !== null) return Certificate.parse(JSON.parse(known));
    const made = makeCertificate(clock.now());
    await coded(secrets.set(account('relay-server-key'), JSON.stringify(made)));
    return made;
  };

  const start = async (config: RelayServerConfig): Promise<void> => {
    if (!ownAddresses().includes(config.host)) {
      throw codedError('relay_server.foreign_address', `${config.host} is not of this machine.`);
    }
    const token = await secret('relay-server-token');
    if (token === null && config.host !== LOOPBACK) {
      throw codedError('relay_server.no_token', 'Other machines can reach that address.');
    }
    const { host, port, encryption, memory, announce } = config;
    const ofTls = encryption === 'off' ? null : await certificate();
    relay = await startRelay({
      host,
      port,
      token,
      encryption,
      announce,
      certificate: ofTls,
      storage: memory ? memoryStorage() : durableStorage(openRelayStore(home, clock.now())),
      clock,
      log,
    });
    log(`relay: listens on ${host}, port ${relay.port}`);
  };

  const end = async (): Promise<void> => {
    const running = relay;
    relay = null;
    error = null;
    await running?.stop();
  };

  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const done = queue.then(task);
    queue = done.catch(() => undefined);
    return done;
  };

  const view = async (): Promise<RelayServerView> => ({
    config: kept().config,
    addresses: ownAddresses(),
    hasToken: (await secrets.get(account('relay-server-token'))).kind === 'found',
    running: relay ? runningView(await relay.status()) : null,
    error,
  });

  const failed = (reason: unknown): AppError =>
    reason instanceof CodedError
      ? reason.error
      : appError(
          'relay_server.listen_failed',
          reason instanceof Error ? reason.message : 'unknown',
        );

  return {
    handlers: {
      'relayServer.view': async () => ok(await view()),
      'relayServer.start': ({ config, token }) =>
        inTurn(async () => {
          try {
            if (token !== null) await coded(secrets.set(account('relay-server-token'), token));
            await end();
            await start(config);
            await state.set(STATE, { on: true, config });
          } catch (reason) {
            return fail(failed(reason));
          }
          return ok(await view());
        }),
      'relayServer.stop': () =>
        inTurn(async () => {
          await end();
          await state.set(STATE, { ...kept(), on: false });
          return ok(await view());
        }),
    },
    resume: () =>
      inTurn(async () => {
        const { on, config } = kept();
        if (!on) return;
        try {
          await start(config);
        } catch (reason) {
          error = failed(reason);
          log(`relay: ${error.code}`);
        }
      }),
    stop: () => inTurn(end),
  };
}

function runningView(status: RelayStatus): RelayServerView['running'] {
  const { host, port, fingerprint, encryption, waiting, ...rest } = status;
  const scheme = encryption === 'off' ? 'http' : 'https';
  const url = `${scheme}://${host}:${port}`;
  const plainUrl = encryption === 'both' ? `http://${host}:${port}` : null;
  return {
    ...rest,
    url,
    plainUrl,
    fingerprint,
    joinText: joinText(url, plainUrl, fingerprint),
    waiting: waiting.messages,
    waitingBytes: waiting.bytes,
    agents: [...rest.agents],
    errors: [...rest.errors],
  };
}
