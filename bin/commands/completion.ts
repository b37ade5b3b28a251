/** Shell completion, made of the table of verbs. Names of peers are asked of the app as one types. */
import { plainLine } from '../terminal.ts';
import { type Flag, GLOBAL, VERBS, type Verb } from '../verbs.ts';
import { type Command, done } from './command.ts';

const ALL_FLAGS: readonly Flag[] = [...GLOBAL, ...VERBS.flatMap((verb) => verb.flags)];
const names = (flags: readonly Flag[]): string[] => flags.map(({ name }) => `--${name}`);
const flagsOf = (verb: Verb): string[] => names([...verb.flags, ...GLOBAL]);
/** Options that a value follows, in all commands. */
const valued = (what: (flag: Flag) => boolean = () => true): string[] => [
  ...new Set(names(ALL_FLAGS.filter((flag) => flag.value !== undefined && what(flag)))),
];

/** Commands whose first argument is a peer; and those where it is one of a few words. */
const WITH_PEER = VERBS.filter((verb) => verb.first === 'peers').map((verb) => verb.name);
const WITH_WORDS = VERBS.flatMap((verb) =>
  Array.isArray(verb.first) ? [[verb.name, verb.first] as const] : [],
);
/** `verb:--flag` and the words that may follow it. */
const CHOICES = VERBS.flatMap((verb) =>
  verb.flags.flatMap(({ name, choices }) =>
    Array.isArray(choices) ? [[`${verb.name}:--${name}`, choices] as const] : [],
  ),
);

// Names of peers come from others: they are never evaluated, only compared and quoted (bash: printf %q;
// zsh and fish quote what they insert). For bash from 3.2 on, which macOS has.
const bash = (): string => `# peerage completion for bash
_peerage_peers() {
  if [ -n "$1" ]; then peerage --home "\${1/#\\~/$HOME}" completion names 2>/dev/null
  else peerage completion names 2>/dev/null; fi
}
_peerage() {
  local word="\${COMP_WORDS[COMP_CWORD]}" verb="" home="" flag="" rest="" given=0 offer="" each index quote="" before=""
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    each="\${COMP_WORDS[index]}"
    if [ -n "$flag" ]; then
      if [ "$each" = "=" ]; then continue; fi
      if [ "$flag" = --home ]; then home="\${each//[\\\\\\"\\']/}"; fi
      flag=""
    else
      case "$each" in
        --) rest=1 ;;
        ${valued().join('|')}) if [ -z "$rest" ]; then flag="$each"; fi ;;
        -*|=) ;;
        *) if [ -z "$verb" ]; then verb="$each"; else given=$((given + 1)); fi ;;
      esac
    fi
  done
  if [ "$word" = "=" ]; then word=""; fi
  case "$word" in \\'*|\\"*) quote="\${word:0:1}"; word="\${word:1}" ;; *) word="\${word//\\\\/}" ;; esac
  if [ -n "$flag" ]; then
    case "$verb:$flag" in
${CHOICES.map(([place, words]) => `      ${place}) offer=$'${words.join('\\n')}' ;;`).join('\n')}
      broadcast:--to)
        offer="all
$(_peerage_peers "$home")"
        case "$word" in *,*) before="\${word%,*},"; word="\${word##*,}" ;; esac ;;
      ${valued((one) => one.choices === 'files')
        .map((one) => `*:${one}`)
        .join('|')}) compopt -o default 2>/dev/null; return ;;
    esac
  elif [ -z "$verb" ]; then
    case "$word" in
      -*) offer=$'${names(GLOBAL).join('\\n')}' ;;
      *) offer=$'${VERBS.map((verb) => verb.name).join('\\n')}' ;;
    esac
  else
    case "$word" in
      -*) case "$verb" in
${VERBS.map((verb) => `        ${verb.name}) offer=$'${flagsOf(verb).join('\\n')}' ;;`).join('\n')}
      esac ;;
      *) if [ "$given" = 0 ]; then case "$verb" in
        ${WITH_PEER.join('|')}) offer="$(_peerage_peers "$home")" ;;
${WITH_WORDS.map(([name, words]) => `        ${name}) offer=$'${words.join('\\n')}' ;;`).join('\n')}
      esac; fi ;;
    esac
  fi
  while IFS= read -r each; do
    if [ -z "$each" ] || [ "\${each:0:\${#word}}" != "$word" ]; then continue; fi
    each="$before$each"
    case "$quote" in
      \\') case "$each" in *\\'*) ;; *) COMPREPLY+=("$each") ;; esac ;;
      \\") case "$each" in *[\\"\\\`\\$\\\\!]*) ;; *) COMPREPLY+=("$each") ;; esac ;;
      *) each="$(printf %q "$each")"; COMPREPLY+=("\${each//\\\\,/,}") ;;
    esac
  done <<< "$offer"
}
complete -F _peerage peerage`;

