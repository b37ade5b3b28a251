/** What a window would know: the newest value of everything that changed, and how it came to that. */
import type {
  Change,
  IncomingMessageView,
  MessageView,
  OutgoingMessageView,
  OutgoingState,
  PeerDetail,
  PeerRow,
  ThreadView,
} from '../../electron/contract/index.ts';

const RUNG: Readonly<Record<OutgoingState, number>> = {
  queued: 0,
  sending: 0,
  unknown: 0,
  failed: 0,
  cancelled: 0,
  handed: 0,
  sent: 1,
  delivered: 2,
  answered: 3,
};

export class Mirror {
  readonly messages = new Map<string, MessageView>();
  readonly threads = new Map<string, ThreadView>();
  readonly details = new Map<string, PeerDetail>();
  readonly rows = new Map<string, PeerRow>();
  /** The states that each message of ours went through. */
  readonly states = new Map<string, OutgoingState[]>();
  /** The texts that each message showed while it streamed. */
  readonly streamed = new Map<string, string[]>();
  /** The states that each link went through. */
  readonly linkStates = new Map<string, string[]>();
  /** What must never happen and did. */
  readonly faults: string[] = [];
  readonly #waiting = new Set<() => void>();

  apply(change: Change): void {
    switch (change.type) {
      case 'message':
        if (change.value) this.message(change.value);
        else this.messages.delete(change.id);
        break;
      case 'thread':
        put(this.threads, change.id, change.value);
        break;
      case 'peer':
        put(this.rows, change.id, change.value);
        break;
      case 'peerDetail':
        if (change.value) this.detail(change.value);
        else this.details.delete(change.id);
        break;
      default:
    }
    for (const look of [...this.#waiting]) look();
  }

  /** Takes a value that was read instead of told. */
  message(now: MessageView): void {
    const before = this.messages.get(now.id);
    this.messages.set(now.id, now);
    if (now.direction === 'out') {
      const states = this.states.get(now.id) ?? [];
      const last = states.at(-1);
      if (last !== now.state) this.states.set(now.id, [...states, now.state]);
      if (last && RUNG[now.state] < RUNG[last])
        this.faults.push(`message ${now.id} went back from ${last} to ${now.state}`);
      return;
    }
    if (now.state === 'streaming')
      this.streamed.set(now.id, [...(this.streamed.get(now.id) ?? []), now.body]);
    if (before?.direction === 'in' && before.state === 'complete' && now.state !== 'complete')
      this.faults.push(`answer ${now.id} was complete and became ${now.state}`);
  }

  detail(now: PeerDetail): void {
    this.details.set(now.id, now);
    for (const link of now.links) {
      const states = this.linkStates.get(link.id) ?? [];
      if (states.at(-1) !== link.state.kind)
        this.linkStates.set(link.id, [...states, link.state.kind]);
    }
  }

  outgoing(id: string): OutgoingMessageView | undefined {
    const found = this.messages.get(id);
    return found?.direction === 'out' ? found : undefined;
  }

  answersTo(id: string): IncomingMessageView[] {
    return [...this.messages.values()].filter(
      (message): message is IncomingMessageView =>
        message.direction === 'in' && message.replyTo === id,
    );
  }

  /** Resolves with the first value that `test` finds; it is asked again after every change. */
  until<T>(
    what: string,
    test: () => T | undefined | null | false,
    limitMs: number,
    describe: () => string,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = (): void => {
        const found = test();
        if (found === undefined || found === null || found === false) return;
        stop();
        resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`${what}: not within ${limitMs} ms\n${describe()}`));
      }, limitMs);
      this.#waiting.add(look);
      look();
    });
  }
}

function put<T>(map: Map<string, T>, id: string, value: T | null): void {
  if (value === null) map.delete(id);
  else map.set(id, value);
}
