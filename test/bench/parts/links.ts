/** Links and bare clients against the plain gateway. */
import { v7 } from 'uuid';
import { type Clock, systemClock } from '../../../electron/clock/clock.ts';
import type { LinkId } from '../../../electron/contract/index.ts';
import {
  createGatewayLink,
  type DeviceSigner,
  type GatewayLink,
  type GatewayLinkOptions,
} from '../../../electron/links/gateway/index.ts';
import { newDeviceIdentity, signPayload } from '../../../electron/secrets/index.ts';

const CONNECT_LIMIT_MS = 20_000;

/** A device of its own; one for all links of a process, as in the app. */
export function benchDevice(): DeviceSigner {
  const { deviceId, publicKey, privateKeyPem } = newDeviceIdentity();
  return { deviceId, publicKey, sign: (payload) => signPayload(privateKeyPem, payload) };
}

let shared: Clock | null = null;

/** The clock of this process. */
export function benchClock(): Clock {
  shared ??= systemClock();
  return shared;
}

/** What the app gives to a link and the link does not make itself: the same for all of them here. */
const COMMON = {
  credential: async () => ({ kind: 'token', value: 'bench-token' }),
  deviceToken: {
    load: async () => null,
    store: async () => undefined,
    clear: async () => undefined,
  },
  pins: { identity: null, tls: null },
  onPin: () => undefined,
} satisfies Partial<GatewayLinkOptions>;

/** A link, connected and subscribed. */
export async function connectedLink(url: string, device: DeviceSigner): Promise<GatewayLink> {
  const link = createGatewayLink({
    id: v7() as LinkId,
    url,
    device,
    ...COMMON,
    clock: benchClock(),
    ownGateway: false,
    displayName: 'Peerage bench',
    appVersion: '0.1.0',
  });
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`not connected: ${JSON.stringify(link.state())}`)),
      CONNECT_LIMIT_MS,
    );
    const forget = link.on((event) => {
      if (event.kind !== 'ready') return;
      clearTimeout(late);
      forget();
      resolve();
    });
    link.start();
  });
  return link;
}
