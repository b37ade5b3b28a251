import { describe, expect, it } from 'vitest';
import { isAllInNotice } from '../../../electron/app/agent-desk.ts';
import type { RequestView } from '../../../electron/contract/index.ts';

const request = (changes: Partial<RequestView>): RequestView =>
  ({ text: 'Is it green?', facts: [], topic: null, recipientCount: 1, ...changes }) as RequestView;

describe('what an agent asks for can be approved in a notification', () => {
  it('where the person sees all of it there', () => {
    expect(isAllInNotice(request({}))).toBe(true);
  });

  it.each([
    ['longer than a notification', { text: `Please. ${'More of it. '.repeat(40)}` }],
    ['with an address behind its words', { text: 'See [the report](https://evil.example/x)' }],
    ['over lines that are shown as one', { text: 'one\ntwo' }],
    ['for several', { recipientCount: 2 }],
    ['with a context', { facts: [{ label: 'Context', value: '{}' }] }],
    ['with a topic', { topic: 'secret plans' }],
  ])('not where it is %s', (_, changes) => {
    expect(isAllInNotice(request(changes))).toBe(false);
  });
});
