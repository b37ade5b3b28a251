import type { AgentCard } from '@a2a-js/sdk';
import { DELEGATION_EXTENSION, RECEPTION_PATHS } from '../../contract/index.ts';

/**
 * The card for callers at `origin`. It names no agent, no peer and no address but the one asked.
 * `capabilities`: what the person chose to tell of the agents here, each a skill of its own.
 */
export const agentCard = (
  origin: string,
  displayName: string,
  version: string,
  capabilities: readonly string[] = [],
): AgentCard => ({
  name: displayName,
  description:
    'Takes work for the agents of one person. A person decides about each piece of it, and may take a while.',
  supportedInterfaces: [
    {
      url: `${origin}${RECEPTION_PATHS.jsonRpc}`,
      protocolBinding: 'JSONRPC',
      tenant: '',
      protocolVersion: '1.0',
    },
  ],
  provider: undefined,
  version,
  capabilities: {
    streaming: true,
    pushNotifications: false,
    extendedAgentCard: false,
    extensions: [
      {
        uri: DELEGATION_EXTENSION,
        description: 'Topic, priority, deadline, expected result and hop count of a piece of work.',
        required: false,
        params: undefined,
      },
    ],
  },
  securitySchemes: {
    bearer: {
      scheme: {
        $case: 'httpAuthSecurityScheme',
        value: {
          description: 'A token of your own, given to you by an invite.',
          scheme: 'Bearer',
          bearerFormat: '',
        },
      },
    },
  },
  securityRequirements: [{ schemes: { bearer: { list: [] } } }],
  defaultInputModes: ['text/plain', 'application/json', 'image/png', 'image/jpeg'],
  defaultOutputModes: ['text/plain'],
  skills: [
    skill(
      'delegation',
      'Delegation',
      'Give a piece of work to an agent here, with its person’s consent.',
    ),
    ...capabilities.map((name, at) =>
      skill(`capability-${at + 1}`, name, 'What an agent here is good at, as its person says.'),
    ),
  ],
  signatures: [],
});

const skill = (id: string, name: string, description: string): AgentCard['skills'][number] => ({
  id,
  name,
  description,
  tags: [name],
  examples: [],
  inputModes: [],
  outputModes: [],
  securityRequirements: [],
});
