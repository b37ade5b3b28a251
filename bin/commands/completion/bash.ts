/** The completion of bash. */
import { GLOBAL, VERBS } from '../../verbs.ts';
import { CHOICES, FILES, flagsOf, names, VALUED, WITH_PEER, WITH_WORDS } from './places.ts';

// Names of peers come from others: they are never evaluated, only compared and quoted (printf %q).
/** The script for bash, from 3.2 on, which macOS has. */
export const bash = (): string => `# peerage completion for bash
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
        ${VALUED.join('|')}) if [ -z "$rest" ]; then flag="$each"; fi ;;
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
$(_peerage_peers "$home" | grep -v ,)"
        case "$word" in *,*) before="\${word%,*},"; word="\${word##*,}" ;; esac ;;
      ${FILES.map((one) => `*:${one}`).join('|')}) compopt -o default 2>/dev/null; return ;;
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
