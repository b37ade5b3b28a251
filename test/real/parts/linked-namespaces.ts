import { findProgram, run } from './process.ts';

/** One of two machines on one network. */
export interface LinkedMachine {
  readonly address: string;
  /** A second address of the same machine on the same network. */
  readonly otherAddress: string;
  /** The command that runs `command` on it. */
  wrap(command: readonly string[]): string[];
}

/** Two network namespaces and the link between them. This host is on neither side of it. */
export interface LinkedNamespaces {
  readonly here: LinkedMachine;
  readonly there: LinkedMachine;
  remove(): Promise<void>;
}

let counter = 0;

/** Makes two namespaces joined by a pair of virtual Ethernet devices: a local network of two machines. */
export async function linkNamespaces(): Promise<LinkedNamespaces> {
  const ip = findProgram('ip');
  if (ip === undefined) throw new Error('the program ip is missing');
  counter += 1;
  const name = (side: string): string => `peerage-link-${process.pid}-${counter}-${side}`;
  const names = [name('here'), name('there')] as const;
  // With its namespace its end of the pair goes, and with that the other end.
  const remove = async (): Promise<void> => {
    for (const namespace of names) await run(ip, ['netns', 'delete', namespace]);
  };
  const [here, there] = names;
  const step = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run(ip, args);
    if (code === 0) return;
    await remove();
    throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
  };
  await step('netns', 'add', here);
  await step('netns', 'add', there);
  const ends = ['type', 'veth', 'peer', 'name', 'lan', 'netns', there];
  await step('-n', here, 'link', 'add', 'lan', ...ends);
  const machines: LinkedMachine[] = [];
  for (const [index, namespace] of names.entries()) {
    const address = `10.78.0.${index + 1}`;
    const otherAddress = `10.78.0.${index + 11}`;
    for (const one of [address, otherAddress]) {
      await step('-n', namespace, 'address', 'add', `${one}/24`, 'dev', 'lan');
    }
    await step('-n', namespace, 'link', 'set', 'lo', 'up');
    await step('-n', namespace, 'link', 'set', 'lan', 'up');
    await step('-n', namespace, 'route', 'add', 'default', 'dev', 'lan');
    const wrap = (command: readonly string[]): string[] => [
      ip,
      'netns',
      'exec',
      namespace,
      ...command,
    ];
    machines.push({ address, otherAddress, wrap });
  }
  const [first, second] = machines;
  if (!first || !second) throw new Error('two machines were meant');
  return { here: first, there: second, remove };
}
