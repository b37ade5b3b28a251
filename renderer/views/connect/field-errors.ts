import type * as z from 'zod';
import type { AppError } from '../../../electron/contract/index.ts';

/** A field of the forms for links and peers that an error can stand at. */
export type FieldName =
  | 'url'
  | 'secret'
  | 'name'
  | 'agent'
  | 'nickname'
  | 'group'
  | 'notes'
  | 'tags';
/** What stands at each field, in words for the person; an absent field has nothing wrong. */
export type FieldErrors = Partial<Record<FieldName, string>>;

const byPath: Readonly<Record<string, FieldName>> = {
  url: 'url',
  credential: 'secret',
  name: 'name',
  agentId: 'agent',
  nickname: 'nickname',
  group: 'group',
  notes: 'notes',
  capabilities: 'tags',
};

/** Which field an issue of the contract's schema is about. */
export function fieldErrors(error: z.ZodError): FieldErrors {
  const errors: FieldErrors = {};
  for (const issue of error.issues) {
    const names = issue.path.map((step) => byPath[String(step)]);
    const field = names.findLast((name) => name !== undefined);
    if (field && !errors[field]) errors[field] = issueText(issue);
  }
  return errors;
}

const issueText = (issue: z.core.$ZodIssue): string =>
  issue.code === 'too_small' ? 'Must not be empty.' : issue.message;

/** Which field a refusal of the app is about, or null where it is about none of them. */
export function fieldOf(error: AppError): FieldName | null {
  switch (error.code) {
    case 'peer.name_taken':
      return 'name';
    case 'link.url_invalid':
    case 'link.url_scheme':
    case 'link.url_credentials':
    case 'link.insecure_url':
    case 'link.host_unknown':
      return 'url';
    case 'link.bad_credential':
    case 'link.credential_missing':
    case 'secrets.too_large':
      return 'secret';
    case 'link.agent_missing':
      return 'agent';
    default:
      return null;
  }
}

/** A refusal as the words under its field. */
export const fieldWords = (error: AppError): string =>
  `${error.title}. ${error.remedy?.text ?? error.detail}`;
