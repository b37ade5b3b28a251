/** One Peerage on a relay: its room of relays over a real database, with neighbours of the test's own. */
import { generateKeyPairSync, sign } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { v7 } from 'uuid';
import {
  type CallArguments,
  type CallOutput,
  type ChangeKey,
  CodedError,
  codedError,
  DelegationId,
  LinkId,
  PeerId,
  type RelayId,
  type RelayView,
} from '../../../electron/contract/index.ts';
import type { LinkEvent, SendOutcome } from '../../../electron/links/link.ts';
import {
  fingerprintOf,
  type RelayLink,
  type RelaySigner,
} from '../../../electron/links/relay/index.ts';
import {
  createRelays,
  type Outcome,
  type RelayBroadcast,
  type RelayHandlers,
  type RelayPeer,
  type Relays,
  type RelayTaskIn,
  type RelayTold,
} from '../../../electron/relays/index.ts';
import { findSecrets } from '../../../electron/send-guard/index.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import { leapClock } from '../../journeys/leap-clock.ts';
import { PATIENCE_MS } from '../../patience.ts';

/** An Ed25519 key as the keychain would hold it. */
export function newSigner(): RelaySigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  return {
    deviceId: fingerprintOf(raw),
    publicKey: raw,
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

export interface TakenTask extends RelayTaskIn {
  readonly id: DelegationId;
}

export class Member {
  readonly name: string;
  readonly folder: string;
  readonly signer: RelaySigner | null;
  readonly tasks: TakenTask[] = [];
  readonly outcomes = new Map<string, Outcome>();
  readonly broadcasts: RelayBroadcast[] = [];
  /** What was told to all of a relay, as it is kept. */
  readonly told: RelayTold[] = [];
  readonly files: { readonly title: string; readonly text: string }[] = [];
  readonly settled: string[] = [];
  readonly changes: ChangeKey[] = [];
  readonly logged: string[] = [];
  readonly events: LinkEvent[] = [];
  readonly links = new Map<string, RelayLink>();
  peers: RelayPeer[];
  secrets: Map<string, string>;
  paused = false;
  refuses: string | null = null;
  /** What the inbox does once with the next task, before anything else. */
  stumble: (() => void) | null = null;
  /** The keychain refuses. */
  locked = false;
  /** Real time, which a test can skip. */
  readonly clock = leapClock();
  readonly #store: Store;
  readonly relays: Relays;

  private constructor(name: string, before?: Member, signer?: RelaySigner | null) {
    this.name = name;
    this.folder = before?.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-relays-'));
    this.signer = before ? before.signer : signer === undefined ? newSigner() : signer;
    this.peers = before?.peers ?? [];
    this.secrets = before?.secrets ?? new Map();
    if (before) {
      this.tasks.push(...before.tasks);
      for (const [id, outcome] of before.outcomes) this.outcomes.set(id, outcome);
    }
    this.#store = openStore(this.folder, Date.now());
    this.relays = this.#build();
  }

  /** @param signer null = its device's key cannot be read: it signs nothing. */
  static async open(name: string, signer?: RelaySigner | null): Promise<Member> {
    const member = new Member(name, undefined, signer);
    await member.relays.start();
    return member;
  }

  /** The app is started again on the same home. */
  async reopened(): Promise<Member> {
    await this.close();
    const again = new Member(this.name, this);
    await again.relays.start();
    for (const peer of again.peers) again.#hold(peer);
    return again;
  }

  async close(): Promise<void> {
    for (const link of this.links.values()) await link.stop();
    await this.relays.stop();
    await this.#store.close();
    this.clock.stop();
  }

  async end(): Promise<void> {
    await this.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Makes a call as a window does, or as an agent does; what is refused is thrown. */
  async do<N extends keyof RelayHandlers>(
    name: N,
    input: CallArguments<N>,
    door: 'window' | 'control' = 'window',
  ): Promise<CallOutput<N>> {
    const context = {
      door,
      connectionId: 'test',
      signal: new AbortController().signal,
    } as const;
    const result = await this.relays.handlers[name](input as never, context);
    if (!result.ok) throw new CodedError(result.error);
    return result.value as CallOutput<N>;
  }

  /** Adds the relay, and waits until it is connected to it. Rejects where it refuses the token. */
  async join(url: string, more: Partial<CallArguments<'relay.add'>> = {}): Promise<RelayId> {
    const { relayId } = await this.do('relay.add', {
      url,
      token: null,
      tls: null,
      name: 'Team',
      agentName: this.name,
      capabilities: ['code'],
      description: `${this.name} at work`,
      joinAll: false,
      ...more,
    });
    const { kind } = await this.until('to be connected', () => {
      const { state } = this.relay();
      return (state.kind === 'online' || state.kind === 'bad_credential') && state;
    });
    if (kind === 'bad_credential') throw new Error(`${this.name} was refused`);
    return relayId;
  }

  relay(): RelayView {
    const [relay] = this.relays.view().relays;
    if (!relay) throw new Error(`${this.name} is on no relay`);
    return relay;
  }

  /** Our id at the relay. */
  get agentId(): string {
    return this.relay().agentId;
  }

  /** Makes a peer of an agent that the relay lists. */
  async befriend(name: string): Promise<RelayPeer> {
    const { id } = await this.until(`${name} on the relay`, () =>
      this.relay().agents.find((agent) => agent.name === name && agent.online),
    );
    const { linkId } = await this.do('relay.addPeer', { relayId: this.relay().id, agentId: id });
    const peer = this.peers.find((one) => one.linkId === linkId);
    if (!peer) throw new Error('no peer was made');
    return peer;
  }

  /** Sends a text to a peer, in a session of its own unless one is named. */
  async send(
    peer: RelayPeer,
    text: string,
    more: { readonly key?: string; readonly session?: string; readonly lastRunId?: string } = {},
  ): Promise<{ readonly key: string; readonly session: string; readonly outcome: SendOutcome }> {
    const link = this.link(peer);
    const key = more.key ?? `peerage:${v7()}`;
    const session = more.session ?? link.sessionKeyFor(v7(), null);
    const outcome = await link.send(
      {
        key,
        sessionKey: session,
        text,
        attachments: [],
        ...(more.lastRunId ? { lastRunId: more.lastRunId } : {}),
      },
      new AbortController().signal,
    );
    return { key, session, outcome };
  }

  link(peer: RelayPeer): RelayLink {
    const link = this.links.get(peer.linkId);
    if (!link) throw new Error(`no link to ${peer.name}`);
    return link;
  }

  /** The task with these words, once it is in the inbox. */
  task(text: string): Promise<TakenTask> {
    return this.until(`the task “${text}”`, () => this.tasks.find((one) => one.text === text));
  }

  /** Decides about a task; whoever asked is told. */
  decide(id: DelegationId, outcome: Partial<Outcome>): void {
    const before = this.outcomes.get(id);
    if (!before) throw new Error('no such task');
    this.outcomes.set(id, { ...before, ...outcome });
    this.relays.noteDelegation(id);
  }

  event<K extends LinkEvent['kind']>(
    kind: K,
    test: (event: Extract<LinkEvent, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<LinkEvent, { kind: K }>> {
    return this.until(`an event ${kind}`, () =>
      this.events.find(
        (event): event is Extract<LinkEvent, { kind: K }> =>
          event.kind === kind && test(event as Extract<LinkEvent, { kind: K }>),
      ),
    );
  }

  /** Waits, in real time, until a test holds. */
  async until<T>(what: string, test: () => T | undefined | false | null): Promise<T> {
    // A relay that never pushes is asked every two seconds, by both sides of a question.
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = test();
      if (found) return found;
      if (Date.now() > end) {
        const last = this.relays.view().relays.map(({ state }) => state);
        throw new Error(
          `${this.name} waited for ${what}: ${JSON.stringify(last)}\n${this.logged.slice(-8).join('\n')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #hold(peer: RelayPeer): void {
    const link = this.relays.link({ id: peer.linkId, url: peer.url, agentId: peer.agentId });
    if (!link) throw new Error('the relay of this link is not in the list');
    this.links.set(peer.linkId, link);
    link.on((event) => this.events.push(event));
    link.start();
  }

  #build(): Relays {
    return createRelays({
      store: this.#store,
      clock: this.clock,
      changed: (key) => this.changes.push(key),
      peers: {
        all: () => this.peers,
        byLink: (linkId) => this.peers.find((one) => one.linkId === linkId) ?? null,
        add: async (name, { url, agentId }) => {
          const linkId = LinkId.parse(v7());
          const peerId = PeerId.parse(v7());
          const peer = { linkId, peerId, name, url, agentId, pinned: null };
          this.peers.push(peer);
          this.#hold(peer);
          return { peerId, linkId };
        },
        pin: async (linkId, pinned) => {
          this.peers = this.peers.map((one) => (one.linkId === linkId ? { ...one, pinned } : one));
        },
        removeLink: async (linkId) => {
          this.peers = this.peers.filter((one) => one.linkId !== linkId);
          await this.links.get(linkId)?.stop();
          this.links.delete(linkId);
        },
      },
      secrets: {
        token: async (id) => {
          const value = this.secrets.get(`token ${id}`);
          return value === undefined
            ? { kind: 'unavailable', reason: 'absent' }
            : { kind: 'token', value };
        },
        setToken: async (id, token) => {
          if (token === null) this.secrets.delete(`token ${id}`);
          else this.secrets.set(`token ${id}`, token);
        },
        agentSecret: (id) => async () => {
          const there = this.secrets.get(`secret ${id}`) ?? `secret-of-${this.name}-${v7()}`;
          this.secrets.set(`secret ${id}`, there);
          return there;
        },
        forget: async (id) => {
          if (this.locked) throw codedError('secrets.locked', 'The test locked it.');
          this.secrets.delete(`token ${id}`);
          this.secrets.delete(`secret ${id}`);
        },
      },
      inbox: {
        take: async (task) => {
          const stumble = this.stumble;
          this.stumble = null;
          stumble?.();
          if (this.refuses !== null) return { kind: 'refused', reason: this.refuses };
          const there = this.tasks.find((one) => one.messageId === task.messageId);
          if (there) return { kind: 'taken', id: there.id };
          const id = DelegationId.parse(v7());
          this.tasks.push({ ...task, id });
          const nothing = { answer: null, question: null, reason: '', error: null };
          this.outcomes.set(id, { state: 'proposed', ...nothing });
          return { kind: 'taken', id };
        },
        outcome: (id) => this.outcomes.get(id) ?? null,
        find: (peerId, messageId) =>
          this.tasks.find((one) => one.peerId === peerId && one.messageId === messageId)?.id ??
          null,
      },
      broadcast: async (said) => {
        this.broadcasts.push(said);
      },
      outgoing: {
        preview: (text) => ({
          text,
          bytes: Buffer.byteLength(text),
          size: text.length > 8_192 ? 'over_hard_limit' : 'fine',
          secrets: findSecrets(text).map(({ label, line }) => ({ label, line })),
        }),
        check: (text, anyway) => {
          if (text.length > 8_192) throw codedError('message.too_large', 'Too long for the test.');
          if (!anyway && findSecrets(text).length > 0) {
            throw codedError('message.looks_secret', 'It is one to the test.');
          }
        },
        checkFile: ({ content }) => {
          if (findSecrets(content).length > 0) {
            throw codedError('message.looks_secret', 'It is one to the test.');
          }
        },
        isTold: (relayId, id) => this.told.some((one) => one.relayId === relayId && one.id === id),
        keep: async (said) => {
          this.told.push(said);
        },
      },
      attention: {
        file: (item) => this.files.push(item),
        settle: (subject) => this.settled.push(subject),
      },
      settings: () => ({ incomingPaused: this.paused }),
      signer: async () => this.signer,
      describe: (state) => ({ text: state.kind, error: null }),
      machine: `${this.name}’s machine`,
      protect: () => undefined,
      log: (line) => this.logged.push(line),
      random: () => 0.01,
    });
  }
}
