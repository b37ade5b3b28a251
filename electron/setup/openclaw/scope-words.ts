/** OpenClaw's scopes in plain words. Source: OpenClaw's docs/gateway/operator-scopes.md, 2026.9.6. */
import type { ScopeView } from '../../contract/index.ts';

type Words = Omit<ScopeView, 'scope'>;

const WORDS: Readonly<Record<string, Words>> = {
  'operator.read': {
    words: 'Read every conversation and the settings, without secrets',
    weight: 'look',
  },
  'operator.write': {
    words: 'Give work to every agent, which may run commands on this machine',
    weight: 'act',
  },
  'operator.talk': { words: 'Hold voice conversations with agents', weight: 'act' },
  'operator.talk.secrets': { words: 'Read the keys of the voice service', weight: 'manage' },
  'operator.approvals': {
    words: 'Approve or refuse what agents ask before they act',
    weight: 'manage',
  },
  'operator.sessions.read': {
    words: 'Read the conversations that it began itself',
    weight: 'look',
  },
  'operator.sessions.write': {
    words: 'Give work to agents in conversations that it began itself',
    weight: 'act',
  },
  'operator.questions': { words: 'Answer the questions that agents ask', weight: 'act' },
  'operator.pairing': { words: 'Let in and shut out other devices', weight: 'manage' },
  'operator.admin': {
    words: 'Do everything: change settings, devices and agents',
    weight: 'manage',
  },
};

/** One scope; an unknown one is shown as it is, and weighed as the heaviest. */
export function scopeView(scope: string): ScopeView {
  const known = Object.hasOwn(WORDS, scope) ? WORDS[scope] : undefined;
  return { scope, ...(known ?? { words: `Unknown permission “${scope}”`, weight: 'manage' }) };
}

/** A list, the lightest first. */
export function scopeViews(scopes: readonly string[]): ScopeView[] {
  const rank = { look: 0, act: 1, manage: 2 } as const;
  return [...new Set(scopes)]
    .map(scopeView)
    .sort((a, b) => rank[a.weight] - rank[b.weight] || a.scope.localeCompare(b.scope));
}
