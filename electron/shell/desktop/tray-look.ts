import { type AppView, assertNever, type Settings, type TrayState } from '../../contract/index.ts';

/** While nobody's work is taken in. */
const PAUSED_WORDS = 'Incoming work is paused';

/** What the tray shows for a state of the app. */
export interface TrayLook {
  /** File name in `assets/tray`, without its ending. */
  readonly icon: string;
  readonly tooltip: string;
  /** First line of the menu. */
  readonly status: string;
  /** Number on the dock or the launcher. */
  readonly badge: number;
}

/** Every state has a shape of its own and words; never a colour alone. */
export function trayLook(
  app: Pick<AppView, 'tray' | 'unread' | 'peers'>,
  settings: Pick<Settings, 'incomingPaused'>,
): TrayLook {
  const { icon, words } = stateLook(app.tray, app.peers);
  const unread = app.unread === 0 ? '' : `, ${app.unread} unread`;
  const paused = settings.incomingPaused ? `. ${PAUSED_WORDS}` : '';
  const status = `${words}${unread}${paused}`;
  return {
    icon,
    tooltip: `Peerage: ${status}`,
    status,
    badge: app.unread,
  };
}

function stateLook(state: TrayState, peers: number): { icon: string; words: string } {
  switch (state) {
    case 'off':
      return { icon: 'off', words: peers === 0 ? 'no peers yet' : 'not connected' };
    case 'connecting':
      return { icon: 'connecting', words: 'connecting' };
    case 'all_well':
      return { icon: 'well', words: 'all peers are up' };
    case 'some_down':
      return { icon: 'down', words: 'some peers are down' };
    case 'action_needed':
      return { icon: 'action', words: 'something needs you' };
    default:
      return assertNever(state);
  }
}

/** The icon's file in `assets/tray` for a platform: the system colours a template, others have two panels. */
export function iconFile(look: TrayLook, platform: NodeJS.Platform, dark: boolean): string {
  const name = look.badge > 0 ? `${look.icon}-unread` : look.icon;
  if (platform === 'darwin') return `${name}Template.png`;
  return `${name}${dark ? '-dark' : ''}.${platform === 'win32' ? 'ico' : 'png'}`;
}
