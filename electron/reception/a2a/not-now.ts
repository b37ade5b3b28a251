import { UnsupportedOperationError } from '@a2a-js/sdk/errors';

/** Refused for the moment: what HTTP says of it, beside A2A's own error. */
export class NotNow extends Error {
  readonly status: 429 | 503;
  readonly afterMs: number;
  readonly reason: string;

  constructor(status: 429 | 503, afterMs: number, reason: string, message: string) {
    super(message);
    this.name = 'NotNow';
    this.status = status;
    this.afterMs = afterMs;
    this.reason = reason;
  }

  /** As the SDK knows how to write it. */
  asA2a(): UnsupportedOperationError {
    return new UnsupportedOperationError({
      message: this.message,
      metadata: { peerage: this.reason },
    });
  }
}
