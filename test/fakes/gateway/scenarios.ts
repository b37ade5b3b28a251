/**
 * What a gateway link must do, told once and run twice: against the fake in `npm test`, and against
 * a real OpenClaw in `npm run test:real`. This is what keeps the fake honest.
 */
import type { Scenario } from './scenario-kit.ts';
import { talkScenarios } from './scenarios-talk.ts';
import { troubleScenarios } from './scenarios-trouble.ts';

export type { GatewayUnderTest, Hold, ModelReply, Scenario } from './scenario-kit.ts';

export const scenarios: readonly Scenario[] = [...talkScenarios, ...troubleScenarios];
