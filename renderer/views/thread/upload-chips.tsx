import { File, X } from 'lucide-react';
import { IconButton } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { isWhole, type Upload } from '../../store/uploads.ts';
import { byteSize } from '../../words/bytes.ts';

/** The files that will go with the message: what they are, and how far they came. */
export function UploadChips({ uploads }: { uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null;
  return (
    <ul className="uploads" aria-label="Files to send">
      {uploads.map((upload) => (
        <UploadChip key={upload.key} upload={upload} />
      ))}
    </ul>
  );
}

function UploadChip({ upload }: { upload: Upload }) {
  const client = useClient();
  return (
    <li className={`upload ${upload.error ? 'upload--failed' : ''}`}>
      {upload.preview ? (
        <img className="upload__preview" src={upload.preview} alt="" />
      ) : (
        <span className="upload__preview">
          <File aria-hidden="true" />
        </span>
      )}
      <span className="upload__words">
        <bdi className="clip">{upload.name}</bdi>
        <span className="upload__note clip numbers">{noteOf(upload)}</span>
      </span>
      <IconButton
        icon={X}
        size="small"
        label={`Remove ${upload.name}`}
        onClick={() => client.uploads.discard(upload.key)}
      />
      {isWhole(upload) || upload.error ? null : (
        <progress
          className="upload__progress"
          max={upload.bytes || 1}
          value={upload.received}
          aria-label={`Reading ${upload.name}`}
        />
      )}
    </li>
  );
}

function noteOf(upload: Upload): string {
  if (upload.error) return upload.error.title;
  return isWhole(upload)
    ? byteSize(upload.bytes)
    : `${byteSize(upload.received)} of ${byteSize(upload.bytes)}`;
}
