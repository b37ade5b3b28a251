import { describe, expect, it } from 'vitest';
import { modeWords } from '../../../renderer/views/policy/words.ts';

describe('what a policy means', () => {
  it('says, where nobody is asked, that files of the agent go back as well', () => {
    expect(modeWords.auto).toContain('files of its workspace');
  });
});
