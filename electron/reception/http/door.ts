/** Where peers knock: what is asked of whom, who may ask, and how often. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { AgentCard } from '@a2a-js/sdk';
import type { Clock } from '../../clock/clock.ts';
import { Lockout, RateLimiter } from '../../clock/throttle.ts';
import { DEVICE_PROOF, deviceProofText, RECEPTION_PATHS } from '../../contract/index.ts';
import { agentCard } from '../a2a/card.ts';
import type { Audit } from '../audit.ts';
import type { Identity, Partners } from '../options.ts';
import type { Tokens } from '../tokens.ts';
import { refuse, refuseForNow, sendJson } from './answers.ts';
import { BodyRefused, readJson } from './body.ts';
import type { JsonRpcEndpoint } from './json-rpc.ts';
import type { Origin } from './listener.ts';

/** An answer to a message of an invite exchange; `counts` = a wrong code or key, like a wrong token. */
export interface ExchangeAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 410;
  readonly body: unknown;
  readonly counts?: true;
}

/** What invites do with a message that came for them. */
export type InviteDoor = (
  step: string,
  message: Record<string, unknown>,
  origin: Origin,
) => Promise<ExchangeAnswer>;

/** What the door asks about a caller, and to whom it passes a request on. */
export interface DoorOptions {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly tokens: Tokens;
  readonly partners: Partners;
  readonly jsonRpc: JsonRpcEndpoint;
  readonly invites: InviteDoor;
  /** A peer says that it ended the partnership. */
  readonly ended: (peerId: Parameters<Partners['name']>[0]) => Promise<void>;
  /** What a card is signed with. Rejects while the keychain cannot be used. */
  readonly identity: () => Promise<Identity>;
  /** What this machine is called in the tailnet, without a port; a page in a browser may not rename it. */
  readonly names: () => readonly string[];
  readonly displayName: string;
  /** What the agents here are good at, as the person tells it now. */
  readonly capabilities: () => readonly string[];
  readonly appVersion: string;
  readonly log: (line: string) => void;
}

/** Of one address, whoever it is: enough to poll many tasks. */
const KNOCKS = { burst: 120, perSecond: 20 } as const;
/** The most bytes of a message of an invite exchange. */
const EXCHANGE_BYTES = 16_384;

const BEARER = /^Bearer ([A-Za-z0-9_-]{16,128})$/i;

/** The same words for every token that is not good, whatever the reason. */
const NOT_KNOWN = 'A bearer token that is known here is needed.';

/** Answers every request to a listening address; the same one stands behind all of them. */
export class Door {
  readonly #options: DoorOptions;
  readonly #knocks: RateLimiter;
  readonly #lockout: Lockout;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#knocks = new RateLimiter(options.clock, KNOCKS);
    this.#lockout = new Lockout(options.clock);
  }

  /** Answers one request. Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse, origin: Origin): Promise<void> {
    try {
      await this.#route(request, response, origin);
    } catch (error) {
      if (error instanceof BodyRefused) {
        // What is left of the body is not read.
        refuse(response, error.status, error.message, { connection: 'close' });
        if (!request.complete) request.destroy();
        return;
      }
      if (!request.destroyed) this.#options.log(`a request at the door failed: ${String(error)}`);
      refuse(response, 500, 'Something failed here. It was noted.');
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, origin: Origin): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    // A page in a browser can give its own name this machine's address, and so read what is here.
    if (!isOurs(request.headers.host ?? '', this.#options.names())) {
      refuse(response, 421, 'That is no name of this machine.');
      return;
    }
    const wait = this.#knocks.take(origin.remote);
    if (wait > 0) {
      refuseForNow(response, wait, 'Too many requests.');
      return;
    }
    if (path === RECEPTION_PATHS.card) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        refuse(response, 405, 'Use GET.', { allow: 'GET' });
        return;
      }
      await this.#card(request, response, origin);
      return;
    }
    const step = path.startsWith(`${RECEPTION_PATHS.invite}/`)
      ? path.slice(RECEPTION_PATHS.invite.length + 1)
      : null;
    const known = step !== null || path === RECEPTION_PATHS.jsonRpc || path === ENDED;
    if (!known) {
      refuse(response, 404, 'There is nothing here.');
      return;
    }
    if (request.method !== 'POST') {
      refuse(response, 405, 'Use POST.', { allow: 'POST' });
      return;
    }
    // A page in a browser on this machine has no business here, and always says where it is from.
    if (request.headers.origin !== undefined) {
      refuse(response, 403, 'Pages in a browser are not served.');
      return;
    }
    const locked = this.#lockout.left(origin.remote);
    if (locked > 0) {
      refuseForNow(response, locked, 'Too many failures. Come again later.');
      return;
    }
    if (step !== null) await this.#exchange(step, request, response, origin);
    else await this.#asPeer(path, request, response, origin);
  }

  async #card(request: IncomingMessage, response: ServerResponse, origin: Origin): Promise<void> {
    const { displayName, appVersion, capabilities, identity, log } = this.#options;
    const card = AgentCard.toJSON(agentCard(origin.here, displayName, appVersion, capabilities()));
    const challenge = String(request.headers[DEVICE_PROOF.ask] ?? '');
    const signer = CHALLENGE.test(challenge)
      ? await identity().catch((error: unknown) => {
          log(`the card goes out without a proof: ${String(error)}`);
          return null;
        })
      : null;
    const hash = createHash('sha256').update(JSON.stringify(card)).digest('hex');
    const proof =
      signer === null
        ? null
        : `${signer.publicKey}.${signer.sign(deviceProofText(challenge, hash))}`;
    sendJson(response, 200, card, proof === null ? {} : { [DEVICE_PROOF.answer]: proof });
  }

  async #exchange(
    step: string,
    request: IncomingMessage,
    response: ServerResponse,
    origin: Origin,
  ): Promise<void> {
    const message = await readJson(request, EXCHANGE_BYTES);
    const answer = await this.#options.invites(step, message, origin);
    if (answer.counts) this.#failed(origin);
    sendJson(response, answer.status, answer.body);
  }

  async #asPeer(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    origin: Origin,
  ): Promise<void> {
    const { tokens, partners, jsonRpc } = this.#options;
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const peerId = tokens.verify(token, origin.machine);
    const name = peerId && partners.name(peerId);
    if (!peerId || name === null) {
      this.#options.audit.write('caller_refused', null, origin.remote);
      this.#failed(origin);
      refuse(response, 401, NOT_KNOWN, { 'www-authenticate': 'Bearer' });
      return;
    }
    if (path === ENDED) {
      await this.#options.ended(peerId);
      sendJson(response, 200, {});
      return;
    }
    await jsonRpc.serve(request, response, { peerId, name: name ?? '', proof: origin.proof });
  }

  #failed(origin: Origin): void {
    if (this.#lockout.fail(origin.remote)) {
      this.#options.audit.write('caller_locked_out', null, origin.remote);
    }
  }
}

const CHALLENGE = /^[A-Za-z0-9_-]{22}$/;

/** An address, this machine as it calls itself, or what the tailnet calls it. Any port: it may be forwarded. */
function isOurs(host: string, names: readonly string[]): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname, pathname, username } = new URL(`http://${host}`);
  if (pathname !== '/' || username !== '') return false;
  const name = hostname.replace(/\.$/, '');
  if (name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
  return names.some((one) => one.toLowerCase().replace(/\.$/, '') === name);
}

const ENDED = `${RECEPTION_PATHS.partnership}/ended`;
