/** What the tailnet has to do with a link: nothing, or the machine that the link leads to. Pure. */
import { BlockList, isIP } from 'node:net';
import type { TailnetPeer, TailnetView } from '../contract/index.ts';
import type { Address } from './address.ts';

/** Tailscale as health sees it. */
export interface TailnetEyes {
  readonly view: TailnetView;
  /** What names of the tailnet end in, as last known; empty = not known. */
  readonly suffix: string;
}

/** What a link's address is to the tailnet. */
export type TailnetRole =
  /** Its address has nothing to do with a tailnet. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'self' }
  | { readonly kind: 'peer'; readonly peer: TailnetPeer }
  /** An address of a tailnet's kind, of no machine that we see. */
  | { readonly kind: 'missing' }
  /** Such an address, while Tailscale here says nothing. */
  | { readonly kind: 'unseen' };

/** https://tailscale.com/kb/1015/100.x-addresses and kb/1033/ip-and-dns-addresses. Others use the first range too. */
const ranges = new BlockList();
ranges.addSubnet('100.64.0.0', 10, 'ipv4');
ranges.addSubnet('fd7a:115c:a1e0::', 48, 'ipv6');

/** The role of an address. A range alone proves nothing, so without a match it is *missing* at most. */
export function tailnetRole(address: Address | null, { view, suffix }: TailnetEyes): TailnetRole {
  if (address === null) return { kind: 'elsewhere' };
  const host = address.host.toLowerCase().replace(/\.$/, '');
  const version = isIP(host);
  const { state } = view;
  if (state.kind === 'running') {
    const named = (node: { dnsName: string; addresses: readonly string[] }): boolean =>
      version === 0 ? node.dnsName.toLowerCase() === host : node.addresses.includes(host);
    if (named(state.self)) return { kind: 'self' };
    const peer = state.peers.find(named);
    if (peer) return { kind: 'peer', peer };
  }
  const likely =
    version === 0
      ? host.endsWith('.ts.net') || (suffix !== '' && host.endsWith(`.${suffix.toLowerCase()}`))
      : ranges.check(host, version === 4 ? 'ipv4' : 'ipv6');
  if (!likely) return { kind: 'elsewhere' };
  return { kind: state.kind === 'running' ? 'missing' : 'unseen' };
}

/** Tailscale was asked, and does not run. */
export const isTailscaleDown = ({ state }: TailnetView): boolean =>
  state.kind !== 'running' && state.kind !== 'unchecked';

/** Why nothing can come from there, by the tailnet's word; null where it says nothing of the kind. */
export function absenceOf(
  role: TailnetRole,
  view: TailnetView,
): 'tailscale_down' | 'tailnet_offline' | null {
  if (role.kind === 'peer') return role.peer.online ? null : 'tailnet_offline';
  return role.kind === 'unseen' && isTailscaleDown(view) ? 'tailscale_down' : null;
}

/**
 * Whether the other machine is gone by the tailnet's word. The word counts at once, and no longer than
 * until the machine itself answers: its login server may have lost it, and we not.
 */
export class Presence {
  #cause: ReturnType<typeof absenceOf> = null;
  #answered = false;

  /** @returns whether it just went, or just came back */
  note(cause: ReturnType<typeof absenceOf>): 'went' | 'back' | null {
    const before = this.#cause;
    this.#cause = cause;
    if (before === cause) return null;
    this.#answered = false;
    return cause === null ? 'back' : 'went';
  }

  /** It answered us just now. */
  answered(): void {
    this.#answered = true;
  }

  get lost(): ReturnType<typeof absenceOf> {
    return this.#answered ? null : this.#cause;
  }
}
