/** The other side of the comparison: `GatewayClient` alone, and `ws` alone. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { GatewayClient } from '@openclaw/gateway-client';
import { WebSocket } from 'ws';
import type { DeviceSigner } from '../../../electron/links/gateway/index.ts';

/** Connects an official client with the options that our link gives it, and nothing around it. */
export function connectedClient(url: string, device: DeviceSigner): Promise<GatewayClient> {
  return new Promise((resolve, reject) => {
    const client = new GatewayClient({
      url,
      env: {},
      clientName: 'gateway-client',
      mode: 'ui',
      clientDisplayName: 'Peerage bench',
      clientVersion: '0.1.0',
      platform: process.platform,
      role: 'operator',
      scopes: ['operator.read', 'operator.write'],
      caps: ['session-scoped-events'],
      minProtocol: 4,
      maxProtocol: 4,
      token: 'bench-token',
      deviceIdentity: {
        deviceId: device.deviceId,
        publicKeyPem: device.publicKey,
        privateKeyPem: '',
      },
      hostDeps: {
        signDevicePayload: (_pem, payload) => device.sign(payload),
        publicKeyRawBase64UrlFromPem: (publicKey) => publicKey,
        loadDeviceAuthToken: () => null,
        storeDeviceAuthToken: () => undefined,
        clearDeviceAuthToken: () => undefined,
      },
      onHelloOk: () => resolve(client),
      onEvent: () => undefined,
      onConnectError: reject,
    });
    client.start();
  });
}

interface Answer {
  readonly type: string;
  readonly id: string;
  readonly payload: unknown;
}

/** One bare socket past the handshake. */
export interface BareSocket {
  request(method: string, params: object): Promise<unknown>;
  close(): void;
}

/** Opens a bare socket: JSON out, JSON in, answers found by their id. */
export async function bareSocket(url: string): Promise<BareSocket> {
  const socket = new WebSocket(url);
  const waiting = new Map<string, (payload: unknown) => void>();
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Answer;
    if (frame.type !== 'res') return;
    const resolve = waiting.get(frame.id);
    waiting.delete(frame.id);
    resolve?.(frame.payload);
  });
  await once(socket, 'open');
  const request = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve) => {
      const id = randomUUID();
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ type: 'req', id, method, params }));
    });
  await request('connect', {});
  return { request, close: () => socket.terminate() };
}
