import type { AgentCard } from '@a2a-js/sdk';
import { DELEGATION_EXTENSION, RECEPTION_PATHS } from '../../contract/index.ts';

/** The card for callers at `origin`. It names no agent, no peer and no address but the one asked. */
export const agentCard = (origin: string, displayName: string, version: string): AgentCard => ({
  name: displayName,
  description:
    'Takes work for the agents of one person. A person decides about each task; until then it is submitted.',
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
    {
      id: 'delegation',
      name: 'Delegation',
      description: 'Give a piece of work to an agent here, with its person’s consent.',
      tags: ['delegation'],
      examples: [],
      inputModes: [],
      outputModes: [],
      securityRequirements: [],
    },
  ],
  signatures: [],
});
