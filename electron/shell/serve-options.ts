/** The arguments of a start. The same list holds for the desktop and the browser entry. */
import { parseArgs } from 'node:util';

/** How this start was asked for: paths as they were typed, null = not given. */
export interface ServeOptions {
  readonly home: string | null;
  readonly configFile: string | null;
  readonly secretsFolder: string | null;
  /** Open a browser by itself. */
  readonly open: boolean;
  /** Start without a window. */
  readonly hidden: boolean;
}

/** What a person reads after `--help`, or after a mistake. */
export const USAGE = `Usage: npm start -- [options]

  --browser      show the app in a browser, also where Electron is there
  --no-open      print the address, but open no browser
  --hidden       start without a window, only in the tray (in a browser: as --no-open)
  --home DIR     keep all data in DIR (or set PEERAGE_HOME)
  --config FILE  take peers, links and policy from FILE
  --secrets DIR  take secrets from a folder that only you can read
  --help         this text
`;

/** What the arguments come to. `mistake` has the text for the person. */
export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: ServeOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly text: string };

const FLAGS = {
  browser: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  hidden: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
const VALUES = {
  home: { type: 'string' },
  config: { type: 'string' },
  secrets: { type: 'string' },
} as const;

/**
 * The arguments that are ours. A desktop hands others along, for Chromium (`--ozone-platform=x11`)
 * and of its own; those are not mistakes.
 */
export function ownArguments(args: readonly string[]): string[] {
  const own: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const [name = '', value] = arg.replace(/^--/, '').split('=', 2);
    if (!arg.startsWith('--')) continue;
    if (Object.hasOwn(FLAGS, name)) own.push(arg);
    if (!Object.hasOwn(VALUES, name)) continue;
    own.push(arg);
    const next = args[index + 1];
    if (value === undefined && next !== undefined) {
      own.push(next);
      index += 1;
    }
  }
  return own;
}

/** Reads arguments. A mistake is told, not thrown. */
export function parseServeOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      allowNegative: false,
      options: {
        ...FLAGS,
        ...VALUES,
      },
    });
    if (values.help) return { kind: 'help' };
    for (const name of ['home', 'config', 'secrets'] as const) {
      if (values[name] === '') return { kind: 'mistake', text: `--${name} needs a value` };
    }
    return {
      kind: 'run',
      options: {
        home: values.home ?? null,
        configFile: values.config ?? null,
        secretsFolder: values.secrets ?? null,
        open: values['no-open'] !== true && values.hidden !== true,
        hidden: values.hidden === true,
      },
    };
  } catch (error) {
    return { kind: 'mistake', text: (error as Error).message };
  }
}
