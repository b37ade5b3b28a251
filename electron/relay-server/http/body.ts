/** Reads a request's body as a JSON object, within limits. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { jsonDepth } from '../../contract/index.ts';
import { JSON_DEPTH } from '../limits.ts';
import { Refusal } from '../protocol.ts';
import { unreadable } from './answer.ts';

/**
 * A body that is too large is read on up to this many times the limit and thrown away: who is still
 * sending does not hear a refusal.
 */
const DRAINED = 16;

/** @throws Refusal too large; not JSON, or no object. */
export async function readFields(
  request: IncomingMessage,
  limit: number,
): Promise<Record<string, unknown>> {
  const bytes = await readBytes(request, limit);
  if (!isUtf8(bytes)) throw unreadable('the body is not UTF-8');
  const text = bytes.toString('utf8');
  if (jsonDepth(text) > JSON_DEPTH) throw unreadable(`JSON may nest ${JSON_DEPTH} levels at most`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable('the body is not a JSON object');
  }
  return value as Record<string, unknown>;
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    const tooLarge = (): Refusal =>
      new Refusal(
        413,
        'relay.too_large',
        `Maximum request body size ${limit} exceeded, actual body size ${bytes}`,
        { plain: true, headers: { Connection: 'close' } },
      );
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= limit) chunks.push(chunk);
      else chunks = [];
      if (bytes > limit * DRAINED) {
        request.pause();
        reject(tooLarge());
      }
    });
    let ended = false;
    request.on('end', () => {
      ended = true;
      if (bytes > limit) reject(tooLarge());
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
    // It closes after each request: an error is made only where it says something.
    request.on('close', () => {
      if (!ended) reject(new Error('the request was broken off'));
    });
  });
}
