/** Starts and ends the keychain's child process. */

import { spawn } from 'node:child_process';
import type { KeychainRequest } from './keychain-protocol.ts';

/**
 * One running child, as the store sees it. Listeners are set once, right after the start. After
 * `onExit` was called nothing more comes. `send` never throws.
 */
export interface ChildPort {
  send(request: KeychainRequest): void;
  onMessage(listener: (raw: unknown) => void): void;
  /** `cause` is plain text: the signal or exit code, or why the child could not be started. */
  onExit(listener: (cause: string) => void): void;
  /** At once and for good, whatever the child is doing. */
  kill(): void;
}

/** Starts a child. The composition root chooses how: {@link nodeChild}, or Electron's utilityProcess. */
export type ChildSpawner = () => ChildPort;

/** What the child may know of our environment: where the bus, the display and its libraries are. */
const ENVIRONMENT = [
  'HOME',
  'USER',
  'LOGNAME',
  'PATH',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'XDG_DATA_HOME',
  'XDG_CURRENT_DESKTOP',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'SYSTEMROOT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'TEMP',
  'TMP',
];

/**
 * The environment for the child: the few names that a keychain needs, and the C locale so that error
 * texts are the ones we know. Nothing else of ours, since environments can be read by others.
 */
export function childEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = { LC_ALL: 'C' };
  for (const name of ENVIRONMENT) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/**
 * A spawner of plain Node processes that talk over Node's IPC channel (a pipe of its own, so that
 * what native libraries print cannot be taken for a reply). `execPath`: the Node to run;
 * `childEntry`: the file of keychain-child.
 */
export function nodeChild(options: {
  readonly execPath: string;
  readonly childEntry: string;
  readonly env?: NodeJS.ProcessEnv;
}): ChildSpawner {
  return () => {
    const child = spawn(options.execPath, [options.childEntry], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: childEnvironment(options.env ?? process.env),
      windowsHide: true,
    });
    child.unref();
    child.channel?.unref();
    return {
      send: (request) => {
        // A failed write means that the child is gone; its exit tells.
        if (child.connected) child.send(request, () => {});
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onExit: (listener) => {
        child.once('error', (error) => listener(`could not be started (${error.message})`));
        child.once('exit', (code, signal) =>
          listener(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
        );
      },
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
}
