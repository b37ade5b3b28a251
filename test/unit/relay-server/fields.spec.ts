import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { content, fileKey, isAgentId, need, texts } from '../../../electron/relay-server/fields.ts';
import { routeOf } from '../../../electron/relay-server/http/routes.ts';
import { asNumbered, asQueued, isoTime, Refusal } from '../../../electron/relay-server/protocol.ts';
import { Repeats } from '../../../electron/relay-server/repeats.ts';

/** What a function gives, or the status that it refuses with; anything else it throws fails the test. */
function outcome<T>(task: () => T): T | number {
  try {
    return task();
  } catch (error) {
    if (error instanceof Refusal) return error.status;
    throw error;
  }
}

describe('the fields of a request', () => {
  it('never throw anything but a refusal', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const fields = { a: value, content: value, tags: value };
        outcome(() => need(fields, ['a'], 'a is needed'));
        outcome(() => texts(fields, 'tags', 3, 5));
        outcome(() => content(fields));
        outcome(() => fileKey(value));
        isAgentId(value);
      }),
    );
  });

  it('an id that is taken goes into a path and back unharmed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (id) => {
        if (!isAgentId(id)) return;
        const path = `/poll/${encodeURIComponent(id)}`;
        expect(routeOf('GET', path, false)).toEqual({ name: 'poll', subject: id });
        expect(id).not.toContain('/');
      }),
    );
  });

  it('a key that is taken leads out of no folder', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b c', '...', 'ü');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), fc.constantFrom('/', '\\'), (parts, slash) => {
        const key = parts.join(slash);
        const bad = key === '' || parts.some((one) => ['..', '.', ''].includes(one));
        expect(outcome(() => fileKey(key))).toBe(bad ? 400 : key);
      }),
    );
  });

  it('a content is what its bytes say, or is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const got = outcome(() => content({ content: text }));
        if (typeof got === 'number') expect(text.isWellFormed()).toBe(false);
        else expect(got.toString('utf8')).toBe(text);
      }),
    );
  });
});

describe('what is added to a message', () => {
  it('stands beside all that it said', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (more) => {
        const { queued_at: _, delivery_id: __, ...rest } = more;
        const body = JSON.stringify({ type: 'x', ...rest });
        const said = JSON.parse(body) as object;
        expect(JSON.parse(asQueued(body, 0))).toEqual({ ...said, queued_at: isoTime(0) });
        expect(JSON.parse(asNumbered(body, 7))).toEqual({ ...said, delivery_id: 7 });
      }),
    );
  });

  it('a time is as Python writes it', () => {
    expect(isoTime(1_795_290_953_942)).toBe('2026-11-21T19:55:53.942000+00:00');
  });
});

describe('what is repeated', () => {
  it('is done once, and again where it failed', async () => {
    const repeats = new Repeats();
    let times = 0;
    const task = async () => {
      times++;
      if (times === 1) throw new Error('full');
    };
    await expect(repeats.once('k', task)).rejects.toThrow('full');
    await repeats.once('k', task);
    await Promise.all([repeats.once('k', task), repeats.once('k', task)]);
    expect(times).toBe(2);
    await repeats.once('other', task);
    expect(times).toBe(3);
  });
});
