/** Finds the `tailscale` that is used: the first that says within three seconds that it is one. */
import { type AppError, appError } from '../../contract/index.ts';
import type { Cli, CliFrame } from './cli.ts';
import { presentPlaces, tailscalePlaces } from './places.ts';
import { isGuiError, troubleOf } from './trouble.ts';
import { firstLine, plainOutput } from './words.ts';

/**
 * The program that is used; or where it was looked for; or why the first that was there is not
 * taken.
 */
export type Found =
  | {
      readonly kind: 'found';
      readonly cli: Cli;
      readonly version: string;
      /** Set where the version is none that we know how to read. */
      readonly strange: AppError | null;
    }
  | { readonly kind: 'none'; readonly lookedAt: readonly string[] }
  | {
      readonly kind: 'unusable';
      readonly path: string;
      readonly error: AppError;
      readonly output: string;
    };

const VERSION_LIMIT_MS = 3_000;
/** The first line of `tailscale version` (version/print.go): `1.102.3`, or with a suffix. */
const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+.\w]*)?$/;
/** Further lines of the same, in every version so far. */
const LIKENESS = /tailscale commit:|go version:/;
/** The oldest whose answers were read for this: `up --json` and `status --json` as they are now. */
const OLDEST_MINOR = 30;

/** Looks at every place until one is accepted. @param program where the person says it is; or null */
export async function findTailscale(frame: CliFrame, program: string | null): Promise<Found> {
  const { platform, env } = frame.options;
  const lookedAt = tailscalePlaces({ platform, env, program });
  const refusals: Extract<Found, { kind: 'unusable' }>[] = [];
  for (const path of await presentPlaces(lookedAt)) {
    const tried = await tryProgram(frame.at(path));
    if (tried.kind === 'found') return tried;
    refusals.push(tried);
  }
  const [first, ...others] = refusals;
  if (!first) return { kind: 'none', lookedAt };
  const also = others.map((other) => `${other.path}: ${other.output}`);
  return { ...first, output: plainOutput(first.output, ...also) };
}

async function tryProgram(cli: Cli): Promise<Exclude<Found, { kind: 'none' }>> {
  const end = await cli.run(['version'], { timeoutMs: VERSION_LIMIT_MS });
  const refused = (error: AppError): Extract<Found, { kind: 'unusable' }> => ({
    kind: 'unusable',
    path: cli.path,
    error,
    output: plainOutput(end.stderr, end.stdout),
  });
  if (isGuiError(end.stdout) || isGuiError(end.stderr) || end.kind !== 'exited') {
    return refused(troubleOf(end).error);
  }
  const version = firstLine(end.stdout);
  const numbers = VERSION.exec(version);
  const likely = numbers !== null || LIKENESS.test(end.stdout);
  if (end.code !== 0 || !likely) {
    return refused(
      appError(
        'setup.tailscale_not_tailscale',
        version === '' ? `${cli.path} said nothing.` : `${cli.path} said: ${version}`,
      ),
    );
  }
  return { kind: 'found', cli, version, strange: strangeVersion(version, numbers) };
}

function strangeVersion(version: string, numbers: RegExpExecArray | null): AppError | null {
  const [, major, minor] = numbers ?? [];
  if (major === '1' && Number(minor) >= OLDEST_MINOR) return null;
  return appError('setup.tailscale_version_unknown', `It calls itself ${version || 'nothing'}.`);
}
