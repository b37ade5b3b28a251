/**
 * An app in a process of its own, so that a test can kill it. Started by app-process.ts; it is told
 * where its home is over the same channel as everything else.
 */
import type { CallInput, CallName } from '../../electron/contract/index.ts';
import { type AppHandle, type AppStart, startInProcess } from './app-handle.ts';

export type ToChild =
  | { readonly kind: 'start'; readonly start: AppStart }
  | { readonly kind: 'call'; readonly id: number; readonly name: CallName; readonly input: unknown }
  | { readonly kind: 'stop' };

let app: AppHandle | null = null;
const say = (message: unknown): void => {
  process.send?.(message);
};

process.on('message', async (message: ToChild) => {
  try {
    switch (message.kind) {
      case 'start':
        app = await startInProcess(message.start);
        app.onChange((change) => say({ kind: 'change', change }));
        say({ kind: 'ready' });
        return;
      case 'call': {
        const { id, name } = message;
        const result = await app?.call(name, message.input as CallInput<typeof name>);
        say({ kind: 'result', id, result });
        return;
      }
      case 'stop':
        await app?.stop();
        process.exit(0);
    }
  } catch (error) {
    say({ kind: 'broken', text: error instanceof Error ? error.stack : String(error) });
  }
});
process.on('disconnect', () => process.exit(1));
