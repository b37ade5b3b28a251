/**
 * The diagnostics bundle: one text that a person can read before anybody else does. It holds no message,
 * no secret, no name and no address, it is saved where the person says, and it is never sent.
 */
import type { Settings, WarningView } from '../contract/index.ts';

/** What the bundle is made of, before names, addresses and secrets are taken out. */
export interface DiagnosticsFacts {
  /** Versions and counts, as `app.about` tells them. */
  readonly about: string;
  /** One text for each link's ladder. */
  readonly reports: readonly string[];
  readonly settings: Settings;
  readonly warnings: readonly Pick<WarningView, 'code' | 'severity' | 'since'>[];
  /** Versions of the system and its parts. */
  readonly machine: Readonly<Record<string, string>>;
  /** The end of the log. */
  readonly log: string;
  readonly at: Date;
}

/** Lines of the log that go along. */
const LOG_LINES = 400;
const MAX_REPORTS = 50;

/** Builds the text. @param mask takes out what tells who and where */
export function diagnosticsText(facts: DiagnosticsFacts, mask: (text: string) => string): string {
  const { reports } = facts;
  const sections: [string, string][] = [
    ['Peerage', facts.about],
    ['Machine', lines(Object.entries(facts.machine).map(([name, value]) => `${name}: ${value}`))],
    [
      'Settings',
      lines(Object.entries(facts.settings).map(([name, value]) => `${name}: ${String(value)}`)),
    ],
    [
      'Warnings',
      lines(
        facts.warnings.map(
          ({ code, severity, since }) =>
            `${severity} ${code} since ${new Date(since).toISOString()}`,
        ),
      ),
    ],
    ...reports
      .slice(0, MAX_REPORTS)
      .map((report, index): [string, string] => [`Link ${index + 1} of ${reports.length}`, report]),
    ['Log', lines(facts.log.split('\n').slice(-LOG_LINES))],
  ];
  const body = sections.map(([title, text]) => `## ${title}\n\n${mask(text).trim() || 'none'}\n`);
  return [
    '# Peerage diagnostics\n',
    `Made ${facts.at.toISOString()}. Messages, secrets, names and addresses were taken out. Read it before you give it to anybody; Peerage sends it nowhere.\n`,
    ...body,
  ].join('\n');
}

const lines = (all: readonly string[]): string => all.join('\n');
