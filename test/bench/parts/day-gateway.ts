/**
 * Entry of a process: a gateway for a whole day, from the tests' fake. Tells its `{url, token, beat}`;
 * told `cut`, it drops every connection. At the port `beat` each byte comes back, after what came before
 * it was worked through.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { FakeGateway } from '../../fakes/gateway/fake-gateway.ts';

const gateway = await FakeGateway.start();
const beat = createServer((socket) => socket.pipe(socket));
await once(beat.listen(0, '127.0.0.1'), 'listening');
process.on('message', (order) => {
  if (order === 'cut') gateway.cut();
  // A fake keeps what it was asked, for tests to read; nobody reads it here.
  gateway.requests.length = 0;
  process.send?.({ connected: gateway.connected });
});
process.on('disconnect', () => process.exit());
const { port } = beat.address() as AddressInfo;
process.send?.({ url: gateway.url, token: gateway.token, beat: port });
