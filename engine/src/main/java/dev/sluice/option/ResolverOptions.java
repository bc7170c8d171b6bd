package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.IP4;
import static dev.sluice.option.OptionGroup.IP6;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.INT;

import java.util.ArrayList;
import java.util.List;

/** How names are looked up while an address opens. */
public final class ResolverOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  /** An IPv4 address and, after a colon, a port; the text as typed. */
  private static final OptionType<String> IP4SOCK =
      new OptionType<>("IP4SOCK", (option, spec) -> OptionType.required(spec));

  private static Option<Boolean> flag(String name, int mask) {
    return row(name, BOOL, Phase.OFFSET, IP4, IP6)
        .does(new Effect.ResolverFlag(mask))
        .from("resolver(3)");
  }

  public static final Option<Boolean> RES_DEBUG =
      flag("res-debug", 0x2).help("the resolver tells what it does, if it was built to").in(ROWS);
  public static final Option<Boolean> RES_USEVC =
      flag("res-usevc", 0x8).aka("usevc").help("asks name servers over TCP").in(ROWS);
  public static final Option<Boolean> RES_IGNTC =
      flag("res-igntc", 0x20).aka("igntc").help("takes truncated answers as they are").in(ROWS);
  public static final Option<Boolean> RES_RECURSE =
      flag("res-recurse", 0x40).aka("recurse").help("lets the name server ask others").in(ROWS);
  public static final Option<Boolean> RES_DEFNAMES =
      flag("res-defnames", 0x80)
          .aka("defnames")
          .help("adds the default domain to single names")
          .in(ROWS);
  public static final Option<Boolean> RES_STAYOPEN =
      flag("res-stayopen", 0x100)
          .aka("stayopen")
          .help("keeps the connection to the name server")
          .in(ROWS);
  public static final Option<Boolean> RES_DNSRCH =
      flag("res-dnsrch", 0x200).aka("dnsrch").help("searches names in the domains above").in(ROWS);
  public static final Option<Integer> RES_RETRANS =
      row("res-retrans", INT, Phase.OFFSET, IP4, IP6)
          .aka("res-maxretrans", "retrans")
          .help("seconds until a name server is asked again")
          .from("resolver(3)")
          .in(ROWS);
  public static final Option<Integer> RES_RETRY =
      row("res-retry", INT, Phase.OFFSET, IP4, IP6)
          .aka("res-maxretry")
          .help("how often a name server is asked")
          .from("resolver(3)")
          .in(ROWS);
  public static final Option<String> RES_NSADDR =
      row("res-nsaddr", IP4SOCK, Phase.OFFSET, IP4, IP6)
          .aka("dns", "nameserver", "nsaddr")
          .help("name server to ask, address:port")
          .from("resolver(3)")
          .in(ROWS);

  private ResolverOptions() {}
}
