/** Flows of the canary run that take a secret in, or give something out, beside peers and messages. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { call } from './calls.ts';

async function done<T>(page: Page, name: string, input: object): Promise<T> {
  const answer = await call(page, name, input);
  expect(answer, name).toMatchObject({ ok: true });
  return answer?.value as T;
}

/** Changes a link's token to another one, and back. */
export async function changeToken(
  page: Page,
  linkId: string,
  values: readonly string[],
): Promise<void> {
  for (const value of values) {
    await done(page, 'link.update', { linkId, changes: { credential: { kind: 'token', value } } });
  }
}

/** Takes a peer over from files of another tool, with its token. */
export async function takeOver(page: Page, folder: string, token: string): Promise<void> {
  const paths = ['registry.json', 'tokens.json'].map((name) => join(folder, name));
  const contents = [
    { agents: [{ name: 'Imported', emailPrefix: 'imported', ip: '127.0.0.9' }] },
    { tokens: { imported: token } },
  ];
  for (const [n, path] of paths.entries()) {
    writeFileSync(path, JSON.stringify(contents[n]), { mode: 0o600 });
  }
  const seen = await done<{ previewId: string; rows: { id: string; outcome: string }[] }>(
    page,
    'import.preview',
    { paths },
  );
  const rows = seen.rows.map(({ id }) => ({ id, name: 'Imported' }));
  expect(seen.rows.map(({ outcome }) => outcome)).toEqual(['add']);
  const { results } = await done<{ results: { peerId: string | null }[] }>(page, 'import.apply', {
    previewId: seen.previewId,
    rows,
  });
  expect(results.map(({ peerId }) => peerId)).toEqual([expect.any(String)]);
  await done(page, 'import.deleteSource', { previewId: seen.previewId, path: paths[1] });
}

/** Offers keys to join a tailnet with, where no Tailscale is: nothing comes of it. */
export async function offerKeys(page: Page, keys: readonly string[]): Promise<void> {
  for (const value of keys) {
    const input = { by: { kind: 'auth_key', value }, loginServer: null };
    await call(page, 'tailnet.join', input);
    await done(page, 'tailnet.cancelJoin', {});
  }
}

/**
 * Makes an invite and takes it back.
 * @returns what stands in it: shown to the person once, and kept nowhere
 */
export async function inviteAndCancel(page: Page): Promise<string> {
  await done(page, 'reception.configure', { listen: 'loopback', port: 0 });
  const { invite, text } = await done<{ invite: { id: string }; text: string }>(
    page,
    'invite.create',
    { for: 'theirs' },
  );
  await done(page, 'invite.cancel', { inviteId: invite.id });
  await done(page, 'reception.configure', { listen: 'off', port: 0 });
  return text.split('/').at(-1) ?? '';
}

/** Gives all peers out. @returns the text of the file */
export const giveOut = async (page: Page): Promise<string> =>
  (await done<{ text: string }>(page, 'export.peers', {})).text;
