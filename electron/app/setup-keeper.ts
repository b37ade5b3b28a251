/** Remembers how far the setup is. What is true of the machine is not remembered, but looked at. */
import {
  type CallHandlers,
  type ChangeSink,
  FRESH_SETUP,
  ok,
  SetupView,
} from '../contract/index.ts';
import type { AppState } from './app-state.ts';

/** Which steps of the setup the person did or passed over, kept over a restart. */
export interface SetupKeeper {
  readonly handlers: Pick<CallHandlers, 'setup.update' | 'setup.restart'>;
  view(): SetupView;
}

const NAME = 'setup';

/**
 * @param hasPeers whether this home was used before: then the setup is offered, and not opened.
 */
export function createSetupKeeper(
  state: AppState,
  changed: ChangeSink,
  hasPeers: () => boolean,
): SetupKeeper {
  let known = state.get(NAME, SetupView);
  const view = (): SetupView => known ?? { ...FRESH_SETUP, open: !hasPeers() };
  const put = async (next: SetupView): Promise<SetupView> => {
    known = next;
    await state.set(NAME, next);
    changed({ type: 'app' });
    return next;
  };
  return {
    view,
    handlers: {
      'setup.update': async ({ changes }) => {
        const given = Object.entries(changes).filter(([, value]) => value !== undefined);
        return ok(await put({ ...view(), ...Object.fromEntries(given) }));
      },
      'setup.restart': async () => ok(await put({ ...FRESH_SETUP })),
    },
  };
}
