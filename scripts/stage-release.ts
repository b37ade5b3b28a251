/**
 * Sets to how many machines in a hundred an update goes: `node scripts/stage-release.ts PERCENT FOLDER`
 * writes `stagingPercentage` into each `latest*.yml` of the folder. Each installed app has a random
 * number of its own and compares; nobody counts them. https://www.electron.build/auto-update#staged-rollouts
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of an update's description with this share; everything else stays as it is. */
export function staged(text: string, percent: number): string {
  const rest = text.replace(/^stagingPercentage:.*\r?\n?/gm, '');
  const end = rest === '' || rest.endsWith('\n') ? '' : '\n';
  return `${rest}${end}stagingPercentage: ${percent}\n`;
}

/** Reads what was typed; null where it is no share. */
export function readPercent(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,3}$/.test(text)) return null;
  const percent = Number(text);
  return percent >= 1 && percent <= 100 ? percent : null;
}

if (import.meta.main) {
  const [given, folder] = process.argv.slice(2);
  const percent = readPercent(given);
  const files =
    folder === undefined
      ? []
      : readdirSync(folder).filter((name) => /^latest[\w-]*\.yml$/.test(name));
  if (percent === null || folder === undefined || files.length === 0) {
    console.error(
      'Usage: node scripts/stage-release.ts PERCENT FOLDER (1 to 100; with latest*.yml)',
    );
    process.exitCode = 2;
  } else {
    for (const name of files) {
      const path = join(folder, name);
      writeFileSync(path, staged(readFileSync(path, 'utf8'), percent));
      console.log(`${name}: ${percent} %`);
    }
  }
}
