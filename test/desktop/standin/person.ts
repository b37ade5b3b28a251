/**
 * The person in front of the app: what dialogs are answered with, and what is on the clipboard.
 * https://www.electronjs.org/docs/latest/api/dialog
 * https://www.electronjs.org/docs/latest/api/clipboard
 */
import type * as Electron from 'electron';
import { type Surface, strict } from './strict.ts';

/** Set by the test; what was shown is kept. */
export const person = {
  answer: 0,
  savesTo: '',
  shown: [] as { message: string; detail: string }[],
  clipboard: '',
};

const dialogs = {
  showMessageBox: async (options: unknown) => {
    const { message, detail = '' } = options as Electron.MessageBoxOptions;
    person.shown.push({ message, detail });
    return { response: person.answer, checkboxChecked: false };
  },
  showSaveDialog: async (_options: unknown) => ({
    canceled: person.savesTo === '',
    filePath: person.savesTo,
  }),
} satisfies Surface<Electron.Dialog, 'showMessageBox' | 'showSaveDialog'>;
export const dialog = strict('dialog', dialogs);

export const clipboard = strict('clipboard', {
  writeText: async (text: string): Promise<void> => {
    person.clipboard = text;
  },
} satisfies Surface<Electron.Clipboard, 'writeText'>);
