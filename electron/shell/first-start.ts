/** The beginning that both shells share: read the arguments, open the home, be the first there. */
import { CodedError } from '../contract/index.ts';
import { readRedirect, redirectPath } from './browser/redirect-file.ts';
import { callControl } from './control/control-client.ts';
import type { ControlServer } from './control/control-server.ts';
import { claimHome } from './control/single-instance.ts';
import { keyToProve } from './control/socket-place.ts';
import { homeFolderOf, homeSources, openHomeFolder } from './home-folder.ts';
import { parseServeOptions, type ServeOptions, USAGE } from './serve-options.ts';

/**
 * What a shell lends to the start. `print` writes to standard output, `printError` to standard
 * error.
 */
export interface StartTools {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Opens a file for the person; false where nothing could be started. */
  readonly openFile: (path: string) => Promise<boolean>;
  /** A deep link that this start was made for; the first instance gets it. */
  readonly link?: string;
}

/** How the start went: on with it, or end the process with this code. */
export type FirstStart =
  | {
      readonly first: true;
      readonly home: string;
      readonly options: ServeOptions;
      readonly control: ControlServer;
    }
  /** Nothing more to do: help was shown, the first instance came forward, or it cannot start. */
  | { readonly first: false; readonly exitCode: number };

const STOPPING_TRIES = 10;

/** Starts, or brings forward the one that runs already. Tells the person what it did. */
export async function startFirst(args: readonly string[], tools: StartTools): Promise<FirstStart> {
  const parsed = parseServeOptions(args);
  if (parsed.kind === 'help') {
    tools.print(USAGE);
    return { first: false, exitCode: 0 };
  }
  if (parsed.kind === 'mistake') {
    tools.printError(`${parsed.text}\n\n${USAGE}`);
    return { first: false, exitCode: 2 };
  }
  const { options } = parsed;
  try {
    const home = openHomeFolder(homeFolderOf(homeSources(options.home)));
    for (let attempt = 0; attempt < STOPPING_TRIES; attempt++) {
      const claim = await claimHome(home);
      if (claim.first) return { first: true, home, options, control: claim.server };
      const shown = await showFirst(claim.path, home, options, tools);
      if (shown !== 'stopping') return { first: false, exitCode: shown };
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    tools.printError(
      'Another Peerage has this home and neither answers nor ends. Stop it, then try again.',
    );
  } catch (error) {
    tools.printError(tellError(error));
  }
  return { first: false, exitCode: 1 };
}

/**
 * Asks the first to come forward. It never says a key over the socket; where it shows itself in a
 * browser it has written the redirect file, which only this user can read.
 */
async function showFirst(
  path: string,
  home: string,
  options: ServeOptions,
  tools: StartTools,
): Promise<number | 'stopping'> {
  const answer = await callControl(
    path,
    'app.show',
    tools.link === undefined ? {} : { link: tools.link },
    { key: () => keyToProve(home) },
  );
  if (!answer.ok) {
    if (answer.error.code === 'app.stopping' || answer.error.code === 'app.connection_lost') {
      return 'stopping';
    }
    if (answer.error.code === 'door.not_ours') {
      tools.printError(tellError(new CodedError(answer.error)));
      return 1;
    }
    tools.printError(
      `Peerage runs on this home already, but does not answer: ${answer.error.detail}`,
    );
    return 1;
  }
  if (answer.value.url === null) {
    tools.print('Peerage runs already; its window comes forward.');
    return 0;
  }
  const address = (await readRedirect(home)) ?? answer.value.url;
  tools.print(`Peerage runs already on this home. Open it (this address works once): ${address}`);
  if (options.open) await tools.openFile(redirectPath(home));
  return 0;
}

/** A failure at start, in the words of the registry where it has a code. */
export function tellError(error: unknown): string {
  if (!(error instanceof CodedError)) {
    return `Peerage could not start: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { title, detail, remedy } = error.error;
  return [`${title}.`, detail, remedy?.text ?? ''].filter((text) => text !== '').join('\n');
}
