/** The ladder as plain text, for a bug report. */
import type { LadderView, RungStatus } from '../contract/index.ts';
import { withoutUrlSecrets } from './address.ts';
import type { HealthTarget } from './rung-draft.ts';

const MARK: Readonly<Record<RungStatus, string>> = {
  ok: 'ok     ',
  slow: 'SLOW   ',
  failed: 'FAILED ',
  needs_you: 'NEEDS  ',
  checking: '...    ',
  skipped: '-      ',
  not_checked: '?      ',
  not_needed: '~      ',
};

const time = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString());

/**
 * Says what each rung tried and saw. URLs lose user, query and fragment; `redact` takes out what the
 * app knows to be secret. The peer's name is left out.
 */
export function ladderReport(
  target: HealthTarget,
  ladder: LadderView,
  redact: (text: string) => string,
): string {
  const lines = [
    'Peerage health report',
    `Address     ${withoutUrlSecrets(target.url)}`,
    `Checked     ${time(ladder.checkedAt)}`,
    `Last good   ${time(ladder.lastGoodAt)}`,
    ladder.lastError === null
      ? 'Last error  none'
      : `Last error  ${time(ladder.lastError.at)} ${ladder.lastError.code}: ${ladder.lastError.title} (${ladder.lastError.detail})`,
    '',
    ...ladder.rungs.map((rung) => {
      const ms = rung.durationMs === null ? '' : `, ${Math.round(rung.durationMs)} ms`;
      const code = rung.code === null ? '' : ` [${rung.code}]`;
      return `${MARK[rung.status]} ${rung.title}: ${rung.tried}: ${rung.seen}${ms}${code}`;
    }),
  ];
  return `${redact(withoutUrlSecrets(lines.join('\n')))}\n`;
}
