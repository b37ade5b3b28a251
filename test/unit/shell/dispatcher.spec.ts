import { describe, expect, test } from 'vitest';
import {
  appError,
  type CallHandlers,
  CodedError,
  fail,
  ok,
  type Result,
} from '../../../electron/contract/index.ts';
import { Dispatcher } from '../../../electron/shell/session/dispatcher.ts';
import { Refusals } from '../../../electron/shell/session/refusals.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeApp, uuid } from './fake-app.ts';

function boundary(own: Partial<CallHandlers> = {}) {
  const clock = fakeClock();
  const refusals = new Refusals();
  const lines: string[] = [];
  const dispatcher = new Dispatcher({
    handlers: fakeApp(own).handlers,
    clock,
    refusals,
    log: (line) => lines.push(line),
    redact: (text) => text.replaceAll('hunter2', '•••'),
  });
  const ended = new AbortController();
  const call = (name: string, input: unknown, door: 'window' | 'control' = 'window') =>
    dispatcher.dispatch({
      name,
      input,
      context: { door, connectionId: 'one', signal: ended.signal },
    });
  return { clock, refusals, lines, dispatcher, ended, call };
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

describe('dispatcher', () => {
  test('answers a call with what the contract lists, and no field more', async () => {
    const leaky = { text: 'about', token: 'hunter2' };
    const { call, refusals } = boundary({ 'app.about': () => ok(leaky) });
    expect(await call('app.about', {})).toEqual({ ok: true, value: { text: 'about' } });
    expect(refusals.total()).toBe(0);
  });

  test.each(['app.nothing', '', 'constructor', '__proto__', 'toString', 'x'.repeat(10_000)])(
    'refuses the unknown call %.20s',
    async (name) => {
      const { call, refusals } = boundary();
      expect(codeOf(await call(name, {}))).toBe('call.unknown');
      expect(refusals.of('call.unknown')).toBe(1);
    },
  );

  test('refuses at the control socket what needs the window', async () => {
    const { call, refusals } = boundary();
    expect(codeOf(await call('peer.remove', { peerId: uuid(1) }, 'control'))).toBe(
      'call.not_allowed',
    );
    expect(codeOf(await call('app.about', {}, 'control'))).toBe('ok');
    expect(refusals.of('call.not_allowed')).toBe(1);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['a wrong id', { peerId: '../../etc/passwd' }],
    ['a number', { peerId: 7 }],
  ])('refuses %s as input, and says which field', async (_what, input) => {
    const { call, refusals } = boundary();
    expect(codeOf(await call('peer.open', input))).toBe('call.invalid_input');
    expect(refusals.of('call.invalid_input')).toBe(1);
  });

  test('names the wrong field, and never repeats the value', async () => {
    const { call } = boundary();
    const result = await call('link.probe', {
      url: 'ws://127.0.0.1:18789',
      credential: { kind: 'token', value: 'hunter2'.repeat(1_000) },
    });
    expect(result).toMatchObject({ ok: false });
    const detail = result.ok ? '' : result.error.detail;
    expect(detail).toContain('credential.value');
    expect(detail).not.toContain('hunter2');
  });

  test('turns what a handler throws into data, without secrets', async () => {
    const { call, lines } = boundary({
      'app.about': () => {
        throw new TypeError('cannot read hunter2');
      },
    });
    const result = await call('app.about', {});
    expect(codeOf(result)).toBe('app.internal');
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(lines.join()).toContain('app.about failed');
    expect(lines.join()).not.toContain('hunter2');
  });

  test('passes coded errors on, thrown or returned', async () => {
    const error = appError('store.disk_full', 'No space left.');
    const thrown = boundary({
      'app.about': () => {
        throw new CodedError(error);
      },
    });
    expect(await thrown.call('app.about', {})).toEqual({ ok: false, error });
    const returned = boundary({ 'app.about': () => fail(error) });
    expect(await returned.call('app.about', {})).toEqual({ ok: false, error });
  });

  test.each([
    ['a wrong value', { ok: true, value: { text: 7 } }],
    ['no result', 'fine'],
    ['nothing', undefined],
    ['an error without a code', { ok: false, error: { title: 'x' } }],
  ])('refuses %s as an answer', async (_what, wrong) => {
    const { call, refusals } = boundary({
      'app.about': () => wrong as unknown as Result<{ text: string }>,
    });
    expect(codeOf(await call('app.about', {}))).toBe('call.invalid_output');
    expect(refusals.of('call.invalid_output')).toBe(1);
  });

  test('cancels a handler that never ends, and tells it so', async () => {
    let heard = false;
    const { call, clock } = boundary({
      'app.about': (_input, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            heard = true;
          });
        }),
    });
    const result = call('app.about', {});
    await clock.advance(60_000);
    expect(codeOf(await result)).toBe('call.cancelled');
    expect(heard).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  test('cancels the calls of a window that is gone', async () => {
    const { call, ended, clock } = boundary({ 'app.about': () => new Promise(() => {}) });
    const result = call('app.about', {});
    ended.abort();
    expect(codeOf(await result)).toBe('call.cancelled');
    expect(clock.pending()).toBe(0);
    expect(codeOf(await call('app.about', {}))).toBe('call.cancelled');
  });

  test('answers nothing once the app stops', async () => {
    const { call, dispatcher } = boundary();
    dispatcher.stop();
    expect(codeOf(await call('app.about', {}))).toBe('app.stopping');
  });
});
