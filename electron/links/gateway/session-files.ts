/**
 * Files of a session's workspace, as the gateway itself hands them out: `sessions.files.get`, which keeps
 * to the workspace (no links out of it) and to 256 KiB of text or image (OpenClaw 2026.9.6, tried). A
 * larger picture comes by `agents.workspace.get`, which takes up to 5 MiB of one (its docs, *RPC: agents*).
 * Nothing hands out other binaries: `artifacts.download` knows what stands in a transcript alone, and the
 * media route of the Control UI reads outside the workspace too, so it is not asked.
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
  | { readonly kind: 'too_large'; readonly bytes: number | null }
  | { readonly kind: 'missing' | 'hidden' | 'not_readable' | 'not_now' };

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

const WorkspaceAnswer = z.object({
  file: z.object({
    path: z.string().min(1),
    mimeType: z
      .string()
      .regex(/^image\//)
      .max(200),
    encoding: z.literal('base64'),
    content: z.string(),
  }),
});

const Details = z.object({
  type: z.string(),
  size: z.number().int().nonnegative().optional().catch(undefined),
});

/** The kinds of pictures that the gateway knows by their names. */
const PICTURE = /\.(?:avif|bmp|gif|heic|heif|jpeg|jpg|png|webp)$/i;
const AGENT = /^agent:([^:]+):/;

const isHidden = (path: string): boolean =>
  path.split(/[\\/]/).some((step) => step.startsWith('.'));

function refusedAs(error: WireError): SessionFile {
  const { failure } = error;
  if (failure.kind !== 'refused' || failure.refusal.retryable) return { kind: 'not_now' };
  const details = Details.safeParse(failure.refusal.details);
  switch (details.data?.type) {
    case 'session_file_not_found':
    case 'workspace_file_not_found':
      return { kind: 'missing' };
    case 'session_file_too_large':
    case 'workspace_file_too_large':
      return { kind: 'too_large', bytes: details.data.size ?? null };
    default:
      return { kind: 'not_readable' };
  }
}

/** A picture above what sessions give, by its path from the workspace's root. */
async function readPicture(
  wire: Pick<Wire, 'request'>,
  agentId: string,
  path: string,
  signal: AbortSignal,
): Promise<SessionFile> {
  const answer = await wire.request(
    'agents.workspace.get',
    { agentId, path },
    { timeoutMs: LIMIT_MS, signal },
  );
  const parsed = WorkspaceAnswer.safeParse(answer);
  if (!parsed.success) return { kind: 'not_readable' };
  const { path: read, mimeType, content } = parsed.data.file;
  if (isHidden(read)) return { kind: 'hidden' };
  return {
    kind: 'found',
    mediaType: mimeType,
    data: new Uint8Array(Buffer.from(content, 'base64')),
  };
}

/** As sessions give it; `path` from the workspace's root, as far as that was told. */
async function readSmall(
  wire: Pick<Wire, 'request'>,
  sessionKey: string,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly file: SessionFile; readonly path: string }> {
  const params = { sessionKey, path };
  const answer = await wire.request('sessions.files.get', params, {
    timeoutMs: LIMIT_MS,
    signal,
  });
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) return { file: { kind: 'not_readable' }, path };
  const { missing, workspacePath, mimeType, contentEncoding, content } = parsed.data.file;
  if (missing === true) return { file: { kind: 'missing' }, path };
  const lies = workspacePath || path;
  if (workspacePath && isHidden(workspacePath)) return { file: { kind: 'hidden' }, path: lies };
  if (content === undefined || !workspacePath)
    return { file: { kind: 'not_readable' }, path: lies };
  const data = Buffer.from(content, contentEncoding ?? 'utf8');
  const mediaType = mimeType ?? 'application/octet-stream';
  return { file: { kind: 'found', mediaType, data: new Uint8Array(data) }, path: lies };
}

const orRefused = (error: unknown): SessionFile => {
  if (!(error instanceof WireError)) throw error;
  return refusedAs(error);
};

/** Reads one. Never throws a WireError. */
export async function readSessionFile(
  wire: Pick<Wire, 'request'>,
  sessionKey: string,
  path: string,
  signal: AbortSignal,
): Promise<SessionFile> {
  const small = await readSmall(wire, sessionKey, path, signal).catch((error: unknown) => ({
    file: orRefused(error),
    path,
  }));
  const { file, path: lies } = small;
  const agentId = AGENT.exec(sessionKey)?.[1];
  // Of a large picture it is said that it is too large, or that it cannot be shown.
  const isKept = file.kind === 'too_large' || file.kind === 'not_readable';
  if (!isKept || agentId === undefined || !PICTURE.test(lies)) return file;
  const picture = await readPicture(wire, agentId, lies, signal).catch(orRefused);
  // An older gateway does not know the call.
  return picture.kind === 'missing' || picture.kind === 'not_readable' ? file : picture;
}
