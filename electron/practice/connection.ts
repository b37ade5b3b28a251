/** One socket on the practice gateway: who it is, what it may see, and its numbered events. */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Admission } from './admission.ts';
import { closeReason, type ErrorShape, type Json } from './frames.ts';

/** Writes a frame's text. A test may lose, delay, double or spoil it on the way. */
export type FrameTap = (text: string, write: (text: string) => void, frame: Json) => void;

/** Events that belong to one session. */
const SESSION_EVENTS = new Set(['chat', 'agent', 'session.message', 'session.approval']);

/** One socket, from the challenge to its end. Events are numbered from 1 once it is in. */
export class Connection {
  readonly id = randomUUID();
  readonly nonce = randomUUID();
  readonly local: boolean;
  /** Set once `connect` succeeded. */
  admission: Admission | null = null;
  subscribedToAll = false;
  readonly subscribed = new Set<string>();
  private readonly socket: WebSocket;
  private readonly tap: FrameTap | undefined;
  private seq = 0;

  constructor(socket: WebSocket, local: boolean, tap: FrameTap | undefined) {
    this.socket = socket;
    this.local = local;
    this.tap = tap;
  }

  private write(frame: Json): void {
    const send = (text: string): void => {
      if (this.socket.readyState === this.socket.OPEN) this.socket.send(text);
    };
    const text = JSON.stringify(frame);
    if (this.tap) this.tap(text, send, frame);
    else send(text);
  }

  /** Sends bytes or text as they are, past every schema: for tests of the other side. */
  raw(data: string | Uint8Array): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(data, { binary: false });
  }

  respond(id: string, payload: Json): void {
    this.write({ type: 'res', id, ok: true, payload });
  }

  refuse(id: string, error: ErrorShape): void {
    this.write({ type: 'res', id, ok: false, error });
  }

  /** Sends an event; before the handshake it carries no number. */
  event(event: string, payload: Json): void {
    if (this.admission) this.seq++;
    const numbered = this.admission ? { seq: this.seq } : {};
    this.write({ type: 'event', event, payload, ...numbered });
  }

  has(scope: string): boolean {
    const scopes = this.admission?.scopes ?? [];
    if (scopes.includes(scope) || scopes.includes('operator.admin')) return true;
    return scope === 'operator.read' && scopes.includes('operator.write');
  }

  /**
   * Whether this socket is shown an event. The table is the one observed on OpenClaw: runs go to
   * everyone with read unless the socket asked for session-scoped events; transcript rows only to
   * subscribers.
   */
  sees(event: string, sessionKey: string | null): boolean {
    if (!this.admission || !this.has('operator.read')) return event === 'tick';
    if (!SESSION_EVENTS.has(event) || sessionKey === null) return true;
    if (this.subscribed.has(sessionKey) || this.subscribedToAll) return true;
    const scoped = this.admission.caps.includes('session-scoped-events');
    return !scoped && event !== 'session.message';
  }

  close(code: number, reason: string): void {
    this.socket.close(code, closeReason(reason));
  }

  /** Drops it without a goodbye, as a cut cable does. */
  cut(): void {
    this.socket.terminate();
  }
}
