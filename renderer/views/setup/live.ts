import type { GatewayLive, ReceptionView } from '../../../electron/contract/index.ts';
import { useMirror } from '../../store/hooks.ts';
import type { Mirror } from '../../store/mirror.ts';

/** What the app tells by itself of the own gateway; null where it has no such part. */
export const useGatewayLive = (): GatewayLive | null =>
  useMirror((mirror: Mirror & { readonly gateway?: GatewayLive }) => mirror.gateway ?? null);

/** What the app tells of the reception; null where it has no such part. */
export const useReception = (): ReceptionView | null =>
  useMirror((mirror) => {
    const app: (Mirror['app'] & { readonly reception?: ReceptionView }) | null = mirror.app;
    return app?.reception ?? null;
  });
