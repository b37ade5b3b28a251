/**
 * Tells relays as they come and go (`up NAME`, `down NAME`), until it is killed, and `leak` where a packet
 * holds the text of PEERAGE_MUST_NOT_LEAK. Run inside a namespace.
 */
import { createSocket } from 'node:dgram';
import { systemClock } from '../../../electron/clock/clock.ts';
import { openDnsSd } from '../../../electron/dns-sd/dns-sd.ts';

const secret = process.env.PEERAGE_MUST_NOT_LEAK ?? '';
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const network = await openDnsSd({
  address: null,
  clock: systemClock(),
  trouble: (error) => say(String(error)),
});
const browser = network.find({ type: 'clawlink' });
browser.on('up', ({ name }: { name: string }) => say(`up ${name}`));
browser.on('down', ({ name }: { name: string }) => say(`down ${name}`));
const raw = createSocket({ type: 'udp4', reuseAddr: true });
raw.on('message', (packet) => {
  if (packet.includes(secret)) say('leak');
});
raw.bind(5353, () => {
  raw.addMembership('224.0.0.251');
  say('watching');
});
