import { bigHome } from './big-home.ts';

export const MILLION = 1_000_000;
export const MILLION_PEERS = 1000;

/** 1,000 peers with a link and a thread each, and 1,000,000 messages, all of them in the first thread. */
export const millionHome = (note: (line: string) => void): Promise<string> =>
  bigHome({ peers: MILLION_PEERS, longThread: MILLION, shortThread: 0 }, note);
