package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.RANGE;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.STRING_OR_NULL;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which peers are served according to the access files of hosts_access(5). */
public final class AccessOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<@Nullable String> TCPWRAPPERS =
      row("tcpwrappers", STRING_OR_NULL, Phase.ACCEPT, RANGE)
          .aka("libwrap", "tcpwrap", "tcpwrapper", "wrap")
          .help("serves only whom the access files let in, under this daemon name")
          .from("hosts_access(5)")
          .in(ROWS);
  public static final Option<String> TCPWRAP_ETC =
      row("tcpwrap-etc", STRING, Phase.ACCEPT, RANGE)
          .aka("tcpwrap-dir")
          .help("directory of hosts.allow and hosts.deny")
          .from("hosts_access(5)")
          .in(ROWS);
  public static final Option<String> HOSTS_ALLOW =
      row("tcpwrap-hosts-allow-table", STRING, Phase.ACCEPT, RANGE)
          .aka("allow-table", "hosts-allow")
          .help("access file in place of hosts.allow")
          .from("hosts_access(5)")
          .in(ROWS);
  public static final Option<String> HOSTS_DENY =
      row("tcpwrap-hosts-deny-table", STRING, Phase.ACCEPT, RANGE)
          .aka("deny-table", "hosts-deny")
          .help("access file in place of hosts.deny")
          .from("hosts_access(5)")
          .in(ROWS);

  private AccessOptions() {}
}
