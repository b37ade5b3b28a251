/** The completion of zsh. */
import { type Flag, GLOBAL, VERBS } from '../../verbs.ts';
import { CHOICES, FILES, VALUED, WITH_PEER, WITH_WORDS } from './places.ts';

/** As `_describe` wants it: name and words with a colon between them. */
const described = (name: string, words: string): string =>
  `'${`${name.replaceAll(':', '\\:')}:${words}`.replaceAll("'", "'\\''")}'`;
const flagRows = (flags: readonly Flag[]): string =>
  flags.map(({ name, help }) => described(`--${name}`, help)).join(' ');

/**
 * The script for zsh, to be sourced or to lie in the fpath: there its first call is the one that loads it,
 * which must complete too. Names of peers come from others: they are only compared, and zsh quotes what it
 * inserts.
 */
export const zsh = (): string => `#compdef peerage
# peerage completion for zsh
_peerage_peers() {
  local home="\${(Q)1}"
  local -a found
  home="\${home/#\\~\\//$HOME/}"
  found=(\${(f)"$(peerage \${home:+--home} \${home:+"$home"} completion names 2>/dev/null)"})
  [[ -n "$2" ]] && found=(\${found:#*,*})
  compadd -a found
}
_peerage() {
  local -a offer
  local verb="" home="" flag="" rest="" each
  integer given=0 index
  for ((index = 2; index < CURRENT; index++)); do
    each="\${words[index]}"
    if [[ -n "$flag" ]]; then
      [[ "$flag" == --home ]] && home="$each"
      flag=""
    elif [[ -n "$rest" ]]; then
      if [[ -z "$verb" ]]; then verb="$each"; else ((given += 1)); fi
    else
      case "$each" in
        --) rest=1 ;;
        --home=*) home="\${each#*=}" ;;
        ${VALUED.join('|')}) flag="$each" ;;
        -*) ;;
        *) if [[ -z "$verb" ]]; then verb="$each"; else ((given += 1)); fi ;;
      esac
    fi
  done
  if [[ -z "$flag$rest" && "\${words[CURRENT]}" == --*=* ]]; then
    flag="\${words[CURRENT]%%=*}"
    compset -P 1 '*='
  fi
  if [[ -n "$flag" ]]; then
    case "$verb:$flag" in
${CHOICES.map(([place, words]) => `      ${place}) compadd -- ${words.join(' ')} ;;`).join('\n')}
      broadcast:--to) compset -P '*,'; compadd -- all; _peerage_peers "$home" list ;;
      ${FILES.map((one) => `*:${one}`).join('|')}) _files ;;
    esac
  elif [[ -z "$rest" && "\${words[CURRENT]}" == -* ]]; then
    case "$verb" in
      '') offer=(${flagRows(GLOBAL)}) ;;
${VERBS.map((verb) => `      ${verb.name}) offer=(${flagRows([...verb.flags, ...GLOBAL])}) ;;`).join('\n')}
    esac
    _describe option offer
  elif [[ -z "$verb" ]]; then
    offer=(
${VERBS.map((verb) => `      ${described(verb.name, verb.summary)}`).join('\n')}
    )
    _describe command offer
  elif ((given == 0)); then
    case "$verb" in
      ${WITH_PEER.join('|')}) _peerage_peers "$home" ;;
${WITH_WORDS.map(([name, words]) => `      ${name}) compadd -- ${words.join(' ')} ;;`).join('\n')}
    esac
  fi
}
if [[ "\${funcstack[1]}" == _peerage ]]; then _peerage "$@"; else compdef _peerage peerage; fi`;
