package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.UNIX;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.STRING_OR_NULL;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of UNIX domain sockets. */
public final class UnixOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> UNIX_TIGHTSOCKLEN =
      row("unix-tightsocklen", BOOL, Phase.PREBIND, UNIX)
          .aka("tightsocklen")
          .help("the address ends with its name, and not with the structure")
          .from("unix(7)")
          .in(ROWS);

  public static final Option<@Nullable String> UNIX_BIND_TEMPNAME =
      row("unix-bind-tempname", STRING_OR_NULL, Phase.PREOPEN, UNIX)
          .aka("bind-tempname")
          .help("binds to a new name, in which XXXXXX is replaced by letters and digits")
          .from("unix(7)")
          .in(ROWS);

  private UnixOptions() {}
}
