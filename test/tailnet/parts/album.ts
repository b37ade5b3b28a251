/** One picture for each step, for whoever wants to see what was seen. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Seat } from './seat.ts';

/** Takes pictures in the order of the steps. @param name of the journey, and of its folder in `.cache` */
export function album(name: string): (seat: Seat, step: string) => Promise<void> {
  const folder = join(import.meta.dirname, '../../../.cache', name);
  let taken = 0;
  return async ({ page, computer }, step) => {
    taken += 1;
    await mkdir(folder, { recursive: true });
    const number = String(taken).padStart(2, '0');
    await page.screenshot({ path: join(folder, `${number} ${step} (${computer.name}).png`) });
  };
}
