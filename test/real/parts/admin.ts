import type { ChildProcess } from 'node:child_process';
import type { NetworkNamespace } from './namespace.ts';
import { ALL_SCOPES, type Json, RawClient } from './raw-client.ts';

/** Where the administrator of a test gateway connects. */
export interface AdminTarget {
  port: number;
  auth: { token: string } | { password: string };
  namespace?: NetworkNamespace;
  /** Path of the socket through which another network's loopback is reached; a namespace's is made here. */
  tunnel?: string;
}

/** The administrator at the gateway's own machine: a loopback client with every scope. */
export class AdminClient {
  private readonly target: AdminTarget;
  private connection: Promise<RawClient> | undefined;
  private forwarder: ChildProcess | undefined;

  constructor(target: AdminTarget) {
    this.target = target;
  }

  /** The connection, made on first use and again after a restart. */
  client(): Promise<RawClient> {
    this.connection ??= this.connect();
    return this.connection;
  }

  private async connect(): Promise<RawClient> {
    const { port, auth, namespace, tunnel } = this.target;
    let url = `ws://127.0.0.1:${port}`;
    if (tunnel !== undefined) {
      if (namespace !== undefined) this.forwarder ??= await namespace.forward(tunnel, port);
      url = `ws+unix://${tunnel}:/`;
    }
    const forget = (): void => {
      this.connection = undefined;
    };
    try {
      const client = await RawClient.connect({
        url,
        ...auth,
        scopes: ALL_SCOPES,
        displayName: 'Test administrator',
      });
      void client.closed.then(forget);
      return client;
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** Any method, with every scope. */
  async request(method: string, params: Json = {}): Promise<Json> {
    return (await this.client()).request(method, params);
  }

  /** Devices that wait for approval. */
  async pendingDevices(): Promise<Json[]> {
    return ((await this.request('device.pair.list')).pending ?? []) as Json[];
  }

  /** Devices that were approved. */
  async pairedDevices(): Promise<Json[]> {
    return ((await this.request('device.pair.list')).paired ?? []) as Json[];
  }

  /** Lets a waiting device in. */
  approve(requestId: string): Promise<Json> {
    return this.request('device.pair.approve', { requestId });
  }

  /** Takes a device's token away; its live sockets close with 4001. */
  revokeDevice(deviceId: string, role = 'operator'): Promise<Json> {
    return this.request('device.token.revoke', { deviceId, role });
  }

  /** Forgets a device. */
  removeDevice(deviceId: string): Promise<Json> {
    return this.request('device.pair.remove', { deviceId });
  }

  /** Changes the configuration; a restart-class change restarts the gateway by itself. */
  async patchConfig(patch: Json): Promise<Json> {
    const { hash } = await this.request('config.get');
    return this.request('config.patch', { raw: JSON.stringify(patch), baseHash: hash });
  }

  /** Closes the connection, if there is one. */
  async drop(): Promise<void> {
    const connection = this.connection;
    this.connection = undefined;
    const client = await connection?.catch(() => undefined);
    client?.cut();
    this.forwarder?.kill('SIGKILL');
    this.forwarder = undefined;
  }
}
