/**
 * Who may open a window in the browser shell. No cookie is used: cookies ignore ports, so any other
 * service on 127.0.0.1 would be sent ours.
 *
 * - The *printed* key lives as long as this run. It stands in the fragment of the address that the
 *   terminal shows (a fragment is never sent to a server, nor to another page as referrer).
 * - A *once* key stands in the redirect file (0600), which is what a browser is started with. It
 *   opens one tab, within five minutes.
 * - A *tab* key is what both are exchanged for in the first frame of the WebSocket. The tab keeps it in
 *   its sessionStorage, so a reload works and the address bar holds nothing. It dies with this run.
 *
 * All are 256 random bits. Only their hashes are kept, compared in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';

/** How long a once key waits to be used. */
export const ONCE_KEY_MS = 5 * 60_000;
/** Tabs of one run that can still be reloaded; the one unused for longest is forgotten first. */
const MAX_TABS = 64;
const KEY_TEXT = /^[A-Za-z0-9_-]{43}$/;

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
const newKey = (): string => randomBytes(32).toString('base64url');

/** The keys of one run of the browser shell. The oldest tab keys go where there are too many. */
export class KeyRing {
  readonly #clock: Clock;
  readonly #printed = newKey();
  #once: { key: string; until: number } | null = null;
  /** The last one was used last. */
  #tabs: Buffer[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For the terminal of the person who started the app, and for nothing else. */
  get printed(): string {
    return this.#printed;
  }

  /** The key for the redirect file; the same one until it was used or its time is up. */
  issueOnce(): string {
    const now = this.#clock.monotonic();
    if (this.#once === null || this.#once.until <= now) {
      this.#once = { key: newKey(), until: now + ONCE_KEY_MS };
    }
    return this.#once.key;
  }

  /** Exchanges any valid key for a tab key; `spentOnce` says that the redirect file is of no use now. */
  redeem(key: unknown): { readonly tabKey: string; readonly spentOnce: boolean } | null {
    if (typeof key !== 'string' || !KEY_TEXT.test(key)) return null;
    const given = digest(key);
    const matches = (known: Buffer): boolean => timingSafeEqual(known, given);
    const tab = this.#tabs.filter(matches)[0];
    const printed = matches(digest(this.#printed));
    const once = this.#once !== null && matches(digest(this.#once.key));
    if (tab) {
      this.#tabs = [...this.#tabs.filter((known) => known !== tab), tab];
      return { tabKey: key, spentOnce: false };
    }
    if (once) {
      const alive = this.#once !== null && this.#once.until > this.#clock.monotonic();
      this.#once = null;
      return alive ? { tabKey: this.#newTab(), spentOnce: true } : null;
    }
    return printed ? { tabKey: this.#newTab(), spentOnce: false } : null;
  }

  #newTab(): string {
    const key = newKey();
    this.#tabs = [...this.#tabs, digest(key)].slice(-MAX_TABS);
    return key;
  }
}
