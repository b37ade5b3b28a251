import { useState } from 'react';
import type {
  RelayId,
  SharedFileContent,
  SharedFileVersion,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { ago } from '../../words/time.ts';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { isText, kindOf } from './kinds.ts';
import { TextDiff } from './text-diff.tsx';

interface HistoryProps {
  relayId: RelayId;
  file: SharedFileContent;
}

/** The versions that passed through here, each to be compared with the newest. */
export function History({ relayId, file }: HistoryProps) {
  const client = useClient();
  const now = useNow(30_000);
  const { key } = file;
  const { value } = useLook(() => ask(client, 'files.history', { relayId, key }));
  const [shown, setShown] = useState<SharedFileContent | null>(null);
  const versions = value?.versions ?? [];
  const comparable = isText(kindOf(key, file.type));
  const compare = async ({ version }: SharedFileVersion) => {
    setShown(await client.act('files.version', { relayId, key, version }));
  };
  return (
    <section aria-labelledby="file-history">
      <h4 id="file-history">Versions that passed through here</h4>
      <p className="hint-text">
        A relay keeps only the newest, or a few. Peerage keeps what you loaded and saved.
      </p>
      <ul className="files">
        {versions.map((one) => (
          <li key={one.version} className="files__row">
            <span className="files__name numbers">
              Version {one.version} <span className="soft">{byteSize(one.bytes)}</span>
            </span>
            <span className="files__who">
              {one.ours ? 'You' : one.editorName || 'somebody'}, seen {ago(one.seenAt, now)}
            </span>
            {comparable && one.version !== file.version ? (
              <Button
                size="small"
                look="quiet"
                aria-label={`Compare with version ${one.version}`}
                onClick={() => void compare(one)}
              >
                Compare
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {shown ? (
        <>
          <p>
            From version {shown.version} to version {file.version}:
          </p>
          <TextDiff
            before={shown.content}
            after={file.content}
            label={`Difference between versions ${shown.version} and ${file.version}`}
          />
        </>
      ) : null}
    </section>
  );
}
