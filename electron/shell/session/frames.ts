/**
 * Frames as text: the same on Electron IPC, WebSocket and control socket.
 *
 * A window's conversation, client on the left:
 * - `hello {key?}` → `hello {key?}`, then `snapshot`. The key is the browser shell's: the answer holds
 *   the key to keep for this tab. Nothing is taken before it.
 * - `call {input}` with `id` and `name` → `result` with the same id and name; its body is a Result.
 * - `batch` → the client answers `ack {revision}`; until then no further batch leaves.
 * - `snapshot {}` → a new `snapshot`: for a client whose numbers have a gap. What it has open stays open.
 * - `event` comes at any time. `refused` names by its id the frame that was not taken; its body is an
 *   AppError.
 */
import { type AppError, appError, Frame, MAX_FRAME_BYTES } from '../../contract/index.ts';

/** What came of a text: a frame, or why it is none. `id` is its id where that could be read. */
export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly id: string; readonly error: AppError };

/** Writes a frame as text. */
export const encodeFrame = (frame: Frame): string => JSON.stringify(frame);

/** Reads a frame from text. Never throws, whatever the text is. */
export function decodeFrame(text: string, maxBytes = MAX_FRAME_BYTES): Decoded {
  // UTF-8 is never shorter than UTF-16 units: most texts need no count of their bytes.
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    return refuse(appError('call.too_large', `A frame may have ${maxBytes} bytes.`));
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse(appError('call.malformed', 'Not JSON.'));
  }
  const parsed = Frame.safeParse(raw);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  const where = field === '' ? 'Not a frame.' : `Not a frame: ${field.slice(0, 40)}.`;
  return refuse(appError('call.malformed', where), idOf(raw));
}

const refuse = (error: AppError, id = ''): Decoded => ({ ok: false, id, error });

function idOf(raw: unknown): string {
  if (typeof raw !== 'object' || raw === null || !('id' in raw)) return '';
  return typeof raw.id === 'string' && raw.id.length <= 64 ? raw.id : '';
}
