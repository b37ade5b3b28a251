/** The flow of the canary run that meets somebody by an invite, and gives and takes work. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { InviteId } from '../../../electron/contract/index.ts';
import { type Rig, rpc, startRig, until, userMessage } from '../../unit/reception/parts/rig.ts';
import { call } from './calls.ts';

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly peerId: string | null;
}

const value = async <T>(page: Page, name: string, input: object): Promise<T> => {
  const answer = await call(page, name, input);
  expect(answer, name).toMatchObject({ ok: true });
  return answer?.value as T;
};

/** The newest invite of the app, once it is in that state. */
async function invite(page: Page, state: string): Promise<Listed> {
  let found: Listed | undefined;
  await expect
    .poll(async () => {
      const { invites } = await value<{ invites: Listed[] }>(page, 'invite.list', {});
      [found] = invites;
      return found?.state;
    })
    .toBe(state);
  if (!found) throw new Error('there is no invite');
  return found;
}

async function agree(page: Page, ada: Rig, purpose: 'mine' | 'theirs'): Promise<Listed> {
  const { text } = await ada.call('invite.create', { for: purpose });
  await value(page, 'invite.redeem', { text, peerName: `Ada, ${purpose}` });
  const { id } = await invite(page, 'comparing');
  await ada.call('invite.confirm', {
    inviteId: ada.reception.invites().find(({ state }) => state === 'comparing')?.id as InviteId,
  });
  await value(page, 'invite.confirm', { inviteId: id });
  return invite(page, 'done');
}

/**
 * Redeems an invite of somebody else's and one of a machine of one's own, asks for work and is asked.
 * @param code what the gateway of that machine gives out
 * @returns the secrets that went over: the tokens of both sides, and the code
 */
export async function meetAndWork(
  page: Page,
  gateway: { readonly url: string },
  code: string,
): Promise<string[]> {
  const learned = new Set([code]);
  const hear = (message: unknown): void => {
    const { headers } = (message as { request: IncomingMessage }).request;
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (token) learned.add(token);
  };
  subscribe('http.server.request.start', hear);
  const ada = await startRig({
    name: 'Ada',
    // By another name than the peer that is there already, whose way in stays as it is.
    ownGateway: { url: gateway.url.replace('127.0.0.1', 'localhost'), identity: null, tls: null },
    gatewayCode: async () => code,
  });
  try {
    const { addresses } = await value<{ addresses: string[] }>(page, 'reception.configure', {
      listen: 'loopback',
      port: 0,
    });
    const { peerId } = await agree(page, ada, 'theirs');
    const [theirs] = [...ada.partners.held.values()].flat();
    if (!theirs) throw new Error('the app gave no token');
    learned.add(theirs.token);
    // Work for them, and their answer.
    const { threadId } = await value<{ threadId: string }>(page, 'thread.create', {
      peerId,
      linkId: null,
      title: '',
      agentId: null,
    });
    await value(page, 'message.send', {
      threadId,
      text: 'Count to three.',
      kind: 'delegation',
      attachmentIds: [],
    });
    const asked = await until(() => ada.reception.delegations()[0]);
    await ada.call('delegation.accept', { delegationId: asked.id, agentId: 'main' });
    const run = await until(() => ada.agents.begun[0]);
    ada.agents.end(run.key, { kind: 'answered', text: 'One, two, three.' });
    await expect
      .poll(async () => JSON.stringify(await call(page, 'thread.open', { threadId, around: null })))
      .toContain('One, two, three.');
    // Work for us, which is declined.
    await rpc(addresses[0] ?? '', theirs.token, 'SendMessage', {
      message: userMessage('And now you.'),
      configuration: { returnImmediately: true },
    });
    const { delegations } = await value<{ delegations: { id: string }[] }>(
      page,
      'delegation.list',
      { which: 'waiting', limit: 10 },
    );
    expect(delegations).toHaveLength(1);
    await value(page, 'delegation.decline', { delegationId: delegations[0]?.id, reason: 'No.' });
    const mine = await agree(page, ada, 'mine');
    expect(mine.peerId).not.toBeNull();
    await value(page, 'partnership.end', { peerId, removePeer: false });
    // The app's own token, that of the other side, and the code.
    expect(learned.size).toBeGreaterThanOrEqual(3);
    return [...learned];
  } finally {
    unsubscribe('http.server.request.start', hear);
    await ada.stop();
  }
}
