/** Shell completion, made of the table of verbs. Names of peers are asked of the app as one types. */
import { type Flag, GLOBAL, VERBS, type Verb } from '../verbs.ts';
import { type Command, done } from './command.ts';

const names = (flags: readonly Flag[]): string => flags.map(({ name }) => `--${name}`).join(' ');
const PEERS =
  'peerage peers --json 2>/dev/null | tr , "\\n" | sed -n \'s/.*"name": *"\\(.*\\)"/\\1/p\'';

const firstOf = (verb: Verb): string =>
  verb.first === 'peers' ? `$(${PEERS})` : Array.isArray(verb.first) ? verb.first.join(' ') : '';

const choices = (verb: Verb): readonly (readonly [string, string])[] =>
  verb.flags.flatMap(({ name, choices: of }): (readonly [string, string])[] => {
    if (of === 'peers') return [[name, `$(${PEERS})`]];
    return of ? [[name, of.join(' ')]] : [];
  });

const bash = (): string => `# peerage completion for bash
_peerage() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="" each
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do case "$each" in -*) ;; *) verb="$each"; break ;; esac; done
  local IFS=$' \\n' offer=""
  case "$verb:$before" in
${VERBS.flatMap((verb) => choices(verb).map(([flag, words]) => `    ${verb.name}:--${flag}) offer="${words}" ;;`)).join('\n')}
    *) case "$verb" in
      "") offer="${VERBS.map((verb) => verb.name).join(' ')} ${names(GLOBAL)}" ;;
${VERBS.map((verb) => `      ${verb.name}) case "$word" in -*) offer="${names([...verb.flags, ...GLOBAL])}" ;; *) offer="${firstOf(verb)}" ;; esac ;;`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$offer" -- "$word"))
}
complete -F _peerage peerage`;

const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');

const zsh = (): string => `#compdef peerage
# peerage completion for zsh
_peerage() {
  local -a verbs
  verbs=(
${VERBS.map((verb) => `    '${verb.name}:${quoted(verb.summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command verbs; return; fi
  case "$words[2]" in
${VERBS.map((verb) => `    ${verb.name}) if [[ "$words[CURRENT]" == -* ]]; then compadd -- ${names([...verb.flags, ...GLOBAL])}; else compadd -- \${(f)"$(printf '%s\\n' ${firstOf(verb)})"}; fi ;;`).join('\n')}
  esac
}
compdef _peerage peerage`;

const fish = (): string => {
  const flag = (of: Flag, verb: Verb | null): string => {
    const when = verb ? ` -n '__fish_seen_subcommand_from ${verb.name}'` : '';
    const values = of.value
      ? ` -r${Array.isArray(of.choices) ? ` -a '${of.choices.join(' ')}'` : ''}`
      : '';
    return `complete -c peerage${when} -l ${of.name}${values} -d '${of.help.replaceAll("'", "\\'")}'`;
  };
  return [
    '# peerage completion for fish',
    'complete -c peerage -f',
    ...GLOBAL.map((one) => flag(one, null)),
    ...VERBS.flatMap((verb) => [
      `complete -c peerage -n __fish_use_subcommand -a ${verb.name} -d '${verb.summary.replaceAll("'", "\\'")}'`,
      ...verb.flags.map((one) => flag(one, verb)),
      ...(verb.first === undefined
        ? []
        : [
            `complete -c peerage -n '__fish_seen_subcommand_from ${verb.name}' -a '${verb.first === 'peers' ? '(peerage peers --json 2>/dev/null | string match -rg \'"name": *"(.*)"\')'.replaceAll("'", "\\'") : verb.first.join(' ')}'`,
          ]),
    ]),
  ].join('\n');
};

/** `completion` */
export const completion: Command = async ({ asked }) => {
  const [shell] = asked.positionals;
  const script = shell === 'zsh' ? zsh() : shell === 'fish' ? fish() : bash();
  return done({ shell: shell ?? 'bash', script }, [script]);
};
