/** A program of a test, by the lines that it prints. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface Printing {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** The first line, also of those before, that matches. Rejects where the program ends without one. */
  line(pattern: RegExp): Promise<string>;
  readonly ended: Promise<number | null>;
}

/** Starts it, reading what it prints on both outputs. */
export function printing(command: readonly string[], env: NodeJS.ProcessEnv): Printing {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      for (const look of [...waiting]) look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((one) => pattern.test(one));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then((code) => reject(new Error(`ended with ${code}:\n${lines.join('\n')}`)));
    });
  return { child, lines, line, ended };
}
