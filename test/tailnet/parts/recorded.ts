/**
 * What the real programs said, kept as files for the fake `tailscale`. Each run of these specs compares
 * the shape of what they say now with the file, so that the fake cannot drift; with
 * `PEERAGE_RECORD=tailnet` the files are written anew.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { HEADSCALE_VERSION, TAILSCALE_VERSION } from '../../../scripts/parts/tailnet-tools.mjs';
import type { RunResult } from '../../real/parts/process.ts';
import { jsonValues, shapeOf } from './shape.ts';

/** Where the files are. */
export const RECORDED = join(import.meta.dirname, '../../fakes/tailscale/recorded');

/** One run of the real program. */
export interface Recording {
  /** What was going on, in one sentence. */
  readonly situation: string;
  readonly tailscale: string;
  readonly headscale: string;
  readonly platform: string;
  /** Without `--socket`. */
  readonly args: readonly string[];
  readonly code: number | null;
  /** As it came, blanks and all, but for what {@link withoutSecrets} replaces. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Keeps or compares one run. `name` is the file's, without `.json`; `situation` says when it is said. */
export function recorded(
  name: string,
  situation: string,
  args: readonly string[],
  result: RunResult,
  folder: string,
): void {
  const hide = withoutSecrets(folder);
  const now: Recording = {
    situation,
    tailscale: TAILSCALE_VERSION,
    headscale: HEADSCALE_VERSION,
    platform: process.platform,
    args: args.map(hide),
    code: result.code,
    stdout: hide(result.stdout),
    stderr: hide(result.stderr),
  };
  const place = join(RECORDED, TAILSCALE_VERSION);
  const file = join(place, `${name}.json`);
  if (process.env.PEERAGE_RECORD === 'tailnet') {
    mkdirSync(place, { recursive: true });
    writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
    return;
  }
  const then = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const what = `${name}: the real program speaks another way than its recording`;
  assert.deepEqual(speech(now), speech(then), what);
}

const speech = ({ args, code, stdout, stderr }: Recording) => ({
  args,
  code,
  stdout: spoken(stdout),
  stderr: spoken(stderr),
});

/** The shape of what is JSON; the words of what is not, without numbers and the width of columns. */
function spoken(text: string): unknown {
  const values = jsonValues(text);
  if (values !== null && values.length > 0) return values.map((value) => shapeOf(value));
  return text
    .replace(/\d+/g, '#')
    .replace(/[µm]?s\b/g, 's')
    .replace(/ +/g, ' ');
}

/** Replaces what belongs to one machine or one run: keys, ids, paths, addresses of this host. */
function withoutSecrets(folder: string): (text: string) => string {
  const seen = new Map<string, string>();
  const numbered = (kind: string, text: string, make: (index: number) => string): string => {
    const known = seen.get(kind + text);
    if (known !== undefined) return known;
    const count = [...seen.keys()].filter((key) => key.startsWith(kind)).length;
    seen.set(kind + text, make(count + 1));
    return make(count + 1);
  };
  const hex = (index: number): string => index.toString(16).padStart(64, '0');
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address);
  return (text) => {
    let plain = text.replaceAll(folder, '/tmp/tailnet');
    for (const address of addresses) {
      plain = plain.replaceAll(address, address.includes(':') ? '2001:db8::10' : '192.0.2.10');
    }
    return plain
      .replace(/\b(nodekey|mkey|discokey|privkey|nlpub):[0-9a-f]+/g, (all, kind: string) =>
        numbered(kind, all, (index) => `${kind}:${hex(index)}`),
      )
      .replace(/\b[0-9a-f]{64}\b/g, (all) => (/^0{50}/.test(all) ? all : hex(0)))
      .replace(/\b(?:hs|ts)key-[\w-]+/g, 'hskey-auth-removed')
      .replace(/\/register\/[\w-]+/g, '/register/hskey-authreq-removed')
      .replace(/(127\.0\.0\.1|192\.0\.2\.10|\[2001:db8::10\]):(\d+)/g, (_, host, port: string) =>
        numbered('port', port, (index) => `${String(host)}:${40_000 + index}`),
      )
      .replace(/("OSVersion": ")[^"]*/g, '$16.1.0');
  };
}
