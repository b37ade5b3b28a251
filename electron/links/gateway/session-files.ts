/**
 * Files of a session's workspace, as the gateway itself hands them out: `sessions.files.get`, which keeps
 * to the workspace (no links out of it) and to 256 KiB of text or image (OpenClaw 2026.9.6, tried).
 */
import * as z from 'zod';
import type { Wire } from './wire.ts';
import { WireError } from './wire.ts';

const LIMIT_MS = 15_000;

/**
 * `hidden` = a step of where the file lies begins with a dot, however it was asked for; `not_readable` =
 * neither text nor image, or the gateway does not hand files out, or does not say which one it read.
 */
export type SessionFile =
  | { readonly kind: 'found'; readonly mediaType: string; readonly data: Uint8Array }
  | { readonly kind: 'missing' | 'hidden' | 'too_large' | 'not_readable' | 'not_now' };

const Answer = z.object({
  file: z.object({
    missing: z.boolean().optional(),
    /** What was read, from the workspace's root: a path is asked for in many spellings (`@x`, `file:`). */
    workspacePath: z.string().optional(),
    mimeType: z.string().max(200).optional().catch(undefined),
    contentEncoding: z.enum(['utf8', 'base64']).optional().catch(undefined),
    content: z.string().optional(),
  }),
});

const DETAILS: Readonly<Record<string, 'missing' | 'too_large'>> = {
  session_file_not_found: 'missing',
  session_file_too_large: 'too_large',
};

const isHidden = (path: string): boolean =>
  path.split(/[\\/]/).some((step) => step.startsWith('.'));

function refusedAs(error: WireError): SessionFile {
  const { failure } = error;
  if (failure.kind !== 'refused' || failure.refusal.retryable) return { kind: 'not_now' };
  const { details } = failure.refusal;
  const type = (details as { type?: unknown } | null | undefined)?.type;
  return { kind: (typeof type === 'string' && DETAILS[type]) || 'not_readable' };
}

/** Reads one. Never throws a WireError. */
export async function readSessionFile(
  wire: Pick<Wire, 'request'>,
  sessionKey: string,
  path: string,
  signal: AbortSignal,
): Promise<SessionFile> {
  try {
    const params = { sessionKey, path };
    const answer = await wire.request('sessions.files.get', params, {
      timeoutMs: LIMIT_MS,
      signal,
    });
    const parsed = Answer.safeParse(answer);
    if (!parsed.success) return { kind: 'not_readable' };
    const { missing, workspacePath, mimeType, contentEncoding, content } = parsed.data.file;
    if (missing === true) return { kind: 'missing' };
    if (content === undefined || !workspacePath) return { kind: 'not_readable' };
    if (isHidden(workspacePath)) return { kind: 'hidden' };
    const data = Buffer.from(content, contentEncoding ?? 'utf8');
    const mediaType = mimeType ?? 'application/octet-stream';
    return { kind: 'found', mediaType, data: new Uint8Array(data) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return refusedAs(error);
  }
}
