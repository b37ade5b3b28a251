/**
 * `tailscale status --json`, as far as it is used. Its makers say that the format may change: unknown
 * fields are ignored, and a field of another kind counts as absent, except the two without which
 * nothing can be said. Source: ipn/ipnstate/ipnstate.go of v1.102.3.
 */
import * as z from 'zod';
import { appError, fail, ok, type Result } from '../../contract/index.ts';
import { jsonObjects } from './json-objects.ts';
import { isGuiError } from './trouble.ts';
import { firstLine } from './words.ts';

const text = z.string().catch('');
const flag = z.boolean().catch(false);
const texts = z.array(z.string()).catch([]);

/**
 * A machine (ipnstate.PeerStatus), this one or another; what it does not say is empty, 0 or false.
 */
export const RawNode = z.object({
  ID: text,
  NodeID: z.number().catch(0),
  HostName: text,
  DNSName: text,
  OS: text,
  UserID: z.number().catch(0),
  AltSharerUserID: z.number().catch(0),
  TailscaleIPs: texts,
  Tags: texts,
  CurAddr: text,
  Relay: text,
  PeerRelay: text,
  Online: flag,
  Active: flag,
  LastSeen: text,
  ExitNode: flag,
  ExitNodeOption: flag,
  ShareeNode: flag,
  Expired: flag,
  KeyExpiry: text,
  Location: z.unknown().optional(),
});
export type RawNode = z.infer<typeof RawNode>;

const RawUser = z.object({ LoginName: text, DisplayName: text });

/** The states of ipn.State, by their Go names; another one makes the status unreadable. */
export const BackendState = z.enum([
  'NoState',
  'InUseOtherUser',
  'NeedsLogin',
  'NeedsMachineAuth',
  'Stopped',
  'Starting',
  'Running',
]);
export type BackendState = z.infer<typeof BackendState>;

/** The whole answer (ipnstate.Status). Machines in `Peer` are checked one by one afterwards. */
export const RawStatus = z.object({
  Version: text,
  BackendState,
  AuthURL: text,
  Self: RawNode.nullish().catch(null),
  Health: texts,
  MagicDNSSuffix: text,
  CurrentTailnet: z.object({ Name: text, MagicDNSSuffix: text }).nullish().catch(null),
  CertDomains: texts,
  Peer: z.record(z.string(), z.unknown()).nullish().catch(null),
  User: z.record(z.string(), RawUser).nullish().catch(null),
});
export type RawStatus = Omit<z.infer<typeof RawStatus>, 'Peer'> & {
  readonly Peer: readonly RawNode[];
};

/** Reads it strictly: one object and nothing else. @returns setup.tailscale_gui_error, setup.tailscale_unreadable */
export function parseStatus(output: string): Result<RawStatus> {
  if (isGuiError(output)) {
    return fail(appError('setup.tailscale_gui_error', firstLine(output)));
  }
  const stream = jsonObjects();
  const objects = stream.push(output);
  const unreadable = (why: string): Result<RawStatus> =>
    fail(appError('setup.tailscale_unreadable', why));
  if (objects.length > 1) return unreadable(`It gave ${objects.length} answers to one question.`);
  if (stream.strayText !== '') {
    return unreadable(`It mixed other text into its answer: ${firstLine(stream.strayText)}`);
  }
  if (objects.length === 0) {
    return unreadable(stream.broken ? 'Its answer breaks off.' : 'It gave no answer.');
  }
  const parsed = RawStatus.safeParse(objects[0]);
  if (!parsed.success) return unreadable('Its answer does not say in which state it is.');
  const peers: RawNode[] = [];
  for (const one of Object.values(parsed.data.Peer ?? {})) {
    const node = RawNode.safeParse(one);
    // Without an id it cannot be told from others.
    if (node.success && node.data.ID !== '') peers.push(node.data);
  }
  return ok({ ...parsed.data, Peer: peers });
}
