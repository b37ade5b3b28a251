/**
 * The one frame format of every transport: Electron IPC, the browser shell's WebSocket, the control
 * socket (there one JSON text per line). Nothing else crosses.
 */
import * as z from 'zod';

/** Grows when the frame itself changes. A frame of another version is refused: `call.malformed`. */
export const FRAME_VERSION = 1;

/**
 * The form of the calls that the control socket takes. It grows when a command of before would be
 * misunderstood; the command and the app compare it in their greeting.
 */
export const DOOR_PROTOCOL = 1;

/** The largest frame that a window or a control client may send, UTF-8 bytes. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/**
 * `hello`: first from the client, with its key where the transport has one.
 * `call` and `result`: a call of the contract and its {@link Result}; `id` pairs them.
 * `snapshot`, `batch`, `ack`: see snapshot.ts. A client asks for a snapshot with an empty one.
 * `event`: see WindowEvent. `refused`: the frame with this id could not be taken; `body` says why.
 */
export const FrameKind = z.enum([
  'hello',
  'call',
  'result',
  'snapshot',
  'batch',
  'ack',
  'event',
  'refused',
]);
export type FrameKind = z.infer<typeof FrameKind>;

/** What crosses a transport. `name`: of the call or event; `body`: checked by whoever takes it. */
export const Frame = z.strictObject({
  v: z.literal(FRAME_VERSION),
  id: z.string().max(64),
  kind: FrameKind,
  name: z.string().max(64),
  body: z.unknown(),
});
export type Frame = z.infer<typeof Frame>;

/** Builds a frame; `id` and `name` may be empty where the kind has no use for them. */
export const frame = (kind: FrameKind, body: unknown, name = '', id = ''): Frame => ({
  v: FRAME_VERSION,
  id,
  kind,
  name,
  body,
});
