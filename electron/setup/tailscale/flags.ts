/**
 * The error with which `tailscale up` refuses to forget settings, and the settings that it lists.
 * Source: accidentalUpPrefix and fmtFlagValueArg in cmd/tailscale/cli/up.go of v1.102.3.
 */

const SIGN = /requires mentioning all\s+non-default flags/;
const COMMAND = /^\s*tailscale up (.*)$/m;
const FLAG = /^--[a-z][a-z0-9-]*(?:=|$)/;
/** Would undo what stands, or log the machine out: never ours to pass on. */
const NEVER = new Set(['reset', 'force-reauth', 'auth-key', 'authkey']);
/** Ours of each run, and no settings. */
const OURS = new Set(['json', 'timeout', 'auth-key']);

/** Whether a failed `up` says this at all. */
export const asksForFlags = (text: string): boolean => SIGN.test(text);

/**
 * The settings to mention, as arguments; null where they cannot be read beyond doubt.
 * @param given names of flags that this run passed by itself, without dashes
 */
export function flagsToKeep(text: string, given: ReadonlySet<string>): string[] | null {
  const line = SIGN.test(text) ? COMMAND.exec(text)?.[1] : undefined;
  const words = line === undefined ? null : shellWords(line);
  if (words === null) return null;
  const kept = words.filter((word) => {
    const name = nameOf(word);
    return !OURS.has(name) && !given.has(name);
  });
  const fine = kept.every((word) => FLAG.test(word) && !NEVER.has(nameOf(word)));
  return fine && kept.length > 0 ? kept : null;
}

/** The name of a flag, without dashes and value. */
export const nameOf = (flag: string): string => flag.replace(/^--?/, '').split('=', 1)[0] ?? '';

/** A line as a POSIX shell would cut it; null where a quote is not closed. No expansion of anything. */
export function shellWords(line: string): string[] | null {
  const words: string[] = [];
  let word = '';
  let begun = false;
  let quote: '"' | "'" | null = null;
  for (let i = 0; i < line.length; i++) {
    const unit = line[i] ?? '';
    if (quote === "'") {
      if (unit === "'") quote = null;
      else word += unit;
    } else if (unit === '\\') {
      const next = line[++i];
      if (next === undefined) return null;
      // Within double quotes a backslash is itself before all but these.
      word += quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next;
      begun = true;
    } else if (quote === '"') {
      if (unit === '"') quote = null;
      else word += unit;
    } else if (unit === '"' || unit === "'") {
      quote = unit;
      begun = true;
    } else if (/\s/.test(unit)) {
      if (begun || word !== '') words.push(word);
      word = '';
      begun = false;
    } else word += unit;
  }
  if (quote !== null) return null;
  if (begun || word !== '') words.push(word);
  return words;
}

/** A command to be shown or copied, quoted where a shell needs it. */
export const shellLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
