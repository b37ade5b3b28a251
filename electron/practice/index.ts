/** The practice peer's room: what the app uses of it. */
export {
  type PracticeBehaviour,
  type PracticeGateway,
  type PracticeOptions,
  startPracticeGateway,
} from './practice-gateway.ts';
export type { Agent, AgentReply, AgentTurn } from './script.ts';
export { PracticeState } from './state.ts';
