/** A session bus for one test alone: nothing on it but what the test puts there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PrivateBus {
  readonly address: string;
  stop(): Promise<void>;
}

/** True where the program for it is installed. */
export const hasBus = process.platform === 'linux';

/** Starts one; it ends with `stop`. */
export async function startBus(): Promise<PrivateBus> {
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(daemon.stdout, 'data')) as [Buffer];
  return {
    address: line.toString('utf8').trim(),
    stop: async () => {
      const ended = once(daemon, 'close');
      daemon.kill('SIGTERM');
      await ended;
    },
  };
}
