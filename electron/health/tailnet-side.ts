/** The tailnet's part in watching one link. */
import { within } from '../clock/deadline.ts';
import type { Address } from './address.ts';
import type { Climber } from './climbing.ts';
import type { Finding } from './rung-draft.ts';
import { absenceOf, Presence, type TailnetRole, tailnetRole } from './tailnet-role.ts';
import { pathText } from './tailnet-rungs.ts';
import type { WatchHost } from './watch-host.ts';

type Host = Pick<WatchHost, 'tailnet' | 'pingNode' | 'networkWords' | 'clock'>;

const ELSEWHERE: TailnetRole = { kind: 'elsewhere' };

/** What a watched link has to do with the tailnet. */
export class TailnetSide {
  readonly presence = new Presence();
  readonly #host: Host;
  readonly #address: () => Address | null;

  constructor(host: Host, address: () => Address | null) {
    this.#host = host;
    this.#address = address;
  }

  get role(): TailnetRole {
    const eyes = this.#host.tailnet();
    return eyes === null ? ELSEWHERE : tailnetRole(this.#address(), eyes);
  }

  /** Reads what Tailscale says now. @returns whether the machine just went, or came back */
  note(): ReturnType<Presence['note']> {
    const eyes = this.#host.tailnet();
    return eyes === null ? null : this.presence.note(absenceOf(this.role, eyes.view));
  }
}

/**
 * One ping to a machine that the tailnet says is there; of others there is nothing to learn.
 * @returns what was found where nothing came back
 */
export async function lookAtPath(
  climber: Climber,
  host: Host,
  role: TailnetRole,
): Promise<Finding | null> {
  if (role.kind !== 'peer' || !role.peer.online) return null;
  climber.at('tailnet_path');
  const begun = host.clock.monotonic();
  const path = await host.pingNode(role.peer.id, climber.signal);
  const at = host.clock.now();
  if (path.ok) {
    const { value } = path;
    const durationMs = value.ms;
    climber.take('path', { status: 'ok', seen: pathText(value), code: null, durationMs, at });
    return null;
  }
  // That Tailscale could not be asked says nothing of the path.
  const none = path.error.code === 'setup.tailnet_no_path';
  const noPath: Finding | null = none
    ? {
        status: 'failed',
        seen: path.error.detail,
        code: 'setup.tailnet_no_path',
        durationMs: host.clock.monotonic() - begun,
        at,
      }
    : null;
  climber.take('path', noPath);
  return noPath;
}

/** Where a path failed: what the network here allows, beside it. */
export async function lookAtOwnNetwork(
  climber: Climber,
  host: Host,
  noPath: Finding,
): Promise<void> {
  climber.at('tailnet_path');
  const words = await within(host.clock, NETWORK_LIMIT_MS, climber.signal, (signal) =>
    Promise.race([host.networkWords(), aborted(signal)]),
  );
  if (words !== null) climber.take('path', { ...noPath, seen: `${noPath.seen} ${words}` });
}

/** The check goes on without it after this, ms: offline it takes longest, and says least. */
const NETWORK_LIMIT_MS = 12_000;

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
