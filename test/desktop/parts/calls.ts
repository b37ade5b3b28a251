/** A page that uses the bridge by itself, as a hostile renderer would. */
import type { Page } from 'playwright-core';
import { PATIENCE_MS } from '../../patience.ts';

interface Answer {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: { readonly code: string };
}

/** Begins to keep every frame that the page is given. */
export async function listenIn(page: Page): Promise<void> {
  await page.evaluate(() => {
    const heard: string[] = [];
    Reflect.set(window, 'heard', heard);
    window.peerage?.onFrame((frame) => heard.push(JSON.stringify(frame)));
  });
}

/** Every frame since. */
export const heard = (page: Page): Promise<string[]> =>
  page.evaluate(() => Reflect.get(window, 'heard') as string[]);

/** What a screenshot would show, and what is in the fields. */
export const seenOn = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [
      document.body.textContent,
      ...[...document.querySelectorAll('input,textarea')]
        .filter((field) => field.getAttribute('type') !== 'password')
        .map((field) => (field as HTMLInputElement).value),
    ].join('\n'),
  );

/** Calls the app over the bridge; resolves with its answer, or null where none came in time. */
export const call = (
  page: Page,
  name: string,
  input: unknown,
  limitMs = PATIENCE_MS,
): Promise<Answer | null> =>
  page.evaluate(
    ([name, body, limit]) =>
      new Promise<Answer | null>((found) => {
        const id = crypto.randomUUID();
        const stop = window.peerage?.onFrame((frame) => {
          const { id: of, body: answer } = frame as { id: string; body: Answer };
          if (of !== id) return;
          stop?.();
          found(answer);
        });
        setTimeout(() => found(null), limit as number);
        window.peerage?.send({ v: 1, id, kind: 'call', name: name as string, body });
      }),
    [name, input, limitMs] as const,
  );
