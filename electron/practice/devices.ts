/** Who may connect: paired devices with their tokens, and those that wait for approval. */
import { randomBytes, randomUUID } from 'node:crypto';
import { buildPairingConnectErrorDetails } from '@openclaw/gateway-protocol/connect-error-details';
import * as z from 'zod';
import { Refusal } from './frames.ts';

/** A device that was let in, as it is kept. `token` null = revoked; `approvedAt` in ms. */
export const PairedDevice = z.object({
  id: z.string(),
  publicKey: z.string(),
  displayName: z.string(),
  platform: z.string(),
  scopes: z.array(z.string()),
  token: z.string().nullable(),
  approvedAt: z.number(),
});
export type PairedDevice = z.infer<typeof PairedDevice>;

/** A device that asked and waits. */
export interface PendingDevice {
  readonly requestId: string;
  readonly id: string;
  readonly publicKey: string;
  readonly displayName: string;
  readonly platform: string;
  readonly scopes: readonly string[];
  readonly reason: PairingReason;
  readonly at: number;
}

/** In OpenClaw's words: a new device, one that wants more, one of another platform. */
export type PairingReason = 'not-paired' | 'scope-upgrade' | 'metadata-upgrade';

/** What a connecting device says of itself. */
export interface Applicant {
  readonly id: string;
  readonly publicKey: string;
  readonly displayName: string;
  readonly platform: string;
  readonly scopes: readonly string[];
}

/** Devices by id, in memory; whoever makes it keeps {@link Devices.list}. */
export class Devices {
  private readonly paired = new Map<string, PairedDevice>();
  private readonly waiting = new Map<string, PendingDevice>();

  load(devices: readonly PairedDevice[]): void {
    for (const device of devices) this.paired.set(device.id, { ...device });
  }

  list(): PairedDevice[] {
    return [...this.paired.values()].map((device) => ({ ...device }));
  }

  pending(): PendingDevice[] {
    return [...this.waiting.values()];
  }

  get(id: string): PairedDevice | undefined {
    return this.paired.get(id);
  }

  /** Why this device may not come in as it asks, or null where it may. */
  obstacle(applicant: Applicant): PairingReason | null {
    const known = this.paired.get(applicant.id);
    if (!known) return 'not-paired';
    if (known.platform !== applicant.platform) return 'metadata-upgrade';
    return applicant.scopes.every((scope) => known.scopes.includes(scope)) ? null : 'scope-upgrade';
  }

  /** Lets a device in, and makes its token where it has none. */
  admit(applicant: Applicant, now: number): PairedDevice {
    const known = this.paired.get(applicant.id);
    const scopes = [...new Set([...(known?.scopes ?? []), ...applicant.scopes])];
    const device: PairedDevice = {
      id: applicant.id,
      publicKey: applicant.publicKey,
      displayName: applicant.displayName,
      platform: applicant.platform,
      scopes,
      token: known?.token ?? randomBytes(32).toString('base64url'),
      approvedAt: now,
    };
    this.paired.set(device.id, device);
    return device;
  }

  /** The refusal for a device that must wait. The same device keeps its request id. */
  hold(applicant: Applicant, reason: PairingReason, now: number): Refusal {
    const old = [...this.waiting.values()].find((entry) => entry.id === applicant.id);
    const requestId = old?.requestId ?? randomUUID();
    this.waiting.set(requestId, { ...applicant, requestId, reason, at: old?.at ?? now });
    const details = buildPairingConnectErrorDetails({ reason, requestId, deviceId: applicant.id });
    return new Refusal({
      code: 'NOT_PAIRED',
      message: `pairing required (requestId: ${requestId})`,
      details: { ...details },
    });
  }

  /** Approves a waiting device. False when there is no such request. */
  approve(requestId: string, now: number): boolean {
    const request = this.waiting.get(requestId);
    if (!request) return false;
    this.waiting.delete(requestId);
    this.admit(request, now);
    return true;
  }

  /** Takes the token away; the device stays known. */
  revokeToken(id: string): boolean {
    const device = this.paired.get(id);
    if (!device) return false;
    this.paired.set(id, { ...device, token: null });
    return true;
  }

  remove(id: string): boolean {
    for (const request of this.pending()) {
      if (request.id === id) this.waiting.delete(request.requestId);
    }
    return this.paired.delete(id);
  }
}
