/** How long joining may take, and what is said when it took longer. */
import type { TailnetJoinInput } from '../../contract/index.ts';

/** How long a person may take, and how long a key may, ms. */
const BROWSER_MS = 600_000;
const KEY_MS = 90_000;

/** The whole of it, ms. */
export const joinLimit = (by: TailnetJoinInput): number =>
  by.kind === 'auth_key' ? KEY_MS : BROWSER_MS;

/** Where that was too long. */
export const timeoutDetail = (by: TailnetJoinInput): string =>
  by.kind === 'browser'
    ? 'The link was not used within ten minutes.'
    : 'The login server did not answer within a minute and a half.';
