/** Somebody who uses the app: does things, sees what a window would see, and waits for it. */
import assert from 'node:assert/strict';
import type {
  AppError,
  AttachmentId,
  CallInput,
  CallName,
  CallOutput,
  IncomingMessageView,
  LinkId,
  LinkState,
  MessageId,
  OutgoingMessageView,
  OutgoingState,
  PeerId,
  ThreadId,
} from '../../electron/contract/index.ts';
import type { AppHandle } from './app-handle.ts';
import {
  descendants,
  filesWithSecrets,
  openToOthers,
  processesWithSecrets,
  textsWithSecrets,
} from './canary.ts';
import type { Gateway } from './gateway.ts';
import { type KeychainPlace, secretsIn } from './keychain.ts';
import type { LeapClock } from './leap-clock.ts';
import { Mirror } from './mirror.ts';

export interface Contact {
  readonly peerId: PeerId;
  readonly linkId: LinkId;
}

export class Person<A extends AppHandle = AppHandle> {
  readonly app: A;
  readonly mirror = new Mirror();
  readonly patienceMs: number;
  /** Everything that the app answered and told, as text: for the canary. */
  readonly #heard: string[] = [];
  readonly #secrets = new Set<string>();

  readonly #keychain: KeychainPlace;

  constructor(app: A, keychain: KeychainPlace, patienceMs: number) {
    this.app = app;
    this.#keychain = keychain;
    this.patienceMs = patienceMs;
    app.onChange((change) => {
      this.#heard.push(JSON.stringify(change));
      this.mirror.apply(change);
    });
  }

  /** Skips time. Only for an app in this process. */
  get clock(): LeapClock {
    assert.ok(this.app.clock, 'an app in a process of its own has its own time');
    return this.app.clock;
  }

  /** Names a secret that must show up nowhere. Those of added peers are known already. */
  guard(secret: string): void {
    this.#secrets.add(secret);
  }

