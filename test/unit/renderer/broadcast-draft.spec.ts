import { expect, it } from 'vitest';
import type { Client } from '../../../renderer/store/client.ts';
import { startDraft, tellingId } from '../../../renderer/views/broadcast/draft.ts';

it('what a relay was given has one id until the draft begins anew, also where the page was left meanwhile', () => {
  const window = {} as Client;
  const first = tellingId(window, 'words');
  // Nothing is asked of the page that sent it.
  expect(tellingId(window, 'words')).toBe(first);
  const changed = tellingId(window, 'other words');
  expect(changed).not.toBe(first);
  expect(tellingId({} as Client, 'other words')).not.toBe(changed);
  // It went: the same words another day are another broadcast.
  startDraft(window);
  expect(tellingId(window, 'other words')).not.toBe(changed);
});
