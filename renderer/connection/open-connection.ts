import { BridgeTransport } from './bridge.ts';
import { browserPage, SocketTransport, takeKeyFromAddress } from './browser-socket.ts';
import { Session } from './session.ts';

/** The session for this page: over the desktop's bridge where there is one, else over a socket. */
export function openConnection(): Session {
  if (window.peerage) return new Session(new BridgeTransport(window.peerage));
  takeKeyFromAddress();
  return new Session(new SocketTransport(browserPage()));
}