  /** Does something that works. */
  async do<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const result = await this.app.call(name, input);
    this.#heard.push(JSON.stringify(result));
    if (result.ok) return result.value;
    throw new Error(`${name}: ${JSON.stringify(result.error)}`);
  }

  /** Tries something that is refused. */
  async refused<N extends CallName>(name: N, input: CallInput<N>): Promise<AppError> {
    const result = await this.app.call(name, input);
    this.#heard.push(JSON.stringify(result));
    assert.equal(result.ok, false, `${name} was not refused`);
    return result.error;
  }

  until<T>(
    what: string,
    test: () => T | undefined | null | false,
    limitMs = this.patienceMs,
  ): Promise<T> {
    return this.mirror.until(what, test, limitMs, () => this.describe());
  }

  describe(): string {
    const links = [...this.mirror.details.values()].flatMap((detail) =>
      detail.links.map((link) => `${detail.name}: ${JSON.stringify(link.state)}`),
    );
    const messages = [...this.mirror.messages.values()].map(
      ({ direction, state, body, error, id }) =>
        `${direction} ${(this.mirror.states.get(id) ?? [state]).join('→')} ${JSON.stringify(body.slice(0, 60))} ${error?.code ?? ''}`,
    );
    return [...links, ...messages, ...this.app.logged.slice(-12)].join('\n');
  }

  /** Adds a peer and sees its page; does not wait for its connection. */
  async add(
    name: string,
    gateway: Gateway,
    more: { token?: string; agentId?: string; sessionKey?: string } = {},
  ): Promise<Contact> {
    this.#secrets.add(gateway.token);
    if (more.token) this.#secrets.add(more.token);
    const { peerId } = await this.do('peer.add', {
      name,
      link: {
        kind: 'gateway',
        url: gateway.url,
        credential: { kind: 'token', value: more.token ?? gateway.token },
        agentId: more.agentId ?? null,
        sessionKey: more.sessionKey ?? null,
      },
    });
    return this.see(peerId);
  }

  /** Adds a peer, is let in where that takes somebody, and waits until it is up. */
  async meet(
    name: string,
    gateway: Gateway,
    more: { agentId?: string; sessionKey?: string } = {},
  ): Promise<Contact> {
    const contact = await this.add(name, gateway, more);
    const first = await this.link(contact, 'online', 'needs_approval');
    if (first.kind === 'needs_approval') {
      await gateway.approve(first.requestId);
      await this.do('link.reconnect', { linkId: contact.linkId });
      await this.link(contact, 'online');
    }
    return contact;
  }

  /** Opens a peer's page. */
  async see(peerId: PeerId): Promise<Contact> {
    const { detail, threads } = await this.do('peer.open', { peerId });
    this.mirror.detail(detail);
    for (const thread of threads) this.mirror.threads.set(thread.id, thread);
    const linkId = detail.links[0]?.id;
    assert.ok(linkId, 'the peer has a link');
    return { peerId, linkId };
  }

  linkState({ peerId, linkId }: Contact): LinkState | undefined {
    return this.mirror.details.get(peerId)?.links.find((link) => link.id === linkId)?.state;
  }

  /** Waits until a link is in one of these states. */
  link<K extends LinkState['kind']>(
    contact: Contact,
    ...kinds: K[]
  ): Promise<Extract<LinkState, { kind: K }>> {
    return this.until(`a link that is ${kinds.join(' or ')}`, () => {
      const state = this.linkState(contact);
      return state && (kinds as string[]).includes(state.kind)
        ? (state as Extract<LinkState, { kind: K }>)
        : null;
    });
  }

  async thread({ peerId }: Contact, agentId: string | null = null): Promise<ThreadId> {
    const made = await this.do('thread.create', { peerId, linkId: null, title: '', agentId });
    return made.threadId;
  }

  /** Opens a thread at its newest page. */
  async open(threadId: ThreadId) {
    const opened = await this.do('thread.open', { threadId, around: null });
    this.mirror.threads.set(threadId, opened.thread);
    for (const message of opened.page.messages) this.mirror.message(message);
    return opened;
  }

  async write(
    threadId: ThreadId,
    text: string,
    attachmentIds: AttachmentId[] = [],
  ): Promise<MessageId> {
    const sent = await this.do('message.send', {
      threadId,
      text,
      kind: 'message',
      attachmentIds,
    });
    return sent.messageId;
  }

  /** Waits until a message of ours is in one of these states. */
  sent(id: MessageId, ...states: OutgoingState[]): Promise<OutgoingMessageView> {
    return this.until(`a message that is ${states.join(' or ')}`, () => {
      const message = this.mirror.outgoing(id);
      return message && states.includes(message.state) && message;
    });
  }

  /** Waits until the answer to a message of ours ended, or is in one of these states. */
  answer(id: MessageId, ...states: IncomingMessageView['state'][]): Promise<IncomingMessageView> {
    const wanted = states.length > 0 ? states : ['complete', 'stopped', 'failed', 'interrupted'];
    return this.until(`an answer that is ${wanted.join(' or ')}`, () =>
      this.mirror.answersTo(id).find((answer) => wanted.includes(answer.state)),
    );
  }

  /** The thread as it is stored: who, what, and where it stands. */
  async told(threadId: ThreadId): Promise<string[][]> {
    const { page } = await this.open(threadId);
    return page.messages.map(({ direction, body, state }) => [direction, body, state]);
  }

  /** Waits until something of the answer is on the screen. */
  firstWord(id: MessageId): Promise<IncomingMessageView> {
    return this.until('the first word of an answer', () =>
      this.mirror.answersTo(id).find((answer) => answer.body !== ''),
    );
  }

  /** Fails where a secret lies about, a state went back, or a question has two answers. */
  check(): void {
    for (const secret of secretsIn(this.#keychain)) this.#secrets.add(secret);
    const secrets = [...this.#secrets];
    const { home, logged, pid } = this.app;
    const processes = descendants(process.pid);
    if (pid !== null) processes.push(pid);
    assert.deepEqual(this.mirror.faults, []);
    const asked = [...this.mirror.messages.values()].flatMap((message) =>
      message.direction === 'in' && message.replyTo ? [message.replyTo] : [],
    );
    assert.equal(new Set(asked).size, asked.length, 'a question has two answers');
    assert.deepEqual(filesWithSecrets(home, secrets), [], 'files with secrets');
    assert.deepEqual(openToOthers(home), [], 'files that others can read');
    assert.deepEqual(textsWithSecrets([...this.#heard, ...logged], secrets), []);
    assert.deepEqual(processesWithSecrets(processes, secrets), []);
  }

  /** Stops the app, and looks whether all was as it must be. */
  async leave(): Promise<void> {
    this.check();
    await this.app.stop();
    assert.deepEqual(filesWithSecrets(this.app.home, [...this.#secrets]), []);
  }
}
