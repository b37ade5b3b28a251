/**
 * What each command prints with `--json`: the stable forms that docs/command-json.md shows. The command
 * takes only their types, so that it starts without them; a spec runs every verb and compares.
 */
import * as z from 'zod';
import {
  Arrival,
  Asked,
  count,
  Decided,
  Delivery,
  Failure,
  Followed,
  form,
  formOfTry,
  LeftOut,
  NamedPeer,
  Planned,
  Queued,
  Rung,
  SkillState,
  text,
  theirs,
  time,
  Waited,
} from './command-pieces.ts';
import {
  IncomingState,
  MessageKind,
  OutgoingState,
  PeerStatus,
  RequestState,
  SecretsStatus,
} from './views/index.ts';

/** One form; `when` says in which case, where a command has several. */
export interface CommandForm {
  readonly verb: string;
  readonly when: string;
  readonly form: z.ZodType;
}

const one = (verb: string, when: string, of: z.ZodType): CommandForm => ({ verb, when, form: of });

/** The form of every command but `mcp`, which speaks MCP. */
export const COMMAND_FORMS: readonly CommandForm[] = [
  one(
    'whoami',
    '',
    form({
      name: text,
      identity: text.nullable(),
      identityFrom: text.nullable(),
      fingerprint: text.nullable(),
      addresses: z.array(text),
      loopback: text.nullable(),
      home: text,
      agent: text,
    }),
  ),
  one(
    'status',
    '',
    form({
      running: z.literal(true),
      version: text,
      shell: z.enum(['desktop', 'browser']),
      home: text,
      network: z.enum(['up', 'down']),
      secrets: SecretsStatus,
      reception: z.strictObject({
        state: z.enum(['off', 'listening', 'failed']),
        loopback: text.nullable(),
        addresses: z.array(text),
      }),
      inbox: count,
      requests: count,
      budget: z.strictObject({ perDay: count, used: count }),
      warnings: z.array(z.strictObject({ code: text, title: text, detail: text })),
      peers: z.array(
        NamedPeer.extend({
          statusText: text,
          unread: count,
          waiting: count,
          running: z.boolean(),
        }),
      ),
    }),
  ),
  one(
    'peers',
    '',
    form({
      peers: z.array(
        NamedPeer.extend({
          group: text.nullable(),
          statusText: text,
          latencyMs: z.number().nullable(),
          unread: count,
          waiting: count,
          running: z.boolean(),
          capabilities: z.array(theirs),
        }),
      ),
      count,
    }),
  ),
  one(
    'check',
    '',
    formOfTry({
      peer: z.strictObject({ id: text, name: text, status: PeerStatus }),
      reached: z.boolean(),
      ladders: z.array(
        z.strictObject({ linkId: text, checkedAt: time.nullable(), rungs: z.array(Rung) }),
      ),
    }),
  ),
  ...['send', 'delegate', 'respond'].flatMap((verb) => [
    one(verb, '', Queued),
    one(verb, '--wait', Waited),
    one(verb, '--dry-run', Planned),
  ]),
  one('send', '--rounds', formOfTry({ rounds: z.array(Followed) })),
  one('broadcast', '', formOfTry({ ...Followed.shape, leftOut: z.array(LeftOut) })),
  one('broadcast', '--relay', form(Decided)),
  one('broadcast', '--dry-run', Planned),
  one('inbox', '', form({ arrivals: z.array(Arrival), more: z.boolean() })),
  one(
    'inbox',
    '--watch, a line for each',
    z.strictObject({ ok: z.literal(true), arrival: Arrival }),
  ),
  one(
    'files',
    'list',
    form({
      files: z.array(
        z.strictObject({
          relayId: text,
          relay: text,
          key: text,
          type: text,
          version: count,
          editor: text,
          editorName: text,
          updatedAt: time.nullable(),
          changed: z.boolean(),
        }),
      ),
      unreached: z.array(text),
    }),
  ),
  one(
    'files',
    'get',
    form({
      file: z.strictObject({
        key: text,
        type: text,
        version: count,
        editor: text,
        editorName: text,
        updatedAt: time.nullable(),
        content: theirs,
      }),
      output: text.nullable(),
    }),
  ),
  one('files', 'put', form({ ...Decided, key: text })),
  one(
    'knowledge',
    '',
    form({
      knowledge: z.array(
        z.strictObject({
          id: text,
          direction: z.enum(['in', 'out']),
          peerId: text.nullable(),
          who: theirs,
          topic: theirs.nullable(),
          tags: z.array(theirs),
          text: theirs,
          truncated: z.boolean(),
          at: time,
        }),
      ),
    }),
  ),
  one(
    'log',
    '',
    form({
      peer: z.strictObject({ id: text, name: text }),
      entries: z.array(
        z.strictObject({
          id: text,
          threadId: text,
          thread: text,
          direction: z.enum(['in', 'out']),
          kind: MessageKind,
          state: z.union([OutgoingState, IncomingState]),
          author: text,
          askedBy: text.nullable(),
          at: time,
          text: theirs,
          truncated: z.boolean(),
        }),
      ),
      more: z.boolean(),
    }),
  ),
  one(
    'log',
    '--markdown',
    form({ peer: z.strictObject({ id: text, name: text }), markdown: theirs }),
  ),
  one('show', '', form({})),
  one(
    'doctor',
    '',
    formOfTry({
      well: z.boolean(),
      checks: z.array(
        z.strictObject({ name: text, ok: z.boolean(), detail: text, todo: text.nullable() }),
      ),
    }),
  ),
  one('skill', 'install, remove', form({ state: SkillState })),
  one('skill', 'show', form({ text })),
  one(
    'completion',
    'bash, zsh, fish',
    form({ shell: z.enum(['bash', 'zsh', 'fish']), script: text }),
  ),
  one('completion', 'names', form({ names: z.array(text) })),
  one('--help', 'also of a command', form({ help: text })),
  one('--version', '', form({ version: text })),
];

/** What every command prints where it fails before it has more to say. */
export const CommandFailure = z.strictObject({
  ok: z.literal(false),
  exit: z.number().int().min(1).max(10),
  error: Failure,
  /** Where several have that name. */
  candidates: z.array(NamedPeer).optional(),
  /** Where something was stored before it failed: a request, and how far it came. */
  request: text.optional(),
  state: z.union([RequestState, SkillState]).optional(),
  decidedBy: Asked.decidedBy.optional(),
  reason: Asked.reason.optional(),
  recipients: z.array(Delivery).optional(),
  key: text.optional(),
});
