/** What a walk through the desktop app may see and do, whatever the app runs on. */
import type { Page } from 'playwright-core';

export interface ShownNotification {
  readonly title: string;
  readonly body: string;
  readonly state: 'made' | 'shown' | 'closed';
}

/** What is on the desktop. */
export interface Desktop {
  readonly windows: readonly { readonly visible: boolean }[];
  readonly menu: readonly { readonly label: string; readonly enabled: boolean }[];
  readonly notifications: readonly ShownNotification[];
}

/** One running app. */
export interface DesktopApp {
  look(): Promise<Desktop>;
  /** The page of the window, once there is one. */
  page(): Promise<Page>;
  clickMenu(label: string): Promise<void>;
  clickNotification(index: number): Promise<void>;
  /** As by the window's own button. */
  closeWindow(): Promise<void>;
  /** Exit code. */
  readonly ended: Promise<number | null>;
  output(): string;
  kill(): Promise<void>;
}

export interface DesktopDriver {
  /** How the results are reported: *stand-in* or *Electron*. */
  readonly name: string;
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<DesktopApp>;
  /** A start on a home where one runs already: it ends by itself. */
  startAgain(args: readonly string[]): Promise<{ code: number | null; output: string }>;
}
