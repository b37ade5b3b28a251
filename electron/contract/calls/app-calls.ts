/** Calls about the app itself: the window, settings, secrets, notices. */
import * as z from 'zod';
import { NoticeId, PeerId, ThreadId, WarningId } from '../ids.ts';
import { MAX_LINK_UNITS } from '../place.ts';
import { NoticeView, SecretsView, Settings } from '../views/index.ts';
import { command, query } from './call.ts';
import { messageText } from './text.ts';

/** The input of calls that need none, and the output of those that only get something done. */
export const nothing = z.object({});

/** Calls about the window, settings, the keychain, warnings and notices. */
export const appCalls = {
  /** The window tells whether it can be seen: a hidden one gets counts only. */
  'window.visibility': command('window', z.object({ visible: z.boolean() }), nothing),
  /** What the window has in focus, so that notifications stay quiet about it. */
  'window.focus': command(
    'window',
    z.object({ focused: z.boolean(), peerId: PeerId.nullable(), threadId: ThreadId.nullable() }),
    nothing,
  ),
  /** The window heard from the system that the network came or went. */
  'window.networkChanged': command('window', nothing, nothing),
  'settings.update': command(
    'window',
    z.object({ changes: Settings.partial() }),
    z.object({ settings: Settings }),
  ),
  /** Asks the keychain again. */
  'secrets.recheck': command('window', nothing, SecretsView),
  /** Starts the system's own unlock prompt. Resolves when it was answered or timed out. */
  'secrets.unlock': command('window', nothing, SecretsView),
  /** The person agrees that secrets are kept in memory until the app stops. */
  'secrets.useSession': command('window', nothing, SecretsView),
  'warning.dismiss': command('window', z.object({ warningId: WarningId }), nothing),
  'notice.list': query('window', nothing, z.object({ notices: z.array(NoticeView) })),
  'notice.read': command('window', z.object({ noticeId: NoticeId.nullable() }), nothing),
  /**
   * Does an action of a notice, once: whoever comes second, or clicks twice, is told so and nothing
   * more happens. `text`: what the person wrote, for an action that takes a text.
   */
  'notice.act': command(
    'window',
    z.object({ noticeId: NoticeId, actionId: z.string().max(40), text: messageText.nullable() }),
    z.object({ outcome: z.enum(['done', 'done_before']) }),
  ),
  /** Versions and counts for a bug report; no names, no text, no secrets. */
  'app.about': query('any', nothing, z.object({ text: z.string() })),
  /** Brings the window forward; what a second start asks the first. `link`: where a deep link leads. */
  'app.show': command(
    'any',
    z.object({ link: z.string().max(MAX_LINK_UNITS).optional() }),
    z.object({ url: z.string().nullable() }),
  ),
} as const;
