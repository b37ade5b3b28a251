/**
 * Calls about the gateway on this machine: who can reach it, who is let in, and how that changes. All
 * of them need a window: an agent can neither look nor consent. They hold a connection with more
 * rights (`operator.pairing`, `operator.admin`) only while they run.
 */
import * as z from 'zod';
import {
  AuditFinding,
  BindChoice,
  BindPlan,
  FirewallView,
  GatewayBackup,
  GatewayExposure,
  GatewayStatus,
  PairedDevice,
  PairingRequest,
} from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { requiredLine } from './text.ts';

const id = z.string().min(1).max(200);
const scopes = z.array(z.string().min(1).max(100)).max(64);

/** What a person may see and change of the own gateway; none of it at the control socket. */
export const gatewayCalls = {
  /** Looks at program, configuration and process. Within 15 s; needs no connection and no secret. */
  'ownGateway.status': query('window', nothing, GatewayStatus),
  /** Connects to each address of this machine, each within 2 s. */
  'ownGateway.exposure': query('window', nothing, GatewayExposure),
  /** What this machine's own firewall lets in to the gateway's port. Within 10 s, read only. */
  'ownGateway.firewall': query('window', nothing, FirewallView),

  /**
   * Shows what a choice would change; writes nothing. Refused at once: `own_gateway.address_refused`
   * (wildcard, public, not of this machine), `own_gateway.no_tailnet_address`,
   * `own_gateway.no_auth`, `own_gateway.elsewhere`.
   */
  'ownGateway.planBind': command(
    'window',
    z.object({
      choice: BindChoice,
      /** An address of this machine, for `custom`. */
      address: requiredLine(45).nullable(),
      /**
       * Whether devices that come by loopback are let in unasked. Not honoured (always false) with
       * `loopback_serve`, and where a forwarder or tunnel reaches loopback.
       */
      autoApproveLocal: z.boolean(),
      /** The person says that an SSH tunnel or a forwarder leads to this machine's loopback. */
      tunnel: z.boolean(),
    }),
    BindPlan,
  ),
  /**
   * Carries a plan out, and answers once it began; `GatewayLive.task` tells how it goes on. Fails:
   * `own_gateway.plan_gone`, `own_gateway.busy`.
   */
  'ownGateway.applyBind': command('window', z.object({ planId: id }), nothing),
  /** Stops waiting for the person's restart. The settings stay, and take effect at the next start. */
  'ownGateway.cancelTask': command('window', nothing, nothing),
  /** Forgets a task that ended. */
  'ownGateway.dismissTask': command('window', nothing, nothing),
  /** Newest first; at most ten are kept. */
  'ownGateway.backups': query('window', nothing, z.object({ backups: z.array(GatewayBackup) })),
  /** Puts a file back, byte for byte; the present one is backed up first. Told by `GatewayLive.task`. */
  'ownGateway.restoreBackup': command('window', z.object({ backupId: id }), nothing),

  /** Begins or ends watching for devices that ask; kept over restarts. */
  'ownGateway.watchRequests': command('window', z.object({ watch: z.boolean() }), nothing),
  /** Everyone who is in, and everyone who asks. */
  'ownGateway.devices': query(
    'window',
    nothing,
    z.object({ paired: z.array(PairedDevice), pending: z.array(PairingRequest) }),
  ),
  /**
   * Lets a device in. `scopes` is what the person saw and agreed to: OpenClaw approves a request as a
   * whole, so fewer than it asks fails with `own_gateway.cannot_approve_less`, and other ones with
   * `own_gateway.request_changed`.
   */
  'ownGateway.approve': command(
    'window',
    z.object({ requestId: id, scopes }),
    z.object({ deviceId: z.string() }),
  ),
  'ownGateway.reject': command('window', z.object({ requestId: id }), nothing),
  'ownGateway.rename': command(
    'window',
    z.object({ deviceId: id, name: requiredLine(64) }),
    nothing,
  ),
  /** Ends a device's access at once, also where it is connected. It stays known. */
  'ownGateway.revoke': command('window', z.object({ deviceId: id }), nothing),
  /** Forgets a device: to come back it must ask anew. */
  'ownGateway.remove': command('window', z.object({ deviceId: id }), nothing),

  /** OpenClaw's own security audit. Takes up to 60 s. */
  'ownGateway.audit': query(
    'window',
    nothing,
    z.object({ findings: z.array(AuditFinding), checkedAt: z.number() }),
  ),
  /**
   * Gives the gateway a new shared token, and our own links with it. Told by `GatewayLive.task`:
   * `done` only when every link of ours that was up is up again.
   */
  'ownGateway.rotateToken': command('window', nothing, nothing),
} as const;
