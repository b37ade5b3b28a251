import type { ImportResult, ImportRow } from '../../../electron/contract/index.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import type { Shape } from '../../words/states.ts';
import type { Importing } from './use-import.ts';

/** One row per peer and relay: what will happen, or what did. */
export function ImportRows({ work }: { work: Importing }) {
  return (
    <ul className="import__rows" aria-label="Peers and relays in these files">
      {work.preview?.rows.map((row) => (
        <Row
          key={row.id}
          row={row}
          result={work.results?.find((one) => one.id === row.id) ?? null}
          work={work}
        />
      ))}
    </ul>
  );
}

const TOKEN_WORDS: Readonly<Record<ImportRow['token'], string>> = {
  found: ' · token found',
  environment: ' · token from CLAWLINK_TOKEN',
  none: ' · no token',
};

interface RowProps {
  row: ImportRow;
  result: ImportResult | null;
  work: Importing;
}

function Row({ row, result, work }: RowProps) {
  const can = row.outcome === 'add' && work.results === null;
  const name = work.names[row.id] ?? row.name;
  return (
    <li className="import__row">
      {can ? (
        <input
          type="checkbox"
          aria-label={`Add ${name}`}
          checked={work.chosen.includes(row.id)}
          onChange={() => work.toggleRow(row.id)}
        />
      ) : (
        <StatusMark shape={shapeOf(row, result)} />
      )}
      <div className="import__words">
        {can ? (
          <input
            className="input"
            aria-label={row.what === 'relay' ? 'Name of the relay' : 'Name of the peer'}
            value={name}
            maxLength={80}
            onChange={(event) => work.rename(row.id, event.target.value)}
          />
        ) : (
          <strong>
            <bdi>{name}</bdi>
          </strong>
        )}
        <span className="hint-text">
          {row.address ? <code>{row.address}</code> : 'No address'}
          {TOKEN_WORDS[row.token]}
        </span>
        <span>{wordsOf(row, result, work)}</span>
      </div>
    </li>
  );
}

function wordsOf(row: ImportRow, result: ImportResult | null, work: Importing): string {
  if (result) return result.error ? `${result.error.title}. ${result.error.detail}` : 'Added.';
  if (work.results && row.outcome === 'add') return 'Left out.';
  return row.text;
}

function shapeOf(row: ImportRow, result: ImportResult | null): Shape {
  if (result) return result.error ? 'needs_you' : 'up';
  return row.outcome === 'present' ? 'up' : row.outcome === 'cannot' ? 'blocked' : 'down';
}
