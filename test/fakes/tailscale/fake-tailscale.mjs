/**
 * A `tailscale` that replays what a test put into its folder (FAKE_TAILSCALE): answers by arguments,
 * or a feed that the test goes on writing while it runs. Each start is written down.
 */
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.FAKE_TAILSCALE ?? '';
const given = process.argv.slice(2);
const args = given.filter((arg) => !arg.startsWith('--socket='));
const keyFile = args.find((arg) => arg.startsWith('--auth-key=file:'))?.slice(16);
appendFileSync(
  join(folder, 'starts.log'),
  `${JSON.stringify({
    args: given,
    beCli: process.env.TAILSCALE_BE_CLI ?? null,
    key: keyFile
      ? {
          file: keyFile,
          text: readFileSync(keyFile, 'utf8'),
          mode: statSync(keyFile).mode & 0o777,
          folderMode: statSync(join(keyFile, '..')).mode & 0o777,
        }
      : null,
  })}\n`,
);

/** @type {{ begins: string, stdout?: string, stderr?: string, code?: number, hang?: boolean, feed?: string }[]} */
const answers = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'));
const line = args.join(' ');
const answer = answers.findLast(({ begins }) => line === begins || line.startsWith(`${begins} `));

if (!answer) {
  process.stderr.write(`fake tailscale: nothing to say to: ${line}\n`);
  process.exitCode = 99;
} else if (answer.hang) {
  process.stdout.write(answer.stdout ?? '');
  setInterval(() => {}, 1_000_000);
} else if (answer.feed) follow(join(folder, answer.feed));
else {
  process.stdout.write(answer.stdout ?? '');
  process.stderr.write(answer.stderr ?? '');
  process.exitCode = answer.code ?? 0;
}

/**
 * Lines of JSON: `{out}`, `{err}` or `{exit}`.
 * @param {string} file
 */
function follow(file) {
  let taken = 0;
  setInterval(() => {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    for (const text of lines.slice(taken)) {
      taken += 1;
      const { out, err, exit } = JSON.parse(text);
      if (out !== undefined) process.stdout.write(out);
      if (err !== undefined) process.stderr.write(err);
      if (exit !== undefined) process.exit(exit);
    }
  }, 15);
}
