/** Tailscale inside the app: what it says reaches the windows, and their calls reach it. */
import * as os from 'node:os';
import * as path from 'node:path';
import type { Clock } from '../clock/clock.ts';
import {
  type CallHandlers,
  type ChangeSink,
  ok,
  type TailnetPage,
  type TailnetView,
} from '../contract/index.ts';
import { createTailscale, type Tailscale, type TailscalePlace } from '../setup/index.ts';

type Handlers = Pick<CallHandlers, Extract<keyof CallHandlers, `tailnet.${string}`>>;

/** The one Tailscale of the app, and what the windows are shown of it. */
export interface TailnetKeeper {
  readonly handlers: Handlers;
  /** For whoever must know whose an address is: `whois`, and what is known. */
  readonly tailscale: Tailscale;
  view(): TailnetView;
  /** Whether a window can be seen: then Tailscale is asked more often. */
  noteSeen(seen: boolean): void;
  /** Another network, or the machine woke. */
  lookSoon(): void;
  stop(): void;
}

/** What it needs; `place` names another program or socket, for tests and pods. */
export interface TailnetKeeperOptions {
  readonly clock: Clock;
  readonly home: string;
  readonly changed: ChangeSink;
  /** Keeps logs clean of a secret. */
  readonly protect: (secret: string) => void;
  readonly log: (line: string) => void;
  readonly place?: TailscalePlace | undefined;
}

/** Vendor's pages. Sources: tailscale.com/download, the admin console, and tailscale.com/docs. */
const PAGES: Readonly<Record<TailnetPage, string>> = {
  download: 'https://tailscale.com/download',
  machines: 'https://login.tailscale.com/admin/machines',
  auth_keys: 'https://login.tailscale.com/admin/settings/keys',
  key_expiry: 'https://tailscale.com/kb/1028/key-expiry',
  operator: 'https://tailscale.com/s/cli-operator',
};

/**
 * Environment variables rather than options: both entries, containers and pods take them without a
 * line of parsing, and whoever starts a test app cannot forget them on a second start.
 */
const placeOfEnvironment = (env: NodeJS.ProcessEnv): TailscalePlace => ({
  program: env.PEERAGE_TAILSCALE || null,
  socket: env.PEERAGE_TAILSCALE_SOCKET || null,
});

/** Begins to look at Tailscale. */
export function createTailnetKeeper(options: TailnetKeeperOptions): TailnetKeeper {
  const { clock, home, changed, protect, log } = options;
  const { env } = process;
  // A folder in memory where there is one, so that a key does not even touch a disk.
  const runtime = env.XDG_RUNTIME_DIR;
  const tailscale = createTailscale({
    clock,
    env,
    platform: process.platform,
    user: os.userInfo().username,
    ...(options.place ?? placeOfEnvironment(env)),
    keyFolder: runtime && path.isAbsolute(runtime) ? runtime : home,
    protect,
    log,
  });
  tailscale.onChange(() => changed({ type: 'tailnet' }));
  const stopWake = clock.onWake(() => tailscale.lookSoon());

  return {
    tailscale,
    view: () => tailscale.view(),
    noteSeen: (seen) => tailscale.setAttended(seen),
    lookSoon: () => tailscale.lookSoon(),
    stop: () => {
      stopWake();
      tailscale.stop();
    },
    handlers: {
      'tailnet.check': async () => ok(await tailscale.check()),
      'tailnet.join': ({ by, loginServer }) => tailscale.join(by, loginServer),
      'tailnet.confirmJoin': ({ flags }) => tailscale.confirmJoin(flags),
      'tailnet.cancelJoin': () => {
        tailscale.cancelJoin();
        return ok({});
      },
      'tailnet.up': () => tailscale.up(),
      'tailnet.allowOperator': () => tailscale.allowOperator(),
      'tailnet.ping': async ({ nodeId }) => {
        const path = await tailscale.ping(nodeId);
        return path.ok ? ok({ path: path.value }) : path;
      },
      'tailnet.netcheck': () => tailscale.netcheck(),
      'tailnet.open': ({ page }) => ok({ url: PAGES[page] }),
    },
  };
}
