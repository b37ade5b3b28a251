/** Holds what the shell says of updates, for every window; without a shell that updates, there are none. */
import {
  appError,
  type CallHandlers,
  type ChangeSink,
  fail,
  type UpdateView,
} from '../contract/index.ts';

/** The last word of the shell about updates, and the calls where no shell answers them. */
export interface UpdateBoard {
  view(): UpdateView;
  /** The shell tells how far it is. */
  set(view: UpdateView): void;
  /** For shells that do not update; the desktop's own handlers go before these. */
  readonly handlers: Pick<
    CallHandlers,
    'update.check' | 'update.download' | 'update.install' | 'update.later'
  >;
}

/** Makes the board, empty. */
export function createUpdateBoard(changed: ChangeSink): UpdateBoard {
  let now: UpdateView = { kind: 'none' };
  const notHere = () => fail(appError('update.not_here', 'Nothing here updates itself.'));
  return {
    view: () => now,
    set: (view) => {
      now = view;
      changed({ type: 'app' });
    },
    handlers: {
      'update.check': notHere,
      'update.download': notHere,
      'update.install': notHere,
      'update.later': notHere,
    },
  };
}
