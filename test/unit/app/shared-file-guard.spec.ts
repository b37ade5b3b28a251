import { describe, expect, it } from 'vitest';
import { checkSharedFile } from '../../../electron/app/shared-file-guard.ts';
import { CodedError } from '../../../electron/contract/index.ts';

const TOKEN = `ghp_${'aB3dE6gH9jK2mN5pQ8sT'.repeat(2).slice(0, 36)}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What is said of it; null where nothing is. */
const said = (key: string, content: string, type = 'text'): string | null => {
  try {
    checkSharedFile({ key, content, type });
    return null;
  } catch (error) {
    if (error instanceof CodedError && error.error.code === 'message.looks_secret') {
      return error.error.detail ?? '';
    }
    throw error;
  }
};

describe('a file that is about to be shared', () => {
  it('is named with the line that looks like a secret, without the secret', () => {
    expect(said('env', `a\nkey ${TOKEN}\n`)).toBe('GitHub token on line 2 of “env”.');
  });

  it('is looked through by its name too', () => {
    expect(said(TOKEN, 'x')).toBe('GitHub token on line 1 of its name.');
  });

  it.each([
    ['is base64 of text', base64(`key ${TOKEN}`)],
    ['only says that it is base64', `key: ${TOKEN}`],
  ])('is looked through where it %s', (_, content) => {
    expect(said('env', content, 'application/x-env;base64')).toContain('GitHub token');
  });

  it('is let through unread where it is no text', () => {
    expect(said('blob', base64(`\0${TOKEN}`), 'application/octet-stream;base64')).toBeNull();
    expect(said('plan.md', '# Plan\n\nThe token is in the keychain.', 'markdown')).toBeNull();
  });
});
