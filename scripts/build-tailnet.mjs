/**
 * Builds headscale and Tailscale for `npm run test:tailnet` into the test cache, once.
 * `--fetch-go`: where this machine has no Go that is new enough, one is fetched for the build.
 * Ends with 0 when they are there, with 1 and the reason otherwise.
 */
import { ensureTailnetTools } from './parts/tailnet-tools.mjs';

const tools = await ensureTailnetTools({ fetchMissingGo: process.argv.includes('--fetch-go') });
if ('why' in tools) {
  console.error(`No real tailnet: ${tools.why}`);
  process.exitCode = 1;
} else {
  console.log(`The real tailnet's programs are there: ${tools.tailscaled}`);
}
