/** The reception: our own A2A endpoint, invites, and what comes in through them. */
import type { RequestListener } from 'node:http';
import { RateLimiter } from '../clock/throttle.ts';
import {
  type CallHandlers,
  type DelegationId,
  type DelegationView,
  type InviteId,
  type InviteView,
  ok,
  type PeerId,
  RECEPTION_PATHS,
  type ReceptionView,
} from '../contract/index.ts';
import { createRequestHandler } from './a2a/request-handler.ts';
import { createAudit } from './audit.ts';
import type { Caller } from './delegations/caller.ts';
import { type DelegationHandlers, delegationHandlers } from './delegations/calls.ts';
import { createDelegations } from './delegations/delegations.ts';
import type { BoardFilter } from './delegations/table.ts';
import {
  type DelegationOutcome,
  outcomeOf,
  type TakenFromElsewhere,
  type TaskFromElsewhere,
  takeFromElsewhere,
} from './elsewhere.ts';
import { Door } from './http/door.ts';
import { JsonRpcEndpoint } from './http/json-rpc.ts';
import type { Listener } from './http/listener.ts';
import { ListeningSet } from './http/listening.ts';
import { createInvites, type InviteHandlers } from './invites/invites.ts';
import type { ReceptionConfig, ReceptionOptions } from './options.ts';
import { createPartnership, type PartnershipHandlers } from './partnership.ts';
import { type PolicyHandlers, policyHandlers } from './policy/calls.ts';
import { type ChainRules, chainRules } from './policy/chain-rules.ts';
import { createGate } from './policy/gate.ts';
import { createPolicies } from './policy/policies.ts';
import { createRetention } from './retention.ts';
import { createTokens } from './tokens.ts';

/** Every call that the reception answers. */
export type ReceptionHandlers = DelegationHandlers &
  InviteHandlers &
  PartnershipHandlers &
  PolicyHandlers &
  Pick<CallHandlers, 'reception.configure'>;

/** The whole of it, as the app holds it; made by {@link createReception}. */
export interface Reception {
  readonly handlers: ReceptionHandlers;
  /** Listens as the person chose. Never rejects; what went wrong stands in the view. */
  start(): Promise<void>;
  /** Tailscale gave or took an address, or incoming work goes on again. */
  look(): Promise<void>;
  stop(): Promise<void>;
  view(): ReceptionView;
  /** Takes in what a relay passed on; from here on it is like all other work. */
  take(caller: Caller, task: TaskFromElsewhere): Promise<TakenFromElsewhere>;
  /** The delegation that a message of a peer became. */
  find(peerId: PeerId, messageId: string): DelegationId | null;
  /** How a delegation stands, in full, for whoever asked for it. */
  outcome(id: DelegationId): DelegationOutcome | null;
  delegation(id: DelegationId): DelegationView | null;
  /** What is open, newest first, at most 200. */
  delegations(): DelegationView[];
  /** A page of the board, newest first. */
  board(filter: BoardFilter): DelegationView[];
  /** What bounds the chains that local agents go on with. */
  readonly chains: ChainRules;
  invite(id: InviteId): InviteView | null;
  invites(): InviteView[];
}

/** How often one stranger is noted: once a minute. */
const NOTED = { burst: 1, perSecond: 1 / 60 } as const;

