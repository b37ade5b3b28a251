/** What the practice agent says that it can do: one skill it has, and one that it lacks something for. */

const skill = (name: string, description: string, eligible: boolean) => ({
  name,
  description,
  source: 'practice',
  bundled: true,
  skillKey: name,
  always: false,
  disabled: false,
  eligible,
  modelVisible: eligible,
  userInvocable: true,
});

/** `skills.status`, in the shape observed on OpenClaw 2026.9.6, without paths. */
export const skillsStatus = () => ({
  payload: {
    agentId: 'practice',
    skills: [
      skill('conversation-practice', 'Answers from a script, to try Peerage with.', true),
      skill('real-work', 'Needs a model, and there is none behind the practice peer.', false),
    ],
  },
});
