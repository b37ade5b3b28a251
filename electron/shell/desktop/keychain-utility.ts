import { utilityProcess } from 'electron';
import { type ChildSpawner, childEnvironment } from '../../secrets/index.ts';

/**
 * Starts the keychain's child as a utility process: the packed program cannot be run as a plain Node
 * (fuse runAsNode), and a keychain that hangs or crashes must not take the app along.
 * @param childEntry the built keychain-child.mjs, outside the archive
 */
export function keychainUtility(childEntry: string): ChildSpawner {
  return () => {
    const child = utilityProcess.fork(childEntry, [], {
      serviceName: 'Peerage keychain',
      stdio: 'ignore',
      env: childEnvironment(process.env),
    });
    return {
      send: (request) => child.postMessage(request),
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onExit: (listener) => {
        child.once('exit', (code) => listener(`ended with code ${code}`));
      },
      kill: () => {
        child.kill();
      },
    };
  };
}
