import { createContext, useContext } from 'react';
import type {
  GatewayExposure,
  GatewayStatus,
  LinkView,
  SetupPeer,
  SetupStep,
  SetupView,
  TailnetView,
} from '../../../electron/contract/index.ts';
import type { RailStep } from './steps.ts';
import type { Look } from './use-look.ts';

/** What every step is given: where the setup is, what was seen, and how to go on. */
export interface Setup {
  readonly view: SetupView;
  readonly step: SetupStep;
  readonly shown: readonly RailStep[];
  readonly tailnet: Look<TailnetView>;
  readonly gateway: Look<GatewayStatus>;
  readonly exposure: Look<GatewayExposure>;
  /** The link of the peer that is being set up. */
  readonly link: LinkView | null;
  go(step: SetupStep): void;
  next(): void;
  back(): void;
  /** Leaves this step out, and goes on. */
  skip(): void;
  update(changes: Partial<Pick<SetupView, 'peer' | 'proof'>>): void;
  close(): void;
}

const SetupContext = createContext<Setup | null>(null);

/** Gives the steps below it their setup. */
export const SetupProvider = SetupContext.Provider;

/** The setup that this step is part of. */
export function useSetup(): Setup {
  const setup = useContext(SetupContext);
  if (!setup) throw new Error('no setup above this step');
  return setup;
}

/** A peer about which nothing is known yet. */
export const NEW_PEER: SetupPeer = {
  whose: null,
  name: '',
  address: null,
  inviteId: null,
  peerId: null,
};
