import type { AppError, DelegationState } from '../contract/index.ts';
import type { KeptFile } from './answer-files.ts';

/** How a run ended, as far as its answer goes. */
export interface AnswerEnd {
  readonly kind: 'final' | 'stopped' | 'failed';
  readonly text: string;
  readonly remoteId: string | null;
  /** The sender's clock. */
  readonly at: number | null;
  readonly error: AppError | null;
  /** How the work stands with this, where the wire has a word for it. */
  readonly work?: DelegationState;
  /** Its files, on the disk already; null where they could not be kept. */
  readonly files?: readonly KeptFile[] | null;
}
