/** A machine whose login in the tailnet ends soon: after that nothing reaches it. */
import { appError, KEY_EXPIRY_PAGE, type TailnetNode, WarningId } from '../contract/index.ts';
import { NETWORK_MS } from './link-facts.ts';
import type { Fact } from './warnings.ts';

/** Told from two weeks before, ms. */
const SOON_MS = 14 * 24 * 60 * 60 * 1_000;

/** The fact about one machine, or null where its login holds longer, never ends, or has ended. */
export function endingLogin({ id, name, keyExpiresAt }: TailnetNode, now: number): Fact | null {
  if (keyExpiresAt === null || keyExpiresAt <= now || keyExpiresAt - now > SOON_MS) return null;
  const day = new Date(keyExpiresAt).toISOString().slice(0, 10);
  const error = appError('setup.tailscale_key_expiring', `The login of ${name} ends on ${day}.`, {
    remedy: { actions: [KEY_EXPIRY_PAGE] },
  });
  return {
    id: WarningId.parse(`${error.code}:${id}`),
    code: error.code,
    severity: 'warning',
    title: error.title,
    detail: error.detail,
    remedy: error.remedy ?? null,
    // It is no trouble of the peer's link yet, and must be seen by whoever opens the window.
    peerId: null,
    dependsOn: [],
    timeToVisibleMs: NETWORK_MS,
    impactsConnectivity: false,
    needsYou: false,
  };
}
