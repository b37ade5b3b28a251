import { ClipboardCopy, RefreshCw, Rows3 } from 'lucide-react';
import { useState } from 'react';
import type { LadderView, RungStatus, RungView } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { rungWord, type Shape } from '../../words/states.ts';
import { ago, exactTime, milliseconds } from '../../words/time.ts';
import { RemedyButtons } from '../error-note.tsx';
import { RungStep } from './rung-step.tsx';

interface LadderProps {
  ladder: LadderView;
  /** The code of the failure that stands above with its remedy, and is not explained twice. */
  saidAbove: string | null;
}

/** The rungs between here and the peer's agent, lowest first, and how each of them is. */
export function Ladder({ ladder, saidAbove }: LadderProps) {
  const client = useClient();
  const { linkId } = ladder;
  const [asked, setAsked] = useState(false);
  const [whole, setWhole] = useState(false);
  const check = async () => {
    setAsked(true);
    await client.act('health.check', { linkId });
    setAsked(false);
  };
  const report = async () => {
    const made = await client.act('health.report', { linkId });
    if (made) await client.copy(made.text);
  };
  return (
    <div className="ladder">
      <div className="ladder__head">
        <h4>Health</h4>
        <CheckedWhen ladder={ladder} />
        <span className="bar__gap" />
        <IconButton
          icon={Rows3}
          size="small"
          label="Show what was tried and seen"
          aria-pressed={whole}
          onClick={() => setWhole(!whole)}
        />
        <IconButton
          icon={ClipboardCopy}
          size="small"
          label="Copy the report"
          onClick={() => void report()}
        />
        <Button
          size="small"
          look="quiet"
          icon={RefreshCw}
          busy={asked || ladder.checking}
          onClick={() => void check()}
        >
          Check now
        </Button>
      </div>
      <ol className="rungs">
        {ladder.rungs.map((rung, index) => (
          <Rung
            key={rung.id}
            rung={rung}
            ladder={ladder}
            whole={whole}
            past={ladder.rungs.slice(0, index).some(stopsThere)}
            explained={rung.code !== null && rung.code === saidAbove}
          />
        ))}
      </ol>
      <LastGoodAndBad ladder={ladder} />
    </div>
  );
}

function CheckedWhen({ ladder }: { ladder: LadderView }) {
  const now = useNow(10_000);
  if (ladder.checkedAt === null) return <span className="soft">Not checked yet</span>;
  return (
    <time className="soft" title={exactTime(ladder.checkedAt)}>
      {ago(ladder.checkedAt, now)}
    </time>
  );
}

interface RungProps {
  ladder: LadderView;
  rung: RungView;
  /** Say what was tried and seen also where all is well. */
  whole: boolean;
  /** A rung below is broken: what it says was seen before that. */
  past: boolean;
  /** Its remedy stands above already. */
  explained: boolean;
}

function Rung({ ladder, rung, whole, past, explained }: RungProps) {
  const over = past && (rung.status === 'ok' || rung.status === 'slow');
  const quiet =
    over ||
    rung.status === 'skipped' ||
    rung.status === 'not_checked' ||
    rung.status === 'not_needed';
  const wrong = rung.status === 'failed' || rung.status === 'needs_you';
  const words = rungWords(rung, whole, wrong || rung.status === 'slow');
  return (
    <li className={`rung ${quiet ? 'rung--quiet' : ''}`}>
      <span className="rung__mark">
        <StatusMark shape={over ? 'down' : rungShape(rung.status)} size={10} />
      </span>
      <div className="rung__words">
        <p className="rung__line">
          <span className="rung__title clip" title={rungWords(rung, true, true)}>
            {rung.title}
          </span>
          <span className="rung__result numbers">
            {over && rung.at !== null ? (
              <Age at={rung.at} />
            ) : rung.status === 'ok' && rung.durationMs !== null ? (
              milliseconds(rung.durationMs)
            ) : (
              rungWord[rung.status]
            )}
          </span>
        </p>
        {words === '' ? null : <p className="rung__seen">{words}</p>}
        {wrong && rung.remedy && !explained ? (
          <p className="rung__remedy">{rung.remedy.text}</p>
        ) : null}
        {wrong ? (
          <p className="rung__actions">
            {explained ? null : <RemedyButtons remedy={rung.remedy} />}
            <RungStep ladder={ladder} rung={rung} />
          </p>
        ) : null}
      </div>
    </li>
  );
}

const stopsThere = (rung: RungView): boolean =>
  rung.status === 'failed' || rung.status === 'needs_you' || rung.status === 'skipped';

function Age({ at }: { at: number }) {
  const now = useNow(30_000);
  return <time title={exactTime(at)}>{ago(at, now)}</time>;
}

/** What was tried and what was seen, as sentences; empty where there is nothing to say. */
function rungWords(rung: RungView, whole: boolean, wrong: boolean): string {
  if (!whole && !wrong) return '';
  return [rung.tried, rung.seen]
    .filter((part) => part !== '')
    .map((part) => part.replace(/[.\s]*$/, '.'))
    .join(' ');
}

function rungShape(status: RungStatus): Shape {
  switch (status) {
    case 'ok':
      return 'up';
    case 'slow':
    case 'checking':
      return 'partial';
    case 'needs_you':
      return 'needs_you';
    case 'failed':
      return 'blocked';
    case 'skipped':
    case 'not_checked':
    case 'not_needed':
      return 'down';
  }
}

function LastGoodAndBad({ ladder }: { ladder: LadderView }) {
  const now = useNow(30_000);
  const { lastGoodAt, lastError } = ladder;
  if (lastGoodAt === null && lastError === null) return null;
  return (
    <dl className="facts facts--last">
      <dt>Last well</dt>
      <dd title={lastGoodAt === null ? '' : exactTime(lastGoodAt)}>
        {lastGoodAt === null ? 'Never so far' : ago(lastGoodAt, now)}
      </dd>
      {lastError ? (
        <>
          <dt>Last trouble</dt>
          <dd title={`${lastError.detail} (${lastError.code})`}>
            {lastError.title}, {ago(lastError.at, now)}
          </dd>
        </>
      ) : null}
    </dl>
  );
}
