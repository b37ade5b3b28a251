/** How a notice becomes a notification on each platform. */
import { describe, expect, test } from 'vitest';
import type { NoticeAction, NoticeView } from '../../../electron/contract/index.ts';
import {
  capabilitiesOf,
  presentNotice,
  presentWords,
} from '../../../electron/shell/desktop/presenters.ts';
import { uuid } from './fake-app.ts';

const reply: NoticeAction = {
  kind: 'reply',
  id: 'reply',
  label: 'Reply',
  placeholder: 'Write a reply',
  call: 'message.send',
  input: {},
};
const button = (id: string): NoticeAction => ({
  kind: 'call',
  id,
  label: id,
  call: `work.${id}`,
  input: {},
});
const notice: NoticeView = {
  id: uuid(1) as NoticeView['id'],
  kind: 'message',
  title: 'Ada',
  text: 'hello',
  at: 0,
  read: false,
  peerId: uuid(2) as NoticeView['peerId'],
  threadId: uuid(3) as NoticeView['threadId'],
  messageId: null,
  actions: [reply],
  acted: null,
};

describe('a message', () => {
  test.each(['darwin', 'win32'] as const)('is answered in the notification on %s', (platform) => {
    const shown = presentNotice(notice, capabilitiesOf(platform));
    expect(shown.options).toMatchObject({
      title: 'Ada',
      body: 'hello',
      hasReply: true,
      replyPlaceholder: 'Write a reply',
      id: notice.id,
    });
    expect(shown.options.actions).toBeUndefined();
    expect([shown.reply, shown.buttons]).toEqual([reply, []]);
  });

  test('has a button on Linux, which leads to the field in the window', () => {
    const shown = presentNotice(notice, capabilitiesOf('linux'));
    expect(shown.options.hasReply).toBeUndefined();
    expect(shown.options.actions).toEqual([{ type: 'button', text: 'Reply' }]);
    expect([shown.reply, shown.buttons]).toEqual([null, [reply]]);
  });
});

test('buttons stand in the order of the actions, on every platform', () => {
  const asked = { ...notice, actions: [button('accept'), button('decline')] };
  for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const) {
    const shown = presentNotice(asked, capabilitiesOf(platform));
    expect(shown.options.actions?.map((one) => one.text)).toEqual(['accept', 'decline']);
    expect(shown.buttons.map((one) => one.id)).toEqual(['accept', 'decline']);
  }
});

test('a notice without actions is only clicked', () => {
  const shown = presentNotice({ ...notice, actions: [] }, capabilitiesOf('linux'));
  expect(shown.options.actions).toBeUndefined();
  expect(shown.buttons).toEqual([]);
});

test('only what a platform documents is asked of it', () => {
  const options = (platform: NodeJS.Platform) =>
    presentNotice(notice, capabilitiesOf(platform)).options;
  expect(options('darwin').urgency).toBeUndefined();
  expect(options('linux').id).toBeUndefined();
  expect(options('linux').urgency).toBe('normal');
  const urgent = { ...notice, urgency: 'critical' as const };
  expect(presentNotice(urgent, capabilitiesOf('linux')).options.urgency).toBe('critical');
  expect(presentNotice(urgent, capabilitiesOf('darwin')).options.urgency).toBeUndefined();
  expect(presentWords('a', 'b', capabilitiesOf('linux'))).toEqual({
    title: 'a',
    body: 'b',
    silent: true,
    urgency: 'low',
  });
});
