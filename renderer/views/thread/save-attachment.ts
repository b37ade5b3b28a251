import type { AttachmentView } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';

/** Reads an attachment piece by piece and hands it to the platform's own *save* dialog. */
export async function saveAttachment(client: Client, attachment: AttachmentView): Promise<void> {
  const pieces: BlobPart[] = [];
  let offset: number | null = 0;
  while (offset !== null) {
    const piece: { data: string; nextOffset: number | null } | null = await client.act(
      'attachment.read',
      { attachmentId: attachment.id, offset },
    );
    if (!piece) return;
    pieces.push(Uint8Array.from(atob(piece.data), (unit) => unit.charCodeAt(0)));
    offset = piece.nextOffset;
  }
  // Never the type that the sender claims: the file is saved, not shown.
  const url = URL.createObjectURL(new Blob(pieces, { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = attachment.name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
