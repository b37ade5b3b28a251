/** Calls about updates of the app itself. The desktop shell answers them; elsewhere `update.not_here`. */
import * as z from 'zod';
import { command } from './call.ts';

const nothing = z.object({});

/** Asking for an update, downloading and installing it. */
export const updateCalls = {
  /** Asks the server now. What comes of it is in the app's view. */
  'update.check': command('window', nothing, nothing),
  /** Downloads the version that was found. */
  'update.download': command('window', nothing, nothing),
  /** Restarts into the downloaded version, once nothing is being sent. */
  'update.install': command('window', nothing, nothing),
  /** Takes back the wish to restart while it waits. */
  'update.later': command('window', nothing, nothing),
} as const;
