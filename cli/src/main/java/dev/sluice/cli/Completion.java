package dev.sluice.cli;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scripts that have a shell complete the command line: options, then keywords, then the options
 * that the keyword's groups allow. What to offer is worked out in the language that bash and zsh
 * share.
 */
final class Completion {
  private static final List<OptionType<?>> SWITCHES =
      List.of(OptionType.CONST, OptionType.BOOL, OptionType.INT_OR_NULL);

  private static final String NOTE =
      "# Completion of sluice's command line. Written by ReferencePagesTest from the catalog; do not edit.\n\n";

  private static final String CANDIDATES =
      """

      # Prints what the word $1 may become, one a line.
      _sluice_candidates() {
        [ -z "${ZSH_VERSION-}" ] || emulate -L sh
        local word=$1 part before stem name found='' group last upper
        case $word in
          - | -,* | -:* | -!!*) ;;
          -*)
            for name in $_sluice_flags; do
              case $name in "$word"*) printf '%s\\n' "$name" ;; esac
            done
            return
            ;;
        esac
        part=${word##*!!}
        before=${word%"$part"}
        case $part in
          *,*)
            last=${part##*,}
            stem=$before${part%"$last"}
            name=${part%%[,:]*}
            case $name in
              -) name=STDIO ;;
              [0-9]) name=FD ;;
              */*) name=GOPEN ;;
            esac
            for group in $(_sluice_groups "$(printf %s "$name" | tr a-z A-Z)"); do
              found="$found $(_sluice_options "$group")"
            done
            ;;
          *:*)
            last=${part#*:}
            stem=$before${part%"$last"}
            for name in "$last"*; do
              if [ -d "$name" ]; then
                printf '%s\\n' "$stem$name/"
              elif [ -e "$name" ]; then
                printf '%s\\n' "$stem$name"
              fi
            done
            return
            ;;
          *)
            last=$part
            stem=$before
            found=$_sluice_keywords
            upper=$(printf %s "$last" | tr a-z A-Z)
            [ "$last" = "$upper" ] || found=$(printf %s "$found" | tr A-Z a-z)
            ;;
        esac
        for name in $found; do
          case $name in "$last"*) printf '%s\\n' "$stem$name" ;; esac
        done | sort -u
      }
      """;

  /** Names of relays and pools are those of the fleet that answers, if one does. */
  private static final String FLEET =
      """

      # Prints what word $3 may become, which is number $1 of a line for the fleet's verb $2; $4 is the program.
      _sluice_fleet() {
        [ -z "${ZSH_VERSION-}" ] || emulate -L sh
        local word=$3 name found=''
        if [ "$1" = 2 ]; then
          found='VERBS'
        else
          case $2 in
            FILES)
              for name in "$word"*; do
                if [ -d "$name" ]; then
                  printf '%s\\n' "$name/"
                elif [ -e "$name" ]; then
                  printf '%s\\n' "$name"
                fi
              done
              return
              ;;
            RELAYS) found=$("$4" fleet status --names 2>/dev/null) ;;
            POOLS) found=$("$4" fleet pools --names 2>/dev/null) ;;
          esac
        fi
        for name in $found; do
          case $name in "$word"*) printf '%s\\n' "$name" ;; esac
        done
      }
      """
          .replace("VERBS", FleetVerbs.names("", " "))
          .replace("FILES", FleetVerbs.names("files", " | "))
          .replace("RELAYS", FleetVerbs.names("relays", " | "))
          .replace("POOLS", FleetVerbs.names("pools", " | "));

  private static final String BASH =
      """

      _sluice() {
        local word=${COMP_LINE:0:COMP_POINT} kept
        word=${word##*[[:space:]]}
        if [[ ${COMP_WORDS[1]-} == fleet && $COMP_CWORD -ge 2 && ${COMP_WORDS[0]##*/} != socat ]]; then
          mapfile -t COMPREPLY < <(_sluice_fleet "$COMP_CWORD" "${COMP_WORDS[2]-}" "$word" "${COMP_WORDS[0]}")
          return
        fi
        kept=${word%"${word##*[:=]}"} # readline completes from the last of these
        mapfile -t COMPREPLY < <(_sluice_candidates "$word")
        COMPREPLY=("${COMPREPLY[@]#"$kept"}")
        [[ $word == -[!,:!]* ]] || compopt -o nospace
      }
      complete -F _sluice sluice socat
      """;

