/**
 * The pictures of the setup, of an invite and of the inbox, taken from a real run: two computers on a
 * tailnet of the test's own, two OpenClaw gateways, two apps. Only what the agents answer is scripted.
 * Needs what `npm run test:tailnet` needs.
 */
import { join } from 'node:path';
import { startLan } from '../../test/tailnet/parts/lan.ts';
import { type Seat, takeSeat } from '../../test/tailnet/parts/seat.ts';
import { tailnetTools } from '../../test/tailnet/parts/tailnet.ts';
import {
  agree,
  bindToTailnet,
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
} from '../../test/tailnet/parts/walk.ts';
import { delegate, incoming } from '../../test/tailnet/parts/work.ts';

const WORK =
  'Please read the last twenty commits of the parser and write release notes of at most ten lines. Leave out refactorings.';

/** Takes them. `folder`: where the pictures go. */
export async function setupPictures(folder: string): Promise<void> {
  const lan = await startLan(await tailnetTools(), {
    joined: false,
    names: ['adas-laptop', 'annas-box'],
    people: ['ada', 'anna'],
  });
  const seats: Seat[] = [];
  try {
    for (const computer of [lan.a, lan.b]) seats.push(await takeSeat(computer));
    const [ada, anna] = seats as [Seat, Seat];
    anna.model.fallback = { text: 'Hello from Anna’s box. I am here, and I read you.' };
    const shot =
      ({ page }: Seat) =>
      async (name: string): Promise<void> => {
        await page.mouse.move(640, 2);
        await page.waitForTimeout(450);
        await page.screenshot({ path: join(folder, `${name}.png`) });
      };
    await findTailscale(anna);
    await joinByKey(anna, lan.control);
    await takeGateway(anna);
    await bindToTailnet(anna, shot(anna));
    await listenOnTailnet(anna);

    await findTailscale(ada, shot(ada));
    await joinByLink(ada, lan.control, shot(ada));
    await takeGateway(ada, shot(ada));
    await listenOnTailnet(ada);
    const invite = await makeInvite(ada, 'annas-box', 'Someone else’s', 'Anna', shot(ada));
    await redeem(anna, invite, 'Ada');
    await agree(ada, anna, shot(ada));
    await press(ada.page, 'Continue');
    await seen(ada.page, 'Has each side let the other in?');
    await shot(ada)('setup-6-approval');
    await press(ada.page, 'Continue');
    await press(ada.page, 'Ask for a greeting');
    await openInbox(anna);
    await press(anna.page, 'Accept');
    await seen(ada.page, /^There and back in/);
    await shot(ada)('setup-7-proof');

    await delegate(anna, { to: 'Ada', topic: 'Release notes', task: WORK });
    await incoming(ada, 'Anna', 'Release notes');
    await shot(ada)('inbox');
  } finally {
    for (const seat of seats) await seat.stop();
    await lan.stop();
  }
}
