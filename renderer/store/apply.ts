import { assertNever, type Change } from '../../electron/contract/index.ts';
import { appendText, dropMessage, putMessage } from './message-window.ts';
import type { Mirror } from './mirror.ts';

/** What came of a batch: what changed, and which threads missed a piece and must be read again. */
export interface Applied {
  readonly next: Partial<Mirror>;
  readonly stale: ReadonlySet<string>;
}

/**
 * Applies changes to a mirror. A map is copied once, and only if something in it changed; entities
 * that did not change stay the same objects, so that their rows are not drawn again.
 */
export function applyChanges(mirror: Mirror, changes: readonly Change[]): Applied {
  const draft = new MirrorDraft(mirror);
  for (const change of changes) applyChange(draft, change);
  return { next: draft.next, stale: draft.stale };
}

type MapName = {
  [K in keyof Mirror]: Mirror[K] extends ReadonlyMap<string, unknown> ? K : never;
}[keyof Mirror];
type Entity<K extends MapName> = Mirror[K] extends ReadonlyMap<string, infer T> ? T : never;
type Maps = { [K in MapName]?: Map<string, Entity<K>> };

type Plain = Partial<
  Pick<Mirror, 'app' | 'settings' | 'tailnet' | 'gateway' | 'knowledge' | 'relays'>
>;

class MirrorDraft {
  readonly stale = new Set<string>();
  readonly #mirror: Mirror;
  readonly #maps: Maps = {};
  #plain: Plain = {};

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  get next(): Partial<Mirror> {
    return { ...this.#plain, ...this.#maps };
  }

  plain(values: Plain): void {
    this.#plain = { ...this.#plain, ...values };
  }

  read<K extends MapName>(name: K): ReadonlyMap<string, Entity<K>> {
    return (this.#maps[name] ?? this.#mirror[name]) as ReadonlyMap<string, Entity<K>>;
  }

  put<K extends MapName>(name: K, id: string, value: Entity<K> | null): void {
    const map = this.#maps[name] ?? new Map(this.read(name));
    if (value === null) map.delete(id);
    else map.set(id, value);
    this.#maps[name] = map as Maps[K];
  }
}

function applyChange(draft: MirrorDraft, change: Change): void {
  switch (change.type) {
    case 'app':
      draft.plain({ app: change.value });
      return;
    case 'settings':
      draft.plain({ settings: change.value });
      return;
    case 'gateway':
      draft.plain({ gateway: change.value });
      return;
    case 'relays':
      draft.plain({ relays: change.value });
      return;
    case 'tailnet':
      draft.plain({ tailnet: change.value });
      return;
    case 'peer':
      draft.put('peers', change.id, change.value);
      return;
    case 'warning':
      draft.put('warnings', change.id, change.value);
      return;
    case 'notice':
      draft.put('notices', change.id, change.value);
      return;
    case 'delegation':
      draft.put('delegations', change.id, change.value);
      return;
    case 'outgoing':
      draft.put('outgoing', change.id, change.value);
      return;
    case 'unasked':
      draft.put('unasked', change.id, change.value);
      return;
    case 'invite':
      draft.put('invites', change.id, change.value);
      return;
    case 'knowledge':
      draft.plain({ knowledge: change.value });
      return;
    case 'group':
      draft.put('groups', change.id, change.value);
      return;
    case 'broadcast':
      draft.put('broadcasts', change.id, change.value);
      return;
    case 'broadcastRow':
      draft.put('broadcastRows', change.id, change.value);
      return;
    case 'request':
      draft.put('requests', change.id, change.value);
      return;
    case 'peerDetail':
      draft.put('details', change.id, change.value);
      return;
    case 'thread':
      draft.put('threads', change.id, change.value);
      return;
    case 'ladder':
      draft.put('ladders', change.id, change.value);
      return;
    case 'message':
      applyMessage(draft, change);
      return;
    case 'append':
      applyAppend(draft, change);
      return;
    default:
      assertNever(change);
      return;
  }
}

function applyMessage(draft: MirrorDraft, change: Extract<Change, { type: 'message' }>): void {
  const { id, value } = change;
  if (value) {
    const window = draft.read('windows').get(value.threadId);
    if (window) draft.put('windows', value.threadId, putMessage(window, value));
    return;
  }
  for (const [threadId, window] of draft.read('windows')) {
    const without = dropMessage(window, id);
    if (without !== window) {
      draft.put('windows', threadId, without);
      return;
    }
  }
}

function applyAppend(draft: MirrorDraft, change: Extract<Change, { type: 'append' }>): void {
  const window = draft.read('windows').get(change.threadId);
  if (!window) return;
  const outcome = appendText(window, change.id, change.offset, change.text);
  switch (outcome.kind) {
    case 'applied':
      draft.put('windows', change.threadId, outcome.window);
      return;
    case 'known':
      return;
    case 'gap':
      draft.stale.add(change.threadId);
      return;
  }
}
