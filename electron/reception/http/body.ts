/** Reads a request's body within limits, before anything makes sense of it. */
import type { IncomingMessage } from 'node:http';
import { jsonDepth, RECEPTION_LIMITS } from '../../contract/index.ts';

/** Why a body was not read, as an HTTP status. */
export class BodyRefused extends Error {
  readonly status: 400 | 408 | 413 | 415;
  constructor(status: 400 | 408 | 413 | 415, message: string) {
    super(message);
    this.name = 'BodyRefused';
    this.status = status;
  }
}

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/**
 * The body as text. @throws BodyRefused too large, not JSON by its header, or not UTF-8.
 * @param limit most bytes.
 */
export async function readText(
  request: IncomingMessage,
  limit: number = RECEPTION_LIMITS.bodyBytes,
): Promise<string> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new BodyRefused(415, 'Send application/json.');
  }
  const tooLarge = (): BodyRefused =>
    new BodyRefused(413, `At most ${limit} bytes are taken at once.`);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new BodyRefused(400, 'The body is not UTF-8.');
  }
}

/** The body as a JSON object. @throws BodyRefused also where it is no object, or nests too deep. */
export async function readJson(
  request: IncomingMessage,
  limit: number = RECEPTION_LIMITS.bodyBytes,
): Promise<Record<string, unknown>> {
  const text = await readText(request, limit);
  if (jsonDepth(text) > RECEPTION_LIMITS.depth) {
    throw new BodyRefused(400, `JSON may nest ${RECEPTION_LIMITS.depth} levels at most.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BodyRefused(400, 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BodyRefused(400, 'The body is not a JSON object.');
  }
  return value as Record<string, unknown>;
}
