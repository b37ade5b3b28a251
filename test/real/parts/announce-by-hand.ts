/**
 * Sends announcements made byte by byte, again and again, until it is killed. Run inside a namespace.
 * Arguments: the address to send from, and which: `huge-text`, `odd-name`, `elsewhere`, `loopback`,
 * `huge-packet`, `no-text`, `broken` or `flood`.
 */
import { createSocket } from 'node:dgram';

const SERVICE = '_clawlink._tcp.local';
const TYPE = { A: 1, PTR: 12, TXT: 16, SRV: 33 } as const;

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const label = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
};
const labels = (...all: string[]): Buffer => Buffer.concat([...all.map(label), Buffer.from([0])]);
const service = labels(...SERVICE.split('.'));

const record = (name: Buffer, type: number, data: Buffer): Buffer =>
  Buffer.concat([name, uint16(type), uint16(1), uint16(0), uint16(120), uint16(data.length), data]);

function response(records: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0x8400, 2);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, ...records]);
}

interface Relay {
  readonly name: string;
  readonly address: string;
  readonly port?: number;
  readonly text?: readonly string[] | null;
}

function recordsOf({ name, address, port = 9077, text = ['auth=no'] }: Relay): Buffer[] {
  const full = Buffer.concat([label(name), service]);
  const host = labels('by-hand', 'local');
  return [
    record(service, TYPE.PTR, full),
    record(full, TYPE.SRV, Buffer.concat([uint16(0), uint16(0), uint16(port), host])),
    ...(text === null ? [] : [record(full, TYPE.TXT, Buffer.concat(text.map(label)))]),
    record(host, TYPE.A, Buffer.from(address.split('.').map(Number))),
  ];
}

const [from = '', kind = ''] = process.argv.slice(2);
const filler = (key: string): string => `${key}=${'x'.repeat(250 - key.length)}`;

/** The packets of one round. */
function packets(round: number): Buffer[] {
  const one = (relay: Relay): Buffer[] => [response(recordsOf(relay))];
  switch (kind) {
    case 'huge-text': {
      const text = Array.from({ length: 30 }, (_, index) => filler(`k${index}`));
      const known = [filler('hostname'), filler('version'), filler('auth')];
      return one({ name: 'huge', address: from, text: [...known, ...text] });
    }
    case 'odd-name':
      return one({ name: 'a\u0000b\u001b[31m\n\u202egnp.exe\u0007 <b>x</b>', address: from });
    case 'elsewhere':
      return one({ name: 'elsewhere', address: '172.16.9.9' });
    case 'loopback':
      return one({ name: 'loopback', address: '127.0.0.1' });
    case 'no-text':
      return one({ name: 'silent', address: from, text: round % 2 === 0 ? null : ['auth=no'] });
    case 'huge-packet': {
      // Answers that are all the same pointer: few bytes each, and each is compared with all the others.
      const pointer = Buffer.from([0xc0, 12]);
      const many = Array.from({ length: 4_000 }, () => record(pointer, TYPE.PTR, pointer));
      return [response([...recordsOf({ name: 'endless', address: from }), ...many])];
    }
    case 'broken': {
      const whole = response(recordsOf({ name: 'broken', address: from }));
      // Cut short at every place, and a name that points at itself.
      const cut = Array.from({ length: 60 }, (_, index) => whole.subarray(0, index * 3));
      return [...cut, response([record(Buffer.from([0xc0, 12]), TYPE.PTR, Buffer.alloc(0))])];
    }
    case 'flood':
      return Array.from({ length: 20 }, (_, index) =>
        response(
          recordsOf({
            name: `flood ${round}-${index}`,
            address: from,
            port: 1_000 + index + (round % 1_000) * 20,
          }),
        ),
      );
    default:
      throw new Error(`unknown: ${kind}`);
  }
}

const socket = createSocket({ type: 'udp4', reuseAddr: true });
socket.bind(5353, from, () => {
  socket.setMulticastInterface(from);
  let round = 0;
  const send = (): void => {
    for (const packet of packets(round)) socket.send(packet, 5353, '224.0.0.251');
    round += 1;
    if (round === 1) process.stdout.write('sending\n');
  };
  send();
  setInterval(send, kind === 'flood' ? 10 : 300);
});
