/** What an A2A link is given. It knows nothing of the keychain, the store or the app. */
import type { Clock } from '../../clock/clock.ts';
import type { AgentCardView, LinkId, SecretNeed } from '../../contract/index.ts';

/** The bearer token, fetched anew for every connection and kept no longer than it. */
export type Credential =
  | { readonly kind: 'token'; readonly value: string }
  | { readonly kind: 'password'; readonly value: string }
  /** Never of an agent. */
  | { readonly kind: 'setup'; readonly value: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unavailable'; readonly reason: SecretNeed };

/** What was seen and trusted at first contact, or trusted by the person since. */
export interface Pins {
  /**
   * Lower-case hex SHA-256 of what the agent card says of who answers (card.ts); or a device key that it
   * has to prove (devicePin), where an invite made the link.
   */
  readonly identity: string | null;
  /** Lower-case hex SHA-256 of a certificate that no known authority signed. */
  readonly tls: string | null;
}

/** Texts for a bug report. They hold no secret, but a redacting writer should stand behind them. */
export type LinkLog = (level: 'debug' | 'warn', text: string) => void;

/** Given by whoever makes the link; secrets are asked for anew with each use. */
export interface A2aLinkOptions {
  readonly id: LinkId;
  /** As {@link normaliseA2aUrl} gives it. */
  readonly url: string;
  readonly credential: () => Promise<Credential>;
  readonly pins: Pins;
  /** Called with all pins when one was added or replaced. */
  readonly onPin: (pins: Pins) => void;
  /** Called with the card whenever it was read and is the one that is trusted. */
  readonly onCard: (card: AgentCardView) => void;
  readonly clock: Clock;
  readonly log?: LinkLog;
  /** One attempt, no retries: for a probe. */
  readonly once?: boolean;
  /** 0 ≤ n < 1, for jitter. */
  readonly random?: () => number;
}
