import type { AttachmentView, Caller, Result } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';

/** Reads an attachment piece by piece. */
export async function readAttachment(
  call: Caller,
  attachmentId: AttachmentView['id'],
): Promise<Result<BlobPart[]>> {
  const pieces: BlobPart[] = [];
  let offset: number | null = 0;
  while (offset !== null) {
    const piece: Result<{ data: string; nextOffset: number | null }> = await call(
      'attachment.read',
      { attachmentId, offset },
    );
    if (!piece.ok) return piece;
    pieces.push(Uint8Array.from(atob(piece.value.data), (unit) => unit.charCodeAt(0)));
    offset = piece.value.nextOffset;
  }
  return { ok: true, value: pieces };
}

/** Reads an attachment and hands it to the platform's own *save* dialog. */
export async function saveAttachment(client: Client, attachment: AttachmentView): Promise<void> {
  const read = await readAttachment(client.connection.call, attachment.id);
  if (!read.ok) return client.toasts.fail(read.error);
  // Never the type that the sender claims: the file is saved, not shown.
  const url = URL.createObjectURL(new Blob(read.value, { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = attachment.name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
