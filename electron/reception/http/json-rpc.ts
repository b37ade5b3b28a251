/** The A2A endpoint: a bearer token, then the SDK's JSON-RPC, answered at once or as a stream. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { A2A_VERSION_HEADER, formatSSEEvent } from '@a2a-js/sdk';
import { LegacyJsonRpcTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import { VersionNotSupportedError } from '@a2a-js/sdk/errors';
import {
  type A2ARequestHandler,
  JsonRpcTransportHandler,
  ServerCallContext,
} from '@a2a-js/sdk/server';
import type { Clock } from '../../clock/clock.ts';
import { NotNow } from '../a2a/not-now.ts';
import { CALLER, GONE, NOT_NOW } from '../a2a/request-handler.ts';
import type { Caller } from '../delegations/caller.ts';
import { refuseForNow, retryAfter, STREAM_HEADERS, sendJson } from './answers.ts';
import { readJson } from './body.ts';

/** Callers that wait or listen at the same time: of one peer, and of all together. */
export const WAITING = { perPeer: 32, all: 256 } as const;
/** A stream says that it lives this often, ms. */
const BEAT_MS = 15_000;
/** A reader that lets this many bytes pile up is cut off. */
const PILE_BYTES = 262_144;

/** JSON-RPC 2.0, section 5.1. */
const INTERNAL_ERROR = -32_603;

type Answer = { readonly jsonrpc: string; readonly id: string | number | null };

/** One endpoint for all callers; who calls is found out before. */
export class JsonRpcEndpoint {
  readonly #current: JsonRpcTransportHandler;
  readonly #legacy: LegacyJsonRpcTransportHandler;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #waiting = new Map<string, number>();
  #all = 0;

  constructor(handler: A2ARequestHandler, clock: Clock, log: (line: string) => void) {
    this.#current = new JsonRpcTransportHandler(handler);
    this.#legacy = new LegacyJsonRpcTransportHandler(handler);
    this.#clock = clock;
    this.#log = log;
  }

  /** @throws BodyRefused */
  async serve(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const body = await readJson(request);
    const mine = this.#waiting.get(caller.peerId) ?? 0;
    if (mine >= WAITING.perPeer || this.#all >= WAITING.all) {
      refuseForNow(response, 2_000, 'Too many calls wait already.');
      return;
    }
    this.#waiting.set(caller.peerId, mine + 1);
    this.#all++;
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    response.once('close', leave);
    try {
      await this.#answer(request, response, body, caller, gone.signal);
    } finally {
      response.off('close', leave);
      gone.abort();
      this.#all--;
      const left = (this.#waiting.get(caller.peerId) ?? 1) - 1;
      if (left > 0) this.#waiting.set(caller.peerId, left);
      else this.#waiting.delete(caller.peerId);
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: Record<string, unknown>,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<void> {
    const named = request.headers[A2A_VERSION_HEADER.toLowerCase()];
    // Methods of 0.3 have a slash in their names; clients that name no version are told by that.
    const old = typeof body.method === 'string' && body.method.includes('/');
    const version = typeof named === 'string' && named !== '' ? named : old ? '0.3' : '1.0';
    if (version !== '1.0' && version !== '0.3') {
      const error = JsonRpcTransportHandler.mapToJSONRPCError(
        new VersionNotSupportedError('Versions 1.0 and 0.3 are spoken here.'),
      );
      sendJson(response, 200, { jsonrpc: '2.0', id: body.id ?? null, error });
      return;
    }
    const context = new ServerCallContext({
      user: { isAuthenticated: true, userName: caller.peerId },
      requestedVersion: version,
      state: new Map<string, unknown>([
        [CALLER, caller],
        [GONE, signal],
      ]),
    });
    const handler = version === '0.3' ? this.#legacy : this.#current;
    const answer: Answer | AsyncGenerator<Answer> = await handler.handle(body, context);
    if (!(Symbol.asyncIterator in answer)) {
      this.#tell(response, this.#withoutInsides(answer), context);
      return;
    }
    await this.#stream(response, answer, body.id, context);
  }

  /** What is refused for the moment says so by HTTP's own means too. */
  #tell(response: ServerResponse, answer: Answer, context: ServerCallContext): void {
    const refused = context.state.get(NOT_NOW);
    if (refused instanceof NotNow) {
      sendJson(response, refused.status, answer, retryAfter(refused.afterMs));
    } else sendJson(response, 200, answer);
  }

  #asAnswer(error: unknown, id: unknown): Answer {
    const mapped = JsonRpcTransportHandler.mapToJSONRPCError(error);
    return this.#withoutInsides({ jsonrpc: '2.0', id: id ?? null, error: mapped } as Answer);
  }

  /** A fault of ours is noted here, and told to nobody outside. */
  #withoutInsides(answer: Answer): Answer {
    const { error } = answer as { error?: { code?: unknown; message?: unknown } };
    if (error?.code !== INTERNAL_ERROR) return answer;
    this.#log(`a call at the door failed: ${String(error.message)}`);
    const told = { code: INTERNAL_ERROR, message: 'Something failed here. It was noted.' };
    return { jsonrpc: answer.jsonrpc, id: answer.id, error: told } as Answer;
  }

  async #stream(
    response: ServerResponse,
    events: AsyncGenerator<Answer>,
    id: unknown,
    context: ServerCallContext,
  ): Promise<void> {
    let first: IteratorResult<Answer>;
    try {
      first = await events.next();
    } catch (error) {
      this.#tell(response, this.#asAnswer(error, id), context);
      return;
    }
    if (context.state.has(NOT_NOW) && !first.done) {
      this.#tell(response, first.value, context);
      await events.return(undefined).catch(() => undefined);
      return;
    }
    response.writeHead(200, STREAM_HEADERS);
    const write = (text: string): boolean => {
      if (response.destroyed) return false;
      response.write(text);
      if (response.writableLength <= PILE_BYTES) return true;
      response.destroy();
      return false;
    };
    const stopBeating = this.#clock.every(BEAT_MS, () => void write(': still here\n\n'));
    try {
      for (let step = first; !step.done; step = await events.next()) {
        if (!write(formatSSEEvent(step.value))) break;
      }
    } catch (error) {
      this.#log(`a stream of a caller broke: ${String(error)}`);
      write(formatSSEEvent(this.#asAnswer(error, id)));
    } finally {
      stopBeating();
      await events.return(undefined).catch(() => undefined);
      if (!response.destroyed) response.end();
    }
  }
}
