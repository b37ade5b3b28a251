import type { SkillView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Tag } from '../../components/tag.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { useLook } from '../setup/use-look.ts';
import { useWork } from '../setup/use-work.ts';

const words: Readonly<Record<SkillView['skill'], string>> = {
  none: 'Teaches the agents of this OpenClaw to ask your peers. You are asked first, unless a rule of yours lets it.',
  current:
    'Installed. New sessions of its agents can ask your peers; you are asked first, unless a rule of yours lets it.',
  older: 'Installed by an earlier Peerage: bring it up to date.',
  other: 'A skill named peerage is there already, and not from Peerage. It stays as it is.',
};

/** One click puts the skill into the own OpenClaw, and one takes it away. */
export function SkillSection() {
  const client = useClient();
  const work = useWork();
  const { value, again } = useLook(() => client.call('agents.skill', {}));
  if (!value?.openclaw) return null;
  const change = async (name: 'agents.installSkill' | 'agents.removeSkill') => {
    if (await work.run(name, () => client.call(name, {}))) again();
  };
  const ours = value.skill === 'current' || value.skill === 'older';
  return (
    <section className="gateway__part" aria-labelledby="skill-title">
      <div className="gateway__head">
        <h3 id="skill-title">Skill for your agents</h3>
        {value.skill === 'current' ? <Tag>Installed</Tag> : null}
        {value.skill === 'none' || value.skill === 'older' ? (
          <Button
            size="small"
            busy={work.busy === 'agents.installSkill'}
            onClick={() => void change('agents.installSkill')}
          >
            {value.skill === 'none' ? 'Install into my OpenClaw' : 'Bring it up to date'}
          </Button>
        ) : null}
        {ours ? (
          <Button
            size="small"
            look="quiet"
            busy={work.busy === 'agents.removeSkill'}
            onClick={() => void change('agents.removeSkill')}
          >
            Remove
          </Button>
        ) : null}
      </div>
      <p className="hint-text">{words[value.skill]}</p>
      {ours && value.command === null ? (
        <p className="hint-text">
          OpenClaw shows it once the peerage command is on its PATH
          {value.launcher ? `: it lies at ${value.launcher}.` : '.'}
        </p>
      ) : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </section>
  );
}
