package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.READLINE;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.STRING;

import java.util.ArrayList;
import java.util.List;

/** How lines are edited and remembered. */
public final class ReadlineOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<String> HISTORY =
      row("history-file", STRING, Phase.LATE, READLINE)
          .aka("history")
          .help("file that remembers lines from run to run")
          .in(ROWS);
  public static final Option<String> NOECHO =
      row("noecho", STRING, Phase.LATE, READLINE)
          .help("extended regular expression of prompts behind which nothing typed is shown")
          .in(ROWS);
  public static final Option<String> PROMPT =
      row("prompt", STRING, Phase.LATE, READLINE)
          .help("fixed prompt, in place of what the peer sent last")
          .in(ROWS);
  public static final Option<Boolean> NOPROMPT =
      row("noprompt", BOOL, Phase.LATE, READLINE).help("no prompt at all").in(ROWS);

  private ReadlineOptions() {}
}
