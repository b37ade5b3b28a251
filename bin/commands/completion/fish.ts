/** The completion of fish. */
import { type Flag, GLOBAL, VERBS } from '../../verbs.ts';
import { CHOICES, FILES, VALUED, WITH_PEER, WITH_WORDS } from './places.ts';

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
/** Words to offer, each with what it means after a tab. */
const rows = (pairs: readonly (readonly [string, string])[]): string =>
  `printf '%s\\t%s\\n' ${pairs.map(([word, means]) => `${word} ${quoted(means)}`).join(' ')}`;
const flagRows = (flags: readonly Flag[]): string =>
  rows(flags.map(({ name, help }) => [`--${name}`, help]));

/**
 * The script for fish, from 3.0 on. Names of peers come from others: what a command prints is offered as
 * it is, and fish quotes what it inserts.
 */
export const fish = (): string => `# peerage completion for fish
function __peerage_peers
    if test -n "$argv[1]"
        peerage --home (string replace -r '^~' "$HOME" -- $argv[1]) completion names 2>/dev/null
    else
        peerage completion names 2>/dev/null
    end
end
function __peerage_offer
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l verb ''
    set -l home ''
    set -l flag ''
    set -l rest ''
    set -l before ''
    set -l given 0
    for each in $words[2..-1]
        if test -n "$flag"
            if test "$flag" = --home
                set home $each
            end
            set flag ''
        else if test -z "$rest"; and test "$each" = --
            set rest 1
        else if test -z "$rest"; and string match -q -- '--home=*' $each
            set home (string replace -- '--home=' '' $each)
        else if test -z "$rest"; and contains -- $each ${VALUED.join(' ')}
            set flag $each
        else if test -z "$rest"; and string match -q -- '-*' $each
            continue
        else if test -z "$verb"
            set verb $each
        else
            set given (math $given + 1)
        end
    end
    if test -z "$flag$rest"; and string match -q -- '--*=*' "$word"
        set flag (string replace -r '=.*' '' -- $word)
        set before "$flag="
        set word (string replace -r '^[^=]*=' '' -- $word)
    end
    if test -n "$flag"
        switch "$verb:$flag"
${CHOICES.map(([place, words]) => `            case ${place}\n                printf '%s\\n' $before${`{${words.join(',')}}`}`).join('\n')}
            case broadcast:--to
                set -l typed (string unescape -- "$word"; or printf '%s' "$word")
                if string match -q -- '*,*' "$typed"
                    set before $before(string replace -r '[^,]*$' '' -- $typed)
                end
                for each in all (__peerage_peers $home | string match -v -- '*,*')
                    printf '%s\\n' $before$each
                end
            case ${FILES.map((one) => `'*:${one}'`).join(' ')}
                for each in (__fish_complete_path "$word")
                    printf '%s\\n' $before$each
                end
        end
    else if test -z "$rest"; and string match -q -- '-*' "$word"
        switch "$verb"
            case ''
                ${flagRows(GLOBAL)}
${VERBS.map((verb) => `            case ${verb.name}\n                ${flagRows([...verb.flags, ...GLOBAL])}`).join('\n')}
        end
    else if test -z "$verb"
        ${rows(VERBS.map((verb) => [verb.name, verb.summary]))}
    else if test "$given" = 0
        switch "$verb"
            case ${WITH_PEER.join(' ')}
                __peerage_peers $home
${WITH_WORDS.map(([name, words]) => `            case ${name}\n                printf '%s\\n' ${words.join(' ')}`).join('\n')}
        end
    end
end
complete -c peerage -e
complete -c peerage -f -a '(__peerage_offer)'`;
