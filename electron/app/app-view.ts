import type {
  AppError,
  AppView,
  OwnGatewayView,
  ReceptionView,
  SecretsView,
  SetupView,
  TrayState,
  UpdateView,
} from '../contract/index.ts';

/** What the parts of the app tell of themselves, for the one view of it. */
export interface AppFacts {
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  readonly home: string;
  readonly search: 'fts5' | 'like';
  readonly provisioned: boolean;
  secrets(): SecretsView;
  ownGateway(): OwnGatewayView;
  networkDown(): boolean;
  tray(): TrayState;
  unread(): number;
  peers(): number;
  setup(): SetupView;
  reception(): ReceptionView;
  waiting(): AppView['waiting'];
  storeNotice(): AppError | null;
  update(): UpdateView;
}

const platform = (): AppView['platform'] =>
  process.platform === 'linux' || process.platform === 'darwin' || process.platform === 'win32'
    ? process.platform
    : 'other';

/** The app's own view, as it is now. */
export const appView = (facts: AppFacts): AppView => ({
  version: facts.version,
  shell: facts.shell,
  platform: platform(),
  home: facts.home,
  secrets: facts.secrets(),
  ownGateway: facts.ownGateway(),
  network: facts.networkDown() ? 'down' : 'up',
  search: facts.search,
  tray: facts.tray(),
  unread: facts.unread(),
  peers: facts.peers(),
  setup: facts.setup(),
  reception: facts.reception(),
  waiting: facts.waiting(),
  storeNotice: facts.storeNotice(),
  update: facts.update(),
  provisioned: facts.provisioned,
});
