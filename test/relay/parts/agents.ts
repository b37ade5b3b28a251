/** Agents of a test: how they register and what they poll. */
import { expect } from 'vitest';
import type { HttpClient } from './http-client.ts';

/** A secret of a test's own, of the form that the relay takes. */
export const secretOf = (name: string): string => name.padEnd(40, 's');

export async function register(of: HttpClient, agentId: string, more: object = {}): Promise<void> {
  const reply = await of.post('/register', { agent_id: agentId, name: agentId, ...more });
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
}

export interface Polled {
  readonly messages: Record<string, unknown>[];
  readonly count: number;
  readonly more?: boolean;
}

export const poll = async (of: HttpClient, agentId: string, query = ''): Promise<Polled> =>
  (await of.get(`/poll/${agentId}${query}`)).json<Polled>();

export const tasksOf = ({ messages }: Polled): unknown[] => messages.map(({ task }) => task);

export const delegate = (
  of: HttpClient,
  from: string,
  to: string,
  task: string,
  more: object = {},
) => of.post('/delegate', { from_agent: from, to_agent: to, task, ...more });
