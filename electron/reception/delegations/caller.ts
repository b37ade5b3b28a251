import type { CallerProof, PeerId } from '../../contract/index.ts';

/** Who asks, as the door found out. */
export interface Caller {
  readonly peerId: PeerId;
  readonly name: string;
  readonly proof: CallerProof;
}
