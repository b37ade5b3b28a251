/** Puts the boundary around an app: what every shell needs before it can open a window. */
import type { Clock } from '../clock/clock.ts';
import type { AppPort } from '../contract/index.ts';
import { Dispatcher, type LocalHandlers } from './session/dispatcher.ts';
import { Refusals } from './session/refusals.ts';
import { WindowHub } from './session/window-hub.ts';

/**
 * What a shell holds of one app. `local` goes before the app's handlers; `version` is the app's,
 * for greetings.
 */
export interface Boundary {
  readonly dispatcher: Dispatcher;
  readonly hub: WindowHub;
  readonly refusals: Refusals;
  readonly local: LocalHandlers;
  readonly version: string;
}

/** Makes dispatcher, counter and window hub for one app. `local` = calls that the shell answers. */
export function createBoundary(options: {
  readonly port: AppPort;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly redact: (text: string) => string;
  readonly local: LocalHandlers;
}): Boundary {
  const { port, clock, log, redact, local } = options;
  const refusals = new Refusals();
  const dispatcher = new Dispatcher({ handlers: port.handlers, clock, refusals, log, redact });
  const hub = new WindowHub({ port, dispatcher, clock, refusals, log, local });
  const app = port.read({ type: 'app' });
  const version = app.type === 'app' ? app.value.version : '';
  return { dispatcher, hub, refusals, local, version };
}
