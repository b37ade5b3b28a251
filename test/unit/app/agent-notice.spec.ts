import { describe, expect, it } from 'vitest';
import { isAllInNotice, requestText, requestTitle } from '../../../electron/app/agent-desk.ts';
import type { RequestView } from '../../../electron/contract/index.ts';

const request = (changes: Partial<RequestView>): RequestView =>
  ({
    ...{ agent: 'Claude', verb: 'send', text: 'Is it green?', facts: [], topic: null },
    ...to('Ada'),
    ...changes,
  }) as RequestView;
const to = (...names: string[]) =>
  ({
    recipients: names.map((name) => ({ name })),
    recipientCount: names.length,
  }) as Pick<RequestView, 'recipients' | 'recipientCount'>;

describe('what an agent asks for can be approved in a notification', () => {
  it('where the person sees all of it there', () => {
    expect(isAllInNotice(request({}))).toBe(true);
  });

  it('with its topic, which stands before the text', () => {
    const asked = request({ topic: 'Release 1.4' });
    expect(requestText(asked)).toBe('Release 1.4: Is it green?');
    expect(isAllInNotice(asked)).toBe(true);
  });

  it('as what it is: a text, work for their agent, or a file', () => {
    const title = (verb: RequestView['verb']) => requestTitle(request({ verb }));
    expect(title('send')).toBe('Claude wants to write to Ada');
    expect(title('delegate')).toBe('Claude wants to give work to Ada');
    expect(title('respond')).toBe('Claude wants to answer Ada');
    expect(title('put')).toBe('Claude wants to share a file with Ada');
  });

  it('for a few, who are all named before the text', () => {
    const asked = request({ ...to('Ada', 'Ben', 'Cora'), topic: 'CI' });
    expect(requestTitle(asked)).toBe('Claude wants to write to 3 peers');
    expect(requestText(asked)).toBe('To Ada, Ben, Cora. CI: Is it green?');
    expect(isAllInNotice(asked)).toBe(true);
  });

  it.each([
    ['longer than a notification', { text: `Please. ${'More of it. '.repeat(40)}` }],
    ['with an address behind its words', { text: 'See [the report](https://evil.example/x)' }],
    ['over lines that are shown as one', { text: 'one\ntwo' }],
    ['for more than are named', to('Ada', 'Ben', 'Cora', 'Dan')],
    ['for names that do not fit', to('A'.repeat(80), 'B'.repeat(120))],
    ['for one whose name does not fit', to('A'.repeat(200))],
    ['with a context', { facts: [{ label: 'Context', value: '{}' }] }],
    ['with a topic that hides an address', { topic: '[plans](https://evil.example/x)' }],
    ['with a topic that leaves no room', { topic: 'plans '.repeat(40) }],
  ])('not where it is %s', (_, changes) => {
    expect(isAllInNotice(request(changes))).toBe(false);
  });
});
