import { Paperclip } from 'lucide-react';
import type { AttachmentView } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { saveAttachment } from './save-attachment.ts';

/** The files of a message. A click saves one to this machine; none is ever opened here. */
export function AttachmentChips({ attachments }: { attachments: readonly AttachmentView[] }) {
  const client = useClient();
  if (attachments.length === 0) return null;
  return (
    <ul className="chips" aria-label="Attachments">
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <button
            type="button"
            className="chip"
            title={`Save ${attachment.name}`}
            onClick={() => void saveAttachment(client, attachment)}
          >
            <Paperclip aria-hidden="true" />
            <bdi className="clip">{attachment.name}</bdi>
            <span className="soft numbers">{byteSize(attachment.bytes)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
