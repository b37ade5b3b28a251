import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUNGS as AGENT_RUNGS } from '../../../electron/links/a2a/rungs.ts';
import { RUNGS } from '../../../electron/links/gateway/rungs.ts';
import { RUNGS as RELAY_RUNGS } from '../../../electron/links/relay/rungs.ts';

const text = fs.readFileSync(path.join(import.meta.dirname, '../../../docs/delivery.md'), 'utf8');

/** The rows of the table below a heading: state and meaning. */
const tableUnder = (heading: string): [string, string][] => {
  const section = text.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  return [...section.matchAll(/^\| \*(\w+)\* \| (.*) \|$/gmu)].map((row) => [
    row[1] ?? '',
    row[2] ?? '',
  ]);
};

describe('docs/delivery.md', () => {
  it('says of each state what the gateway link says', () => {
    expect(tableUnder('OpenClaw gateway')).toEqual(Object.entries(RUNGS));
  });

  it('says of each state what the A2A link says', () => {
    expect(tableUnder('A2A agent')).toEqual(Object.entries(AGENT_RUNGS));
  });

  it('says of each state what the relay link says', () => {
    expect(tableUnder('Agent behind a relay')).toEqual(Object.entries(RELAY_RUNGS));
  });

  it('names files that are there', () => {
    const root = path.join(import.meta.dirname, '../../..');
    for (const [, file = ''] of text.matchAll(/`(test\/[\w./-]+)`/gu)) {
      expect(fs.existsSync(path.join(root, file)), file).toBe(true);
    }
    for (const [, file = ''] of text.matchAll(/\]\(([\w./-]+)\)/gu)) {
      expect(fs.existsSync(path.join(root, 'docs', file)), file).toBe(true);
    }
  });
});
