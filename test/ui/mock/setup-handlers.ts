import {
  type AppError,
  appError,
  type BindPlan,
  type BoardItem,
  type DelegationView,
  FRESH_SETUP,
  fail,
  type GatewayExposure,
  type GatewayStatus,
  type InviteView,
  isOver,
  type OutgoingDelegationView,
  ok,
} from '../../../electron/contract/index.ts';
import { NOW } from './seeds.ts';
import type { MockHandlers } from './session.ts';
import { EXPOSURE, IMPORT, invite, outgoing, PLAN, STATUS } from './setup-lab.ts';
import type { World } from './world.ts';

/** What the mock knows beside the world's own state. A test changes it as it goes. */
export interface Lab {
  status: GatewayStatus;
  exposure: GatewayExposure;
  /** Why no change is drawn up; null = it is. */
  noPlan: AppError | null;
  plan: BindPlan;
}

const labs = new WeakMap<World, Lab>();

/** The lab of a world. */
export function labOf(world: World): Lab {
  const known = labs.get(world);
  if (known) return known;
  const fresh: Lab = { status: STATUS, exposure: EXPOSURE, noPlan: null, plan: PLAN };
  labs.set(world, fresh);
  return fresh;
}

/** Calls of the setup, the invites, the inbox and the import, on a world. */
export function setupHandlers(world: World): MockHandlers {
  const lab = labOf(world);
  const change = (id: string, changes: Partial<InviteView>) => {
    const known = world.invites.get(id);
    if (known) world.putInvite({ ...known, ...changes });
    return ok({});
  };
  const decide = (id: string, changes: Partial<DelegationView>) => {
    const known = world.delegations.get(id);
    if (known) world.putDelegation({ ...known, ...changes });
    return ok({});
  };
  const turn = (id: string, changes: Partial<OutgoingDelegationView>) => {
    const known = world.outgoing.get(id);
    if (known) world.putOutgoing({ ...known, ...changes });
    return ok({});
  };
  return {
    'setup.update': ({ changes }) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      world.changeApp({ setup: { ...world.app.setup, ...Object.fromEntries(given) } });
      return ok(world.app.setup);
    },
    'setup.restart': () => {
      world.changeApp({ setup: { ...FRESH_SETUP } });
      return ok(world.app.setup);
    },
    'tailnet.check': () => ok(world.tailnet),
    'tailnet.join': ({ by }) => {
      if (by.kind === 'auth_key' && by.value.startsWith('tskey-api-'))
        return fail(appError('setup.join_api_key', 'It begins with tskey-api-.'));
      world.changeTailnet({
        join: {
          by: by.kind,
          loginServer: null,
          since: NOW,
          until: NOW + 300_000,
          phase: { kind: 'link', url: 'https://login.tailscale.com/a/1f2e3d4c5b', qr: null },
        },
      });
      return ok({});
    },
    'tailnet.cancelJoin': () => {
      world.changeTailnet({ join: null });
      return ok({});
    },
    'tailnet.ping': () => ok({ path: { kind: 'direct', region: null, ms: 3, pingedAt: NOW } }),
    'tailnet.open': () => ok({ url: 'https://login.tailscale.com/admin/machines' }),
    'ownGateway.status': () => ok(lab.status),
    'ownGateway.exposure': () => ok(lab.exposure),
    'ownGateway.firewall': () =>
      ok({ state: 'none', tool: null, port: 18_789, meaning: '', command: null }),
    'ownGateway.planBind': ({ choice }) =>
      lab.noPlan ? fail(lab.noPlan) : ok({ ...lab.plan, choice }),
    'ownGateway.applyBind': () => {
      world.changeGateway({
        task: {
          what: 'bind',
          planId: PLAN.planId,
          startedAt: NOW,
          step: { kind: 'proving' },
          exposure: null,
          links: [],
        },
      });
      return ok({});
    },
    'ownGateway.dismissTask': () => {
      world.changeGateway({ task: null });
      return ok({});
    },
    'ownGateway.watchRequests': ({ watch }) => {
      world.changeGateway({ watch: watch ? { kind: 'on', since: NOW } : { kind: 'off' } });
      return ok({});
    },
    'ownGateway.approve': ({ requestId }) => {
      const pending = world.gateway.pending.filter((one) => one.requestId !== requestId);
      world.changeGateway({ pending, pendingCount: pending.length });
      return ok({ deviceId: 'd' });
    },
    'reception.configure': ({ listen, port }) => {
      world.changeApp({ reception: { ...world.app.reception, listen, port } });
      return ok(world.app.reception);
    },
    'invite.create': ({ for: whose, peerName }) => {
      const made = invite({ for: whose, peerName: peerName ?? '' });
      world.putInvite(made);
      return ok({ invite: made, text: 'eyJ2IjoxLCJhIjpbIjEwMC42NC4wLjE6NDk1MDEiXX0' });
    },
    'invite.list': () => ok({ invites: [...world.invites.values()] }),
    'invite.cancel': ({ inviteId }) => change(inviteId, { state: 'cancelled' }),
    'invite.confirm': ({ inviteId }) => change(inviteId, { state: 'confirmed' }),
    'invite.reject': ({ inviteId }) => change(inviteId, { state: 'rejected' }),
    'invite.preview': ({ text }) =>
      text.includes('broken')
        ? fail(appError('invite.truncated', 'The end of it is missing.'))
        : ok({
            for: 'theirs',
            name: 'Ben’s Mac mini',
            addresses: ['100.64.0.4:49501'],
            fingerprint: 'a1b2c3d4'.repeat(8),
            tls: null,
            expiresAt: NOW + 480_000,
          }),
    'invite.redeem': ({ peerName }) => {
      const made = invite({ direction: 'redeemed', peerName });
      world.putInvite(made);
      return ok({ invite: made });
    },
    'delegation.list': ({ which }) =>
      ok({
        delegations: [...world.delegations.values()].filter(
          (one) => which === 'all' || which === (isOver(one.state) ? 'over' : 'open'),
        ),
        more: false,
      }),
    'board.list': ({ direction, before, limit, search }) => {
      const items: BoardItem[] = [
        ...[...world.delegations.values()].map(
          (one): BoardItem => ({ direction: 'in', delegation: one }),
        ),
        ...[...world.outgoing.values()].map(
          (one): BoardItem => ({ direction: 'out', delegation: one }),
        ),
      ]
        .filter((one) => direction === 'all' || direction === one.direction)
        .filter((one) => JSON.stringify(one).includes(search ?? ''))
        .filter((one) => before === undefined || one.delegation.id < before)
        .toSorted((a, b) => (a.delegation.id < b.delegation.id ? 1 : -1));
      return ok({ items: items.slice(0, limit), more: items.length > limit });
    },
    'ownSession.list': () =>
      ok({ sessions: [{ key: 'agent:main:main', label: 'main', updatedAt: NOW }] }),
    'ownSession.turns': ({ count }) =>
      ok({
        turns: [
          { from: 'person' as const, text: 'Why does the build fail?', at: NOW },
          { from: 'agent' as const, text: 'A file was renamed.', at: NOW },
        ].slice(-count),
      }),
    'status.schedule': () =>
      ok({
        schedule: null,
        nextAt: null,
        lastAt: null,
        lastDueAt: null,
        missed: null,
        failed: [],
      }),
    'status.preview': ({ peerIds, topic, focus }) =>
      ok({
        previews: peerIds.map((peerId) => ({
          peerId,
          name: world.peers.get(peerId)?.name ?? '',
          text: `[Morning Status] → ${topic}\nFocus today: ${focus}`,
        })),
      }),
    'status.set': () => ok({}),
    'unasked.stop': ({ delegationId }) => {
      const known = world.unasked.get(delegationId);
      if (known) world.putUnasked({ ...known, state: 'cancelled' });
      return ok({});
    },
    'outgoing.candidates': () =>
      ok({
        peers: [...world.peers.values()].map(({ id, name, status, statusText }) => ({
          peerId: id,
          name,
          status,
          statusText,
          capabilities: (world.details.get(id)?.capabilities ?? []).map(({ tag }) => tag),
        })),
      }),
    'outgoing.send': (input) => {
      if (input.task.includes('token') && !input.anyway) {
        return fail(appError('message.looks_secret', 'A token, in line 2.'));
      }
      const made = outgoing(world.outgoing.size + 40, {
        peerId: input.peerId,
        peer: world.peers.get(input.peerId)?.name ?? '',
        topic: input.topic,
        task: input.task,
        priority: input.priority,
        deadlineAt: input.deadlineAt ?? null,
        sentAt: NOW,
      });
      world.putOutgoing(made);
      const { id: delegationId, messageId, threadId } = made;
      return ok({ delegationId, messageId, threadId, warning: 'none' });
    },
    'outgoing.cancel': ({ delegationId }) =>
      turn(delegationId, { state: 'cancelled', running: false }),
    'outgoing.mark': ({ delegationId, state }) =>
      turn(delegationId, { state, stateFrom: 'person' }),
    'delegation.open': ({ delegationId }) => {
      const found = world.delegations.get(delegationId);
      return found
        ? ok({ delegation: found, text: found.text, turns: [] })
        : fail(appError('reception.delegation_not_found', 'It is gone.'));
    },
    'delegation.accept': ({ delegationId, text }) =>
      decide(delegationId, {
        state: 'in_progress',
        decision: {
          what: 'accepted',
          by: 'person',
          at: NOW,
          reason: '',
          edited: text !== undefined,
        },
      }),
    'delegation.askBack': ({ delegationId, text }) =>
      decide(delegationId, { state: 'asked_back', question: text }),
    'delegation.answer': ({ delegationId, text, files, anyway }) => {
      if (!anyway && text.includes('ghp_')) {
        return fail(appError('message.looks_secret', 'GitHub token on line 1.'));
      }
      const parts = files.map(({ name, mediaType, data }) => {
        const bytes = Buffer.from(data, 'base64').byteLength;
        return { kind: 'file' as const, name, mediaType, bytes, url: null };
      });
      const at = NOW;
      decide(delegationId, {
        state: 'completed',
        decision: { what: 'answered', by: 'person', at, reason: '', edited: false },
        answer: { text, bytes: Buffer.byteLength(text), at, files: parts },
      });
      return ok({ stopped: true });
    },
    'delegation.snooze': ({ delegationId, until }) => decide(delegationId, { snoozedUntil: until }),
    'delegation.stop': ({ delegationId }) => decide(delegationId, { state: 'cancelled' }),
    'delegation.decline': ({ delegationId, reason }) =>
      decide(delegationId, {
        state: 'declined',
        decision: { what: 'declined', by: 'person', at: NOW, reason, edited: false },
      }),
    'partnership.preview': () =>
      ok({
        theirToken: { issuedAt: NOW - 86_400_000, lastUsedAt: NOW - 3_600_000 },
        ourTokens: ['http://100.64.0.4:49501'],
        openDelegations: 1,
        held: [
          'A token of its own for this reception. Ending the partnership makes it worthless; it opens nothing else.',
          'A place at your gateway, for “Ada’s laptop” at 100.64.0.4: it may read sessions and let agents work.',
          'Perhaps the token of your gateway: a device at their address was let in there, and not by an invite.',
        ],
        devices: [
          {
            deviceId: 'a'.repeat(64),
            name: 'Ada’s laptop',
            address: '100.64.0.4',
            lastSeenAt: NOW - 3_600_000,
            proven: true,
          },
          {
            deviceId: 'b'.repeat(64),
            name: 'Telephone',
            address: '100.64.0.4',
            lastSeenAt: null,
            proven: false,
          },
        ],
        knowsGatewayToken: true,
        machine: { name: 'ada-laptop', relation: 'shared_in' },
      }),
    'partnership.end': () => ok({ left: ['They could not be told: nothing answers there.'] }),
    'import.places': () =>
      ok({
        places: IMPORT.files.flatMap(({ path, kind }) => (kind ? [{ path, kind }] : [])),
      }),
    'import.preview': () => ok(IMPORT),
    'import.apply': ({ rows }) =>
      ok({
        results: rows.map(({ id, name }) => ({ id, name, peerId: null, error: null })),
      }),
    'import.protectSource': ({ path }) => {
      const file = IMPORT.files.find((one) => one.path === path);
      return file
        ? ok({ file: { ...file, mode: '0600', tooOpen: false } })
        : fail(appError('import.expired', 'Not part of it.'));
    },
    'import.deleteSource': () => ok({ text: 'The 120 bytes were overwritten once.' }),
    'export.peers': () => ok({ fileName: 'peerage-peers.json', text: '{}', peers: 0 }),
  };
}
