/** What deserves a person's attention, and when: pure rules, from what is known at that moment. */
import type { NoticeAction, NoticeUrgency, Settings, WindowFocus } from '../contract/index.ts';

/** Something that might be worth a person's eye. */
export interface Candidate {
  readonly kind: 'message' | 'problem';
  /** What it is about: `thread:<id>`, `warning:<id>`. Unread ones about the same become one. */
  readonly subject: string;
  readonly title: string;
  /** Untrusted, of any length. */
  readonly text: string;
  readonly peerId: string | null;
  readonly threadId: string | null;
  readonly messageId: string | null;
  readonly muted: boolean;
  /** Kept in the list and counted, without a call. */
  readonly quiet?: boolean;
  /** While a window has the focus, the window itself shows it: kept, without a call. */
  readonly quietInFocus?: boolean;
  /** Where a click leads, as `contract/place.ts` writes it; absent = to its peer or thread. */
  readonly to?: string;
  readonly urgency?: NoticeUrgency;
  /** What can be done about it where it is shown; at most MAX_NOTICE_ACTIONS. */
  readonly actions: readonly NoticeAction[];
}

/** What the person sees and wants just now. */
export interface Moment {
  readonly focus: WindowFocus;
  readonly settings: Pick<Settings, 'notifications'>;
  /** Ms since the person was last disturbed about this subject; null = never. */
  readonly sinceLast: number | null;
}

/** `nothing` = they see it anyway, or asked for silence. `list` = kept for later. `present` = also shown now. */
export type Decision = 'nothing' | 'list' | 'present';

/** Nobody is disturbed about the same thing more often than this, ms. */
const QUIET_MS = 5_000;
/** The longest text of a notice, UTF-16 units. */
export const NOTICE_TEXT_UNITS = 200;
const TITLE_UNITS = 80;

/** Decides for one candidate. */
export function decide(candidate: Candidate, moment: Moment): Decision {
  const { focus, settings, sinceLast } = moment;
  if (candidate.kind === 'message' && candidate.muted) return 'nothing';
  if (focus.focused && candidate.threadId !== null && focus.threadId === candidate.threadId) {
    return 'nothing';
  }
  if (focus.focused && candidate.quietInFocus) return 'list';
  if (candidate.muted || candidate.quiet || !settings.notifications) return 'list';
  return sinceLast !== null && sinceLast < QUIET_MS ? 'list' : 'present';
}

const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu;
const FENCE = /^\s*(```|~~~).*$/gmu;
const LINK = /!?\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)/gu;
const LINE_MARK = /^\s{0,8}(#{1,6}\s+|>\s?|[-*+]\s+)/gmu;
const STRONG = /(\*\*|__|~~|`+)(?=\S)/gu;
const STRONG_END = /(?<=\S)(\*\*|__|~~|`+)/gu;

function shorten(text: string, units: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= units) return line;
  const end = line.charCodeAt(units - 2);
  const whole = end >= 0xd800 && end <= 0xdbff ? units - 2 : units - 1;
  return `${line.slice(0, whole).trimEnd()}…`;
}

/** Markdown from a peer as one line of plain text, at most 200 units; marks go, words stay. */
export function noticeText(markdown: string): string {
  const plain = markdown
    .slice(0, 4_000)
    .toWellFormed()
    .replace(FENCE, ' ')
    .replace(LINK, '$1')
    .replace(LINE_MARK, '')
    .replace(STRONG, '')
    .replace(STRONG_END, '')
    .replace(CONTROLS, ' ');
  return shorten(plain, NOTICE_TEXT_UNITS);
}

/** A title in one line. */
export const noticeTitle = (title: string): string =>
  shorten(title.slice(0, 1_000).toWellFormed().replace(CONTROLS, ' '), TITLE_UNITS);

/** The text of a notice that stands for several: how many, and the newest of them. */
export function collapsedText(count: number, newest: string): string {
  return count < 2 ? newest : shorten(`${count} new: ${newest}`, NOTICE_TEXT_UNITS);
}
