/** The reception: where peers knock. */
export { textAlone } from './delegations/answer.ts';
export type {
  AgentDoor,
  AgentRun,
  Attention,
  BeginOutcome,
  ConfigPlace,
  FileOutcome,
  Identity,
  PartnerGateway,
  PartnerLink,
  Partners,
  PeerPlaces,
  ReceptionConfig,
  ReceptionOptions,
  RunOutcome,
  Tailnet,
  Whois,
} from './options.ts';
export { createReception, type Reception, type ReceptionHandlers } from './reception.ts';
export { createUnaskedBook, type UnaskedBook } from './unasked/book.ts';
