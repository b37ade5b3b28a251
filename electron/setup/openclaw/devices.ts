/** The devices of a gateway, from `device.pair.list` and its events, in words for a person. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { PairedDevice, PairingRequest } from '../../contract/index.ts';
import { scopeViews } from './scope-words.ts';

/** Whose machine an address is, as the tailnet knows it. */
export type OwnerOf = (address: string) => PairingRequest['owner'];

/** The ids of this installation's devices; null where one is not known. */
export type OurDevices = Readonly<Record<'link' | 'reception', string | null>>;

/** Where only requests are read, no device has to be known as ours. */
export const NO_DEVICES: OurDevices = { link: null, reception: null };

interface KnownDevices {
  readonly ours: OurDevices;
  readonly ownerOf: OwnerOf;
}

const text = z.string().max(1_000).optional().catch(undefined);
const texts = z.array(z.string().max(200)).max(64).optional().catch(undefined);
const time = z.number().optional().catch(undefined);

/** `device.pair.requested`, and an entry of `pending`: OpenClaw 2026.9.6. */
const Requested = z.object({
  requestId: z.string().min(1).max(200),
  deviceId: z.string().min(1).max(200),
  publicKey: text,
  displayName: text,
  platform: text,
  clientId: text,
  role: text,
  scopes: texts,
  remoteIp: text,
  ts: time,
});

const Paired = z.object({
  deviceId: z.string().min(1).max(200),
  publicKey: text,
  displayName: text,
  operatorLabel: text,
  platform: text,
  clientId: text,
  role: text,
  roles: texts,
  scopes: texts,
  approvedVia: text,
  approvedAtMs: time,
  lastSeenAtMs: time,
  remoteIp: text,
  connected: z.boolean().optional().catch(undefined),
  tokens: z
    .array(z.object({ role: text, scopes: texts, revokedAtMs: time }))
    .optional()
    .catch(undefined),
});

const Lists = z.object({
  pending: z.array(z.unknown()).max(10_000).catch([]),
  paired: z.array(z.unknown()).max(10_000).catch([]),
});

/** SHA-256 of the raw key: that is the device's id, unless the gateway says nonsense. */
function fingerprintOf(publicKey: string | undefined, deviceId: string): string {
  const raw = Buffer.from(publicKey ?? '', 'base64url');
  return raw.length === 32 ? createHash('sha256').update(raw).digest('hex') : deviceId;
}

/** One line, of a length that fits; whoever wrote it is not us. */
const short = (value: string | undefined, units: number): string =>
  (value ?? '')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, units);

type PairedEntry = z.infer<typeof Paired>;

/** Reads `device.pair.list`; what does not fit is left out. */
export function readDevices(
  value: unknown,
  known: KnownDevices,
): { paired: PairedDevice[]; pending: PairingRequest[] } {
  const lists = Lists.safeParse(value);
  if (!lists.success) return { paired: [], pending: [] };
  const entries = lists.data.paired.flatMap((one) => {
    const parsed = Paired.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
  const granted = new Map(entries.map((one) => [one.deviceId, heldScopes(one)]));
  return {
    paired: entries
      .map((one) => pairedView(one, known))
      .sort(
        (a, b) =>
          Number(b.connected) - Number(a.connected) || (b.lastSeenAt ?? 0) - (a.lastSeenAt ?? 0),
      ),
    pending: lists.data.pending
      .flatMap((one) => readRequest(one, known.ownerOf, (id) => granted.get(id) ?? []) ?? [])
      .sort((a, b) => b.askedAt - a.askedAt),
  };
}

/** Reads one request; null where it is none. @param held what the device may do already */
export function readRequest(
  value: unknown,
  ownerOf: OwnerOf,
  held: (deviceId: string) => readonly string[],
): PairingRequest | null {
  const parsed = Requested.safeParse(value);
  if (!parsed.success) return null;
  const { data } = parsed;
  const address = data.remoteIp ?? null;
  return {
    requestId: data.requestId,
    deviceId: data.deviceId,
    name: short(data.displayName, 80) || 'A device without a name',
    fingerprint: fingerprintOf(data.publicKey, data.deviceId),
    platform: short(data.platform, 40),
    client: short(data.clientId, 60),
    address: address === null ? null : short(address, 60),
    owner: address === null ? null : ownerOf(address),
    role: short(data.role, 40) || 'operator',
    scopes: scopeViews(data.scopes ?? []),
    hasScopes: scopeViews(held(data.deviceId)),
    askedAt: data.ts ?? 0,
  };
}

/** What its tokens allow that are not revoked. */
function heldScopes(device: PairedEntry): string[] {
  const tokens = device.tokens ?? [];
  if (tokens.length === 0) return device.scopes ?? [];
  return tokens
    .filter((token) => token.revokedAtMs === undefined)
    .flatMap((token) => token.scopes ?? []);
}

function pairedView(device: PairedEntry, { ours, ownerOf }: KnownDevices): PairedDevice {
  const tokens = device.tokens ?? [];
  const revoked = tokens.length > 0 && tokens.every((token) => token.revokedAtMs !== undefined);
  const label = short(device.operatorLabel, 80);
  const address = device.remoteIp === undefined ? null : short(device.remoteIp, 60);
  return {
    deviceId: device.deviceId,
    name: label || short(device.displayName, 80) || short(device.clientId, 60) || 'Without a name',
    renamed: label !== '',
    fingerprint: fingerprintOf(device.publicKey, device.deviceId),
    platform: short(device.platform, 40),
    client: short(device.clientId, 60),
    roles: (device.roles ?? [device.role ?? 'operator']).map((role) => short(role, 40)),
    // A revoked device may do nothing; what it could do is shown, so that one sees what was at stake.
    scopes: scopeViews(revoked ? (device.scopes ?? []) : heldScopes(device)),
    address,
    owner: address === null ? null : ownerOf(address),
    connected: device.connected ?? false,
    lastSeenAt: device.lastSeenAtMs ?? null,
    approvedAt: device.approvedAtMs ?? null,
    approvedBy:
      device.approvedVia === 'owner'
        ? 'person'
        : device.approvedVia === 'silent'
          ? 'silent'
          : 'other',
    revoked,
    ours:
      device.deviceId === ours.link
        ? 'link'
        : device.deviceId === ours.reception
          ? 'reception'
          : null,
  };
}

/** The roles whose tokens a device holds, for revoking them all. */
export function tokenRoles(value: unknown, deviceId: string): string[] {
  const lists = Lists.safeParse(value);
  if (!lists.success) return [];
  for (const one of lists.data.paired) {
    const parsed = Paired.safeParse(one);
    if (!parsed.success || parsed.data.deviceId !== deviceId) continue;
    return (parsed.data.tokens ?? []).flatMap((token) =>
      token.revokedAtMs === undefined && token.role ? [token.role] : [],
    );
  }
  return [];
}
