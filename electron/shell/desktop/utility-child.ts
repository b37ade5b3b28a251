/**
 * The keychain's child process under Electron. The packaged app cannot run itself as Node (the fuse
 * `runAsNode` is off), so the child is a utility process (Electron docs: utilityProcess.fork).
 */
import { utilityProcess } from 'electron';

/** What the secrets room needs of a running child; the same shape as its own spawner gives. */
interface Child {
  send(message: unknown): void;
  onMessage(listener: (raw: unknown) => void): void;
  onExit(listener: (cause: string) => void): void;
  kill(): void;
}

/** @param entry the bundled child, outside asar or in it: utility processes read both. */
export const utilityChild = (entry: string) => (): Child => {
  const child = utilityProcess.fork(entry, [], {
    stdio: 'ignore',
    serviceName: 'Peerage keychain',
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', (code) => listener(`ended with code ${code}`)),
    kill: () => void child.kill(),
  };
};
