package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.DCCP;
import static dev.sluice.option.OptionGroup.SCTP;
import static dev.sluice.option.OptionGroup.TCP;
import static dev.sluice.option.OptionGroup.UDP;
import static dev.sluice.option.OptionGroup.UDPLITE;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.option.OptionType.UNSIGNED_SHORT;
import static dev.sluice.os.SocketConstants.SOL_TCP;

import java.util.ArrayList;
import java.util.List;

/** Options of TCP sockets, and of ports. */
public final class TcpOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  private static Option<Integer> tcp(String name, int number) {
    return row(name, INT, Phase.PASTSOCKET, TCP)
        .does(new SocketEffects.SocketOption(SOL_TCP, number))
        .from("tcp(7)");
  }

  public static final Option<Integer> SOURCEPORT =
      row("sourceport", UNSIGNED_SHORT, Phase.SPECIFIC, UDP, TCP, SCTP, DCCP, UDPLITE)
          .aka("sp")
          .help("local port, or the port that peers must come from")
          .in(ROWS);
  public static final Option<Boolean> LOWPORT =
      row("lowport", BOOL, Phase.SPECIFIC, UDP, TCP, SCTP, DCCP, UDPLITE)
          .help("local port between 640 and 1023, or the peers' below 1024")
          .in(ROWS);
  public static final Option<Integer> TCP_NODELAY =
      tcp("tcp-nodelay", 1).aka("nodelay").help("sends small segments at once").in(ROWS);
  public static final Option<Integer> TCP_MAXSEG =
      tcp("tcp-maxseg", 2).aka("maxseg", "mss").help("largest segment in bytes").in(ROWS);
  public static final Option<Integer> TCP_MAXSEG_LATE =
      row("tcp-maxseg-late", INT, Phase.CONNECTED, TCP)
          .aka("maxseg-late", "mss-late")
          .does(new SocketEffects.SocketOption(SOL_TCP, 2))
          .help("largest segment in bytes, once connected")
          .from("tcp(7)")
          .in(ROWS);
  public static final Option<Integer> TCP_CORK =
      tcp("tcp-cork", 3).aka("cork").help("holds partial segments back").in(ROWS);
  public static final Option<Integer> TCP_KEEPIDLE =
      tcp("tcp-keepidle", 4)
          .aka("keepidle")
          .help("idle seconds before the first keep-alive probe")
          .in(ROWS);
  public static final Option<Integer> TCP_KEEPINTVL =
      tcp("tcp-keepintvl", 5).aka("keepintvl").help("seconds between keep-alive probes").in(ROWS);
  public static final Option<Integer> TCP_KEEPCNT =
      tcp("tcp-keepcnt", 6)
          .aka("keepcnt")
          .help("unanswered keep-alive probes that end the connection")
          .in(ROWS);
  public static final Option<Integer> TCP_SYNCNT =
      tcp("tcp-syncnt", 7).aka("syncnt").help("attempts of a connect").in(ROWS);
  public static final Option<Integer> TCP_LINGER2 =
      tcp("tcp-linger2", 8).aka("linger2").help("seconds in state FIN-WAIT-2").in(ROWS);
  public static final Option<Integer> TCP_DEFER_ACCEPT =
      tcp("tcp-defer-accept", 9)
          .aka("defer-accept")
          .help("seconds to wait for data before accept")
          .in(ROWS);
  public static final Option<Integer> TCP_WINDOW_CLAMP =
      tcp("tcp-window-clamp", 10).aka("window-clamp").help("largest window in bytes").in(ROWS);
  public static final Option<Integer> TCP_INFO =
      tcp("tcp-info", 11).aka("info").help("facts; the kernel lets them only be read").in(ROWS);
  public static final Option<Integer> TCP_QUICKACK =
      tcp("tcp-quickack", 12).aka("quickack").help("acknowledges at once").in(ROWS);
  public static final Option<Integer> TCP_MD5SIG =
      tcp("tcp-md5sig", 14)
          .help("signed segments; needs a key, so the kernel refuses a number")
          .in(ROWS);

  private TcpOptions() {}
}
