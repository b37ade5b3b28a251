import type { GatewayLive, ReceptionView } from '../../../electron/contract/index.ts';
import { useMirror } from '../../store/hooks.ts';

/** What the app tells by itself of the own gateway. */
export const useGatewayLive = (): GatewayLive => useMirror((mirror) => mirror.gateway);

/** What the app tells of the reception; null before the first snapshot. */
export const useReception = (): ReceptionView | null =>
  useMirror((mirror) => mirror.app?.reception ?? null);
