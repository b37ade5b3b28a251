/** What goes back: JSON, or plain text where aiohttp answers by itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../protocol.ts';

/** An answer that was made and not sent yet. `plain` = text/plain; otherwise the text is JSON. */
export interface Answer {
  readonly status: number;
  /** The body, as text. */
  readonly text: string;
  /** What comes before it, encoded already. */
  readonly head?: Buffer;
  readonly plain?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer whose body is this value as JSON; 200 unless another status is given. */
export const json = (body: unknown, status = 200): Answer => ({
  status,
  text: JSON.stringify(body),
});

/** JSON that is text already. */
export const jsonText = (text: string): Answer => ({ status: 200, text });

/** What aiohttp says for an exception in a handler. */
const SERVER_ERROR = '500 Internal Server Error\n\nServer got itself in trouble';

/** Bodies that the published relay could not read end in this. */
export const unreadable = (message: string): Refusal =>
  new Refusal(500, 'relay.bad_json', message, { plain: true });

/**
 * A refusal as an answer. Old clients get the status and the shape that they know; `modern` ones a code,
 * and 400 where the published relay fails.
 */
export function refused(refusal: Refusal, modern: boolean): Answer {
  const { status, code, message, more } = refusal;
  const headers = more.headers ?? {};
  if (modern) {
    const told = status === 500 && code === 'relay.bad_json' ? 400 : status;
    return { ...json({ error: message, code, ...more.fields }, told), headers };
  }
  if (!more.plain) return { ...json({ error: message, ...more.fields }, status), headers };
  const text = status === 500 ? SERVER_ERROR : message;
  return { status, text, plain: true, headers };
}

/** @throws never; an answer that cannot be sent any more is dropped. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.status, {
    'Content-Type': answer.plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(answer.text) + (answer.head?.byteLength ?? 0),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...answer.headers,
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (answer.head) response.write(answer.head);
  response.end(answer.text);
}
