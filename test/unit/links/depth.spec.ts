import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventDepth, isTooDeep } from '../../../electron/links/http/depth.ts';
import { originFetch } from '../../../electron/links/http/origin-fetch.ts';

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
/** As it comes in pieces of `size` bytes. */
const tooDeep = (text: string, size = 7): boolean => {
  const watch = new EventDepth();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.byteLength; at += size)
    if (watch.feed(bytes.subarray(at, at + size))) return true;
  return false;
};

describe('the depth of streamed events', () => {
  it('is that of each event, however many there are', () => {
    expect(tooDeep(`data: ${deep(64)}\n\n`.repeat(50))).toBe(false);
    expect(tooDeep(`data: {}\n\ndata: ${deep(65)}\n\n`)).toBe(true);
  });

  it('cannot be hidden over lines, behind comments, strings or other line ends', () => {
    const half = '['.repeat(40);
    for (const end of ['\n', '\r', '\r\n']) {
      expect(tooDeep(`data: ${half}${end}data: ${half}${end}${end}`)).toBe(true);
      expect(tooDeep(`data: ${half}${end}: ${']'.repeat(40)}${end}data: ${half}`)).toBe(true);
      expect(tooDeep(`: "${end}data: ${deep(65)}${end}${end}`)).toBe(true);
      expect(tooDeep(`data: ${']'.repeat(90)}${deep(65)}${end}`)).toBe(true);
    }
    expect(tooDeep(`event: x\n\uFEFFdata: ${deep(65)}`)).toBe(true);
  });

  it('ends the stream of an agent that goes too deep, before anything makes sense of it', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {}\n\n');
      response.write(`data: ${'['.repeat(5_000)}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const get = originFetch({ origin, tls: null, headers: {}, limitBytes: 1_000_000 });
    const response = await get(`${origin}/`);
    await expect(response.text()).rejects.toMatchObject({ problem: { kind: 'too_deep' } });
    server.closeAllConnections();
    server.close();
  });

  it('counts no brackets in strings', () => {
    expect(tooDeep(`data: {"a": "${'['.repeat(500)}\\"${'{'.repeat(500)}"}\n\n`)).toBe(false);
  });

  it('says the same as of a whole answer, in whatever pieces it comes', () => {
    const json = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.integer({ min: 60, max: 70 }).map(deep),
      fc.json().map((one) => `${'['.repeat(62)}${one}${']'.repeat(62)}`),
    );
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 64 }), (text, size) => {
        expect(tooDeep(`data: ${text}\n\n`, size)).toBe(isTooDeep(Buffer.from(text)));
      }),
    );
  });
});
