import { Paperclip } from 'lucide-react';
import type { AttachmentView } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { saveAttachment } from './save-attachment.ts';
import { SentImage, showsAsImage } from './sent-image.tsx';

interface AttachmentChipsProps {
  attachments: readonly AttachmentView[];
  /** They are our own: pictures among them are shown. */
  ours?: boolean;
}

/** The files of a message. A click saves one to this machine; none of theirs is ever opened here. */
export function AttachmentChips({ attachments, ours = false }: AttachmentChipsProps) {
  const client = useClient();
  if (attachments.length === 0) return null;
  return (
    <ul className="chips" aria-label="Attachments">
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <button
            type="button"
            className={`chip ${ours && showsAsImage(attachment) ? 'chip--image' : ''}`}
            title={`Save ${attachment.name}`}
            onClick={() => void saveAttachment(client, attachment)}
          >
            {ours && showsAsImage(attachment) ? (
              <SentImage attachment={attachment} />
            ) : (
              <Paperclip aria-hidden="true" />
            )}
            <bdi className="clip">{attachment.name}</bdi>
            <span className="soft numbers">{byteSize(attachment.bytes)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
