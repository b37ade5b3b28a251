import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { frame } from '../../../electron/contract/index.ts';
import { SocketTransport } from '../../../renderer/connection/browser-socket.ts';

/** A WebSocket that the test opens, feeds and closes. */
class FakeSocket extends EventTarget {
  readyState = 0;
  readonly sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {}
  opens(): void {
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }
  says(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
  closes(code: number): void {
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

function harness(key: string | null) {
  const sockets: FakeSocket[] = [];
  const heard: string[] = [];
  let kept = key;
  const transport = new SocketTransport({
    url: 'ws://127.0.0.1:1/socket',
    key: () => kept,
    keep: (given) => {
      kept = given;
    },
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
  transport.start({
    opened: () => heard.push('opened'),
    frame: (raw) => heard.push(JSON.stringify(raw)),
    closed: () => heard.push('closed'),
    refused: (error) => heard.push(error.code),
  });
  return { transport, sockets, heard, key: () => kept };
}

describe('the browser’s wire', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('does not knock without a key', () => {
    const { sockets, heard } = harness(null);
    expect(sockets).toHaveLength(0);
    expect(heard).toEqual(['call.wrong_sender']);
  });

  it('gives its key, keeps the one of the tab, and passes frames on', () => {
    const { transport, sockets, heard, key } = harness('once');
    sockets[0]?.opens();
    expect(transport.helloBody()).toEqual({ key: 'once' });
    transport.welcomed({ key: 'of-the-tab' });
    transport.welcomed({ key: 7 });
    expect(key()).toBe('of-the-tab');
    transport.send(frame('ack', { revision: 1 }));
    expect(sockets[0]?.sent).toHaveLength(1);
    sockets[0]?.says('{"v":1}');
    sockets[0]?.says('{ broken');
    sockets[0]?.says(new ArrayBuffer(2));
    expect(heard).toEqual(['opened', '{"v":1}']);
  });

  it('opens again with growing waits, at most five seconds', async () => {
    const { sockets } = harness('key');
    let waited = 0;
    for (let attempt = 0; attempt < 12; attempt++) {
      sockets.at(-1)?.closes(1006);
      const before = sockets.length;
      while (sockets.length === before) {
        await vi.advanceTimersByTimeAsync(50);
        waited += 50;
        expect(waited).toBeLessThan(60_000);
      }
    }
    expect(waited).toBeGreaterThan(12_000);
    sockets.at(-1)?.opens();
    sockets.at(-1)?.closes(1006);
    await vi.advanceTimersByTimeAsync(250);
    expect(sockets).toHaveLength(14);
  });

  it('gives up where its key is of another run', async () => {
    const { sockets, heard } = harness('old');
    sockets[0]?.opens();
    sockets[0]?.closes(4401);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sockets).toHaveLength(1);
    expect(heard).toEqual(['opened', 'closed', 'call.wrong_sender']);
  });
});