/** Opens the reception of a home; it listens after {@link Reception.start}. */
export function createReception(options: ReceptionOptions): Reception {
  const { store, clock, changed, config, tailnet, log } = options;
  const audit = createAudit(store, clock, log);
  const tokens = createTokens(store, clock, audit);
  const policies = createPolicies(store, clock, options.partners, log);
  const { agents, attention } = options;
  const gate = createGate({ clock, audit, policies, agents, attention });
  const retention = createRetention(options);
  const delegations = createDelegations(
    {
      ...options,
      changed: (key) => {
        changed(key);
        if (key.type === 'delegation') retention.note();
      },
    },
    gate,
  );
  const partnership = createPartnership(options, tokens, audit, delegations);
  const invites = createInvites({
    reception: options,
    tokens,
    audit,
    ownOrigins: () => listening.now.addresses,
  });
  const capabilities = (): readonly string[] => options.settings().capabilities;
  const jsonRpc = new JsonRpcEndpoint(
    createRequestHandler({
      delegations,
      clock,
      displayName: options.displayName,
      capabilities,
      appVersion: options.appVersion,
      paused: () => options.settings().incomingPaused,
    }),
    clock,
    log,
  );
  const door = new Door({
    clock,
    audit,
    tokens,
    partners: options.partners,
    jsonRpc,
    invites: invites.door,
    ended: partnership.endedByPeer,
    identity: options.identity,
    names: () => tailnet.names(),
    displayName: options.displayName,
    capabilities,
    appVersion: options.appVersion,
    log,
  });
  const handle =
    (listener: Listener): RequestListener =>
    (request, response) => {
      const origin = listener.origin(request.socket);
      if (origin) void door.handle(request, response, origin);
      else request.socket.destroy();
    };
  // Whoever knocks all the time would else push everything else out of the audit.
  const strangers = new RateLimiter(clock, NOTED);
  const listening = new ListeningSet(
    {
      tailnet,
      clock,
      unknown: (remote, reason) => {
        if (strangers.take(remote) > 0) return;
        audit.write('caller_unknown', null, `${remote}: ${reason}`);
      },
    },
    handle,
  );
  let chosen: ReceptionConfig = config.read();
  let seen: readonly string[] = [];
  let stopped = false;

  const listen = async (): Promise<void> => {
    seen = [...tailnet.addresses()];
    await listening.set(chosen, seen);
    changed({ type: 'app' });
  };

  const view = (): ReceptionView => {
    const { addresses, port, error } = listening.now;
    const [first] = addresses;
    const counts = delegations.ledger.table.counts();
    return {
      state: chosen.listen === 'off' ? 'off' : first === undefined ? 'failed' : 'listening',
      listen: chosen.listen,
      port: port || chosen.port,
      addresses: [...addresses],
      cardUrl: first === undefined ? null : `${first}${RECEPTION_PATHS.card}`,
      paused: options.settings().incomingPaused,
      waiting: counts.get('proposed') ?? 0,
      running: (counts.get('accepted') ?? 0) + (counts.get('in_progress') ?? 0),
      error,
    };
  };

  return {
    handlers: {
      ...delegationHandlers(delegations, options, policies),
      ...policyHandlers({
        ...{ clock, audit, tokens, agents, policies, gate, changed },
        partners: options.partners,
        table: delegations.ledger.table,
      }),
      ...invites.handlers,
      ...partnership.handlers,
      'reception.configure': async ({ listen: where, port }) => {
        chosen = { listen: where, port };
        await listen();
        // A port that was free for us now is the one that the peers' links lead to.
        if (port === 0 && listening.now.port !== 0) {
          chosen = { listen: where, port: listening.now.port };
        }
        await config.write(chosen);
        return ok(view());
      },
    },
    start: async () => {
      delegations.start();
      retention.start();
      invites.start();
      await listen();
    },
    look: async () => {
      if (stopped) return;
      delegations.wake();
      const now = tailnet.addresses();
      const same = now.length === seen.length && now.every((address) => seen.includes(address));
      if (chosen.listen === 'tailnet' && !same) await listen();
    },
    stop: async () => {
      stopped = true;
      retention.stop();
      await listening.set({ listen: 'off', port: 0 }, []);
      await invites.stop();
      await delegations.stop();
    },
    view,
    take: (caller, task) => takeFromElsewhere(delegations, caller, task),
    find: (peerId, messageId) => delegations.ledger.table.delegationOfMessage(peerId, messageId),
    outcome: (id) => outcomeOf(delegations, id),
    chains: chainRules({
      ...{ clock, audit, policies, attention },
      partners: options.partners,
      table: delegations.ledger.table,
    }),
    delegation: (id) => delegations.view(id),
    delegations: () => delegations.open(),
    board: (filter) => delegations.board(filter),
    invite: (id) => invites.view(id),
    invites: () => invites.recent(),
  };
}
