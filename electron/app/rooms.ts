/** The app's services once they are built: what the views, the calls and the stop are made of. */
import type { AppError } from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { Fallback } from '../fallback/index.ts';
import type { Health, PollingNetworkMonitor } from '../health/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { PeerBook } from '../peers/index.ts';
import type { Redactor } from '../secrets/index.ts';
import type { Store } from '../store/store.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { LinkRegistry } from './link-registry.ts';
import type { LogFile } from './log-file.ts';
import type { MorningStatusKeeper } from './morning-status.ts';
import type { AppOptions } from './options.ts';
import type { GatewayDesk } from './own-gateway-desk.ts';
import type { OwnGatewayKeeper } from './own-gateway-keeper.ts';
import type { PracticeKeeper } from './practice-keeper.ts';
import type { ReceptionKeeper } from './reception-keeper.ts';
import type { RelayKeeper } from './relay-keeper.ts';
import type { RelayServerKeeper } from './relay-server-keeper.ts';
import type { SecretsControl } from './secrets-control.ts';
import type { SettingsService } from './settings.ts';
import type { SetupKeeper } from './setup-keeper.ts';
import type { Summary } from './summary.ts';
import type { TailnetKeeper } from './tailnet-keeper.ts';
import type { UnaskedKeeper } from './unasked-keeper.ts';
import type { UpdateBoard } from './update-board.ts';

/** Built once when the app starts; parts of the app take of it what they need, by name. */
export interface Rooms {
  readonly options: AppOptions;
  readonly clock: NonNullable<AppOptions['clock']>;
  readonly redactor: Redactor;
  readonly store: Store;
  readonly network: PollingNetworkMonitor;
  readonly settings: SettingsService;
  readonly secrets: SecretsControl;
  readonly peers: PeerBook;
  readonly registry: LinkRegistry;
  readonly conversations: Conversations;
  readonly health: Health;
  readonly notifications: Notifications;
  readonly tailnet: TailnetKeeper;
  readonly ownGateway: OwnGatewayKeeper;
  readonly desk: GatewayDesk;
  readonly reception: ReceptionKeeper;
  readonly agents: AgentDesk;
  readonly relays: RelayKeeper;
  readonly unasked: UnaskedKeeper;
  readonly fallback: Fallback;
  readonly morning: MorningStatusKeeper;
  readonly practice: PracticeKeeper;
  readonly relayServer: RelayServerKeeper;
  readonly setup: SetupKeeper;
  readonly summary: Summary;
  readonly update: UpdateBoard;
  /** What went wrong with the database since it was opened. */
  readonly storeTrouble: () => AppError | null;
  readonly file: LogFile;
  readonly log: (line: string) => void;
}
