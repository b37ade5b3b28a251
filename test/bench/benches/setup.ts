import { requirePart } from '../../real/parts/require.ts';
import { type Lan, startLan } from '../../tailnet/parts/lan.ts';
import { SEAT_PARTS, type Seat, takeSeat } from '../../tailnet/parts/seat.ts';
import { tailnetTools } from '../../tailnet/parts/tailnet.ts';
import {
  agree,
  findTailscale,
  joinByKey,
  joinByLink,
  listenOnTailnet,
  makeInvite,
  openInbox,
  press,
  redeem,
  seen,
  takeGateway,
} from '../../tailnet/parts/walk.ts';
import { type Bench, type Row, valueRow } from '../report.ts';

/** The most that the whole way may take, s. */
const GOAL = 60;

interface Step {
  readonly name: string;
  run(): Promise<unknown>;
}

/** The way of both, one after the other, as if one person sat at both computers and lost no time. */
function way(lan: Lan, ada: Seat, bea: Seat): readonly Step[] {
  let invite = '';
  return [
    { name: 'Tailscale found', run: () => each(ada, bea, findTailscale) },
    { name: 'joined by a link', run: () => joinByLink(ada, lan.control) },
    { name: 'joined by a key', run: () => joinByKey(bea, lan.control) },
    { name: 'own gateways used', run: () => each(ada, bea, takeGateway) },
    { name: 'receptions open', run: () => each(ada, bea, listenOnTailnet) },
    {
      name: 'invite made and redeemed',
      run: async () => {
        invite = await makeInvite(ada, 'beas-box', 'Someone else’s', 'Bea');
        await redeem(bea, invite, 'Ada');
      },
    },
    {
      name: 'words compared, peers of each other',
      run: async () => {
        await agree(ada, bea);
        await press(ada.page, 'Continue');
        await press(ada.page, 'Continue');
      },
    },
    {
      name: 'work there, accepted, and its answer back',
      run: async () => {
        await press(ada.page, 'Ask for a greeting');
        await openInbox(bea);
        await press(bea.page, 'Accept');
        await seen(ada.page, /^There and back in/);
      },
    },
  ];
}

async function each(one: Seat, other: Seat, step: (seat: Seat) => Promise<unknown>): Promise<void> {
  await step(one);
  await step(other);
}

/** From the first click of the setup to an answer over a real tailnet, between two real gateways. */
export const setup: Bench = {
  name: 'setup',
  what: 'first click of the setup to an answer from the other machine, on a real tailnet of two',
  run: async (note) => {
    for (const part of SEAT_PARTS) {
      const missing = await requirePart(part);
      if (missing === undefined) continue;
      note(`  left out: ${part}: ${missing}`);
      return [];
    }
    const lan = await startLan(await tailnetTools(), {
      joined: false,
      names: ['adas-laptop', 'beas-box'],
    });
    const seats: Seat[] = [];
    try {
      for (const computer of [lan.a, lan.b]) seats.push(await takeSeat(computer));
      const [ada, bea] = seats as [Seat, Seat];
      const rows: Row[] = [];
      let total = 0;
      for (const { name, run } of way(lan, ada, bea)) {
        const from = performance.now();
        await run();
        const took = (performance.now() - from) / 1_000;
        total += took;
        note(`  ${name}: ${took.toFixed(1)} s`);
        rows.push(valueRow(`setup: ${name}, s`, [took], null));
      }
      return [...rows, valueRow('setup: first click to proven answer, s', [total], GOAL)];
    } finally {
      for (const seat of seats) await seat.stop();
      await lan.stop();
    }
  },
};