  private static final String ZSH =
      """

      _sluice() {
        local -a found
        if [[ ${words[2]-} == fleet && $CURRENT -ge 3 && ${words[1]##*/} != socat ]]; then
          found=(${(f)"$(_sluice_fleet $((CURRENT - 1)) "${words[3]-}" "$PREFIX" "${words[1]}")"})
          compadd -U -- $found
          return
        fi
        found=(${(f)"$(_sluice_candidates "$PREFIX")"})
        case $PREFIX in
          -[^,:!]*) compadd -U -- $found ;;
          *) compadd -U -S '' -- $found ;;
        esac
      }
      _sluice "$@"
      """;

  private Completion() {}

  static String bash(Catalog catalog) {
    return NOTE + data(catalog) + CANDIDATES + FLEET + BASH;
  }

  static String zsh(Catalog catalog) {
    return "#compdef sluice socat\n" + NOTE + data(catalog) + CANDIDATES + FLEET + ZSH;
  }

  private static String data(Catalog catalog) {
    StringBuilder text = new StringBuilder();
    List<AddressDescriptor> addresses =
        catalog.types().stream().map(AddressType::descriptor).toList();
    text.append("_sluice_flags='")
        .append(
            HelpText.COMMAND_LINE_OPTIONS.stream()
                .flatMap(Completion::flags)
                .collect(Collectors.joining(" ")))
        .append("'\n_sluice_keywords='")
        .append(
            addresses.stream()
                .flatMap(
                    address ->
                        address.names().stream()
                            .map(name -> name + (needsMore(address) ? ":" : "")))
                .collect(Collectors.joining(" ")))
        .append("'\n\n_sluice_groups() {\n  case $1 in\n");
    for (AddressDescriptor address : addresses) {
      line(
          text,
          String.join(" | ", address.names()),
          address.groups().stream().map(OptionGroup::name));
    }
    text.append("    *) return ;;\n  esac\n  echo");
    OptionGroup.builtIn().stream()
        .filter(OptionGroup::isUniversal)
        .forEach(group -> text.append(' ').append(group));
    text.append("\n}\n\n_sluice_options() {\n  case $1 in\n");
    for (OptionGroup group : catalog.groups()) {
      line(
          text,
          group.name(),
          catalog.options().stream()
              .filter(row -> row.groups().contains(group))
              .flatMap(Completion::names));
    }
    return text.append("  esac\n}\n").toString();
  }

  private static boolean needsMore(AddressDescriptor address) {
    return address.parameters().stream().anyMatch(parameter -> !parameter.optional());
  }

  private static void line(StringBuilder text, String pattern, Stream<String> words) {
    String all = words.collect(Collectors.joining(" "));
    if (!all.isEmpty()) {
      text.append("    ").append(pattern).append(") echo ").append(all).append(" ;;\n");
    }
  }

  /** Every name of an option, with {@code =} where a value has to follow. */
  private static Stream<String> names(Option<?> option) {
    boolean isSwitch = SWITCHES.contains(option.type());
    return Stream.concat(Stream.of(option.name()), option.aliases().stream())
        .map(name -> isSwitch ? name : name + "=");
  }

  /**
   * The spellings in a line of the help text: {@code -h|-?} is two, {@code -lf<logfile>} is -lf.
   */
  private static Stream<String> flags(String line) {
    return Stream.of(line.replaceFirst("\\s.*", "").replaceAll("[<\\[].*", "").split("\\|", -1))
        .filter(word -> word.startsWith("-") && !word.equals("-?"));
  }
}
