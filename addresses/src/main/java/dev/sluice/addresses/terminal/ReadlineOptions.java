package dev.sluice.addresses.terminal;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.READLINE;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.STRING;

import dev.sluice.option.Option;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** How lines are edited and remembered. */
public final class ReadlineOptions {
  /** All of them. */
  public static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<String> HISTORY =
      row("history-file", STRING, Phase.LATE, READLINE)
          .aka("history")
          .help("file that remembers lines from run to run")
          .in(ROWS);

  /** An extended regular expression, see regex(7). */
  private static final OptionType<Pattern> REGEX =
      new OptionType<>("STRING", (option, spec) -> pattern(OptionType.required(spec)));

  public static final Option<Pattern> NOECHO =
      row("noecho", REGEX, Phase.LATE, READLINE)
          .help("extended regular expression of prompts behind which nothing typed is shown")
          .in(ROWS);
  public static final Option<String> PROMPT =
      row("prompt", STRING, Phase.LATE, READLINE)
          .help("fixed prompt, in place of what the peer sent last")
          .in(ROWS);
  public static final Option<Boolean> NOPROMPT =
      row("noprompt", BOOL, Phase.LATE, READLINE).help("no prompt at all").in(ROWS);

  private ReadlineOptions() {}

  private static Pattern pattern(String regex) {
    Matcher named =
        Pattern.compile(
                "\\[:(alpha|digit|alnum|upper|lower|punct|graph|print|blank|cntrl|space|xdigit):\\]")
            .matcher(regex);
    String inJava =
        named.replaceAll(
            found ->
                "\\\\p{"
                    + (found.group(1).equals("xdigit") ? "XDigit" : capital(found.group(1)))
                    + "}");
    try {
      return Pattern.compile(inJava);
    } catch (PatternSyntaxException e) {
      throw new OptionType.BadValue(
          "option \"noecho\": \""
              + regex
              + "\" is not a regular expression: "
              + e.getDescription());
    }
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
