/** The tailnet's part in watching one link. */
import type { Address } from './address.ts';
import type { Climber } from './climbing.ts';
import { absenceOf, Presence, type TailnetRole, tailnetRole } from './tailnet-role.ts';
import { pathText } from './tailnet-rungs.ts';
import type { WatchHost } from './watch-host.ts';

type Host = Pick<WatchHost, 'tailnet' | 'pingNode' | 'clock'>;

const ELSEWHERE: TailnetRole = { kind: 'elsewhere' };

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

/** One ping to a machine that the tailnet says is there; of others there is nothing to learn. */
export async function lookAtPath(climber: Climber, host: Host, role: TailnetRole): Promise<void> {
  if (role.kind !== 'peer' || !role.peer.online) return;
  climber.at('tailnet_path');
  const begun = host.clock.monotonic();
  const path = await host.pingNode(role.peer.id, climber.signal);
  const at = host.clock.now();
  climber.take(
    'path',
    path.ok
      ? { status: 'ok', seen: pathText(path.value), code: null, durationMs: path.value.ms, at }
      : path.error.code === 'setup.tailnet_no_path'
        ? {
            status: 'failed',
            seen: path.error.detail,
            code: 'setup.tailnet_no_path',
            durationMs: host.clock.monotonic() - begun,
            at,
          }
        : // That Tailscale could not be asked says nothing of the path.
          null,
  );
}
