import { Image } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AttachmentView } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { PREVIEWED } from '../../store/uploads.ts';
import { readAttachment } from './save-attachment.ts';

/** Larger pictures are not read just to be shown small. */
const MOST_BYTES = 4_000_000;

/** Whether a file of ours is shown as a small picture. What others send never is. */
export const showsAsImage = (attachment: AttachmentView): boolean =>
  PREVIEWED.has(attachment.mimeType) && attachment.bytes <= MOST_BYTES;

/** A small picture of a file that we sent, in a box that is there from the start. */
export function SentImage({ attachment }: { attachment: AttachmentView }) {
  const client = useClient();
  const [url, setUrl] = useState<string | null>(null);
  const { id, mimeType } = attachment;
  useEffect(() => {
    let made: string | null = null;
    let wanted = true;
    void readAttachment(client.connection.call, id).then((result) => {
      if (!wanted || !result.ok) return;
      made = URL.createObjectURL(new Blob(result.value, { type: mimeType }));
      setUrl(made);
    });
    return () => {
      wanted = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [client, id, mimeType]);
  return (
    <span className="chip__image">
      {url ? <img src={url} alt="" onError={() => setUrl(null)} /> : <Image aria-hidden="true" />}
    </span>
  );
}