const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');

const zsh = (): string => `#compdef peerage
# peerage completion for zsh
_peerage_peers() {
  local -a found
  found=(\${(f)"$(peerage \${1:+--home} \${1:+"\${(Q)1}"} completion names 2>/dev/null)"})
  compadd "\${@:2}" -a found
}
_peerage() {
  local -a verbs
  local verb="" home="" flag="" rest="" each
  integer given=0 index
  for ((index = 2; index < CURRENT; index++)); do
    each="\${words[index]}"
    if [[ -n "$flag" ]]; then
      [[ "$flag" == --home ]] && home="$each"
      flag=""
    else
      case "$each" in
        --) rest=1 ;;
        ${valued().join('|')}) [[ -z "$rest" ]] && flag="$each" ;;
        -*) ;;
        *) if [[ -z "$verb" ]]; then verb="$each"; else ((given += 1)); fi ;;
      esac
    fi
  done
  if [[ -n "$flag" ]]; then
    case "$verb:$flag" in
${CHOICES.map(([place, words]) => `      ${place}) compadd -- ${words.join(' ')} ;;`).join('\n')}
      broadcast:--to) compset -P '*,'; compadd -- all; _peerage_peers "$home" ;;
      ${valued((one) => one.choices === 'files')
        .map((one) => `*:${one}`)
        .join('|')}) _files ;;
    esac
    return
  fi
  if [[ -z "$verb" ]]; then
    verbs=(
${VERBS.map((verb) => `      '${verb.name}:${quoted(verb.summary)}'`).join('\n')}
    )
    if [[ "\${words[CURRENT]}" == -* ]]; then compadd -- ${names(GLOBAL).join(' ')}; else _describe command verbs; fi
    return
  fi
  if [[ "\${words[CURRENT]}" == -* ]]; then
    case "$verb" in
${VERBS.map((verb) => `      ${verb.name}) compadd -- ${flagsOf(verb).join(' ')} ;;`).join('\n')}
    esac
  elif ((given == 0)); then
    case "$verb" in
      ${WITH_PEER.join('|')}) _peerage_peers "$home" ;;
${WITH_WORDS.map(([name, words]) => `      ${name}) compadd -- ${words.join(' ')} ;;`).join('\n')}
    esac
  fi
}
compdef _peerage peerage`;

const fish = (): string => {
  const said = (text: string): string => `-d '${text.replaceAll("'", "\\'")}'`;
  const peers = "-a '(peerage completion names 2>/dev/null)'";
  const flag = (of: Flag, verb: Verb | null): string => {
    const when = verb ? ` -n '__fish_seen_subcommand_from ${verb.name}'` : '';
    const { value, choices } = of;
    const offer =
      choices === 'peers'
        ? ` ${peers}`
        : Array.isArray(choices)
          ? ` -a '${choices.join(' ')}'`
          : '';
    const values = value === undefined ? '' : choices === 'files' ? ' -r -F' : ` -x${offer}`;
    return `complete -c peerage${when} -l ${of.name}${values} ${said(of.help)}`;
  };
  return [
    '# peerage completion for fish',
    'complete -c peerage -f',
    ...GLOBAL.map((one) => flag(one, null)),
    ...VERBS.flatMap((verb) => {
      const here = `complete -c peerage -n '__fish_seen_subcommand_from ${verb.name}'`;
      return [
        `complete -c peerage -n __fish_use_subcommand -a ${verb.name} ${said(verb.summary)}`,
        ...verb.flags.map((one) => flag(one, verb)),
        ...(verb.first === 'peers' ? [`${here} ${peers}`] : []),
        ...(Array.isArray(verb.first) ? [`${here} -a '${verb.first.join(' ')}'`] : []),
      ];
    }),
  ].join('\n');
};

/** `completion` */
export const completion: Command = async (shell) => {
  const [what] = shell.asked.positionals;
  if (what === 'names') {
    const { peers } = await (await shell.door()).call('peer.list', {});
    const found = peers.map((peer) => plainLine(peer.nickname ?? peer.name));
    return done({ names: found }, found);
  }
  const script = what === 'zsh' ? zsh() : what === 'fish' ? fish() : bash();
  return done({ shell: what ?? 'bash', script }, [script]);
};
