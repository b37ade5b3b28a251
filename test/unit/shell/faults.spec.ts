/** A fault that nobody caught, in a process of its own. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';

const faults = pathToFileURL(
  resolve(import.meta.dirname, '../../../electron/shell/faults.ts'),
).href;

/** What a process says and how it ends; its redactor knows the word `secret`. */
const run = (body: string): Promise<{ code: number; said: string; logged: string }> =>
  new Promise((done) => {
    const script = `import { endOnFaults } from ${JSON.stringify(faults)};
      endOnFaults({
        redact: (text) => text.replaceAll('secret', '•••'),
        log: (line) => console.log(line),
        end: (code) => process.exit(code),
      });
      setTimeout(() => console.log('it lives on'), 200);
      ${body}`;
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script],
      (error, stdout, stderr) =>
        done({ code: Number(error?.code ?? 0), said: stderr, logged: stdout }),
    );
  });

describe('a fault that nobody caught', () => {
  test.each([
    ['thrown', `setImmediate(() => { throw new Error('a secret'); });`],
    ['of a promise', `void Promise.reject(new Error('a secret'));`],
    ['that is no error', `setImmediate(() => { throw 'a secret'; });`],
  ])('%s is told without secrets, and ends the process', async (_how, body) => {
    const { code, said, logged } = await run(body);
    expect(code).toBe(1);
    expect(said).toMatch(/^Peerage stopped, because of a fault of its own:\n.*a •••/);
    expect(logged.trim()).toBe(said.trim());
  });

  test('tells its causes, and no other member of an error', async () => {
    const { said } = await run(`setImmediate(() => {
      const cause = Object.assign(new Error('deep secret'), { bytes: 'hidden' });
      throw new Error('outer', { cause });
    });`);
    expect(said).toMatch(/Error: outer\n(?:.*\n)+because of Error: deep •••/);
    expect(said).not.toMatch(/hidden|secret/);
  });

  test('that is its own cause is told as well', async () => {
    const { code, said } = await run(`setImmediate(() => {
      const fault = new Error('round');
      fault.cause = fault;
      throw fault;
    });`);
    expect(code).toBe(1);
    expect(said).toContain('Error: round');
  });
});
