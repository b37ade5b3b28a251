/** What `up --json` says of its progress (upOutputJSON in cmd/tailscale/cli/up.go of v1.102.3). */
import * as z from 'zod';
import { plainLine, plainOutput } from './words.ts';

/** In, to be approved by an admin, to be signed in to at `url`, or failed in its own words. */
export type UpWord =
  | { readonly kind: 'joined' }
  | { readonly kind: 'approval' }
  /** `qr`: as it came, not yet judged. */
  | { readonly kind: 'link'; readonly url: string; readonly qr: unknown }
  | { readonly kind: 'error'; readonly text: string };

const UpOutput = z.object({
  AuthURL: z.string().optional(),
  QR: z.unknown().optional(),
  BackendState: z.string().optional(),
  Error: z.string().optional(),
});

/** Reads one of its objects; null for one that says nothing that counts. */
export function readUpWord(object: unknown): UpWord | null {
  const parsed = UpOutput.safeParse(object);
  if (!parsed.success) return null;
  const { AuthURL, QR, BackendState, Error: trouble } = parsed.data;
  if (trouble) return { kind: 'error', text: plainLine(plainOutput(trouble), 300) };
  if (BackendState === 'Running') return { kind: 'joined' };
  if (BackendState === 'NeedsMachineAuth') return { kind: 'approval' };
  return AuthURL ? { kind: 'link', url: AuthURL, qr: QR } : null;
}
