/**
 * Frames of the OpenClaw gateway protocol, version 4, as far as the practice gateway speaks it.
 * Shapes: `@openclaw/gateway-protocol` 2026.9.1, and what OpenClaw 2026.9.6 was seen to send.
 */

/** A JSON object as it crosses the wire. */
export type Json = Record<string, unknown>;

/** The version of the protocol that is spoken here. */
export const PROTOCOL = 4;

/** The error object of a refused request. */
export interface ErrorShape {
  readonly code: string;
  readonly message: string;
  readonly details?: Json;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

/** Close codes that a gateway uses. */
export const CloseCode = {
  normal: 1000,
  protocol: 1002,
  policy: 1008,
  tooBig: 1009,
  restart: 1012,
  tryLater: 1013,
  removed: 4001,
} as const;

/** A request that is answered with an error; during the handshake the socket closes after it. */
export class Refusal extends Error {
  readonly shape: ErrorShape;
  readonly closeCode: number;
  constructor(shape: ErrorShape, closeCode: number = CloseCode.policy) {
    super(shape.message);
    this.name = 'Refusal';
    this.shape = shape;
    this.closeCode = closeCode;
  }
}

/** The commonest refusal. */
export const invalidRequest = (message: string, details?: Json): Refusal =>
  new Refusal({ code: 'INVALID_REQUEST', message, ...(details ? { details } : {}) });

/** The refusal for a scope that the socket does not hold; also the answer to unknown methods. */
export const missingScope = (scope: string): Refusal =>
  new Refusal({
    code: 'FORBIDDEN',
    message: `missing scope: ${scope}`,
    details: { code: 'MISSING_SCOPE', missingScope: scope, requiredScopes: [scope] },
  });

/** True for a plain JSON object. */
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A close reason holds at most 123 bytes (RFC 6455, section 5.5). */
export function closeReason(text: string): string {
  let cut = text;
  while (Buffer.byteLength(cut) > 123) cut = cut.slice(0, -1);
  return cut;
}
