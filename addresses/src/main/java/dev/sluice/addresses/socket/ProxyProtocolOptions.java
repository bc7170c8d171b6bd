package dev.sluice.addresses.socket;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.ACCEPTING;
import static dev.sluice.option.OptionGroup.CONNECTING;
import static dev.sluice.option.OptionType.BOOL;

import dev.sluice.option.Option;
import dev.sluice.option.Phase;
import java.util.ArrayList;
import java.util.List;

/** The PROXY protocol, of those that connect and of those that accept. */
public final class ProxyProtocolOptions {
  /** All of them. */
  public static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<ProxyProtocolVersion> PROXY_PROTOCOL =
      row("proxy-protocol", ProxyProtocolVersion.TYPE, Phase.LATE, CONNECTING)
          .help(
              "tells the server whose connection this is, in version v1 or v2 of the PROXY protocol")
          .from("the PROXY protocol, HAProxy")
          .in(ROWS);
  public static final Option<Boolean> ACCEPT_PROXY =
      row("accept-proxy", BOOL, Phase.LATE, ACCEPTING)
          .help("expects the PROXY protocol, of either version, at the start of each connection")
          .from("the PROXY protocol, HAProxy")
          .in(ROWS);

  private ProxyProtocolOptions() {}
}
