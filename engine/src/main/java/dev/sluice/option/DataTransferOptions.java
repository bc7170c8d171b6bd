package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.APPL;
import static dev.sluice.option.OptionGroup.FD;
import static dev.sluice.option.OptionGroup.SOCKET;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.CONST;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.option.OptionType.SIZE_T;
import static dev.sluice.option.OptionType.STRING;

import dev.sluice.fault.Fault;
import dev.sluice.fault.FaultText;
import java.util.ArrayList;
import java.util.List;

/** What happens to the data on its way, and how each direction ends. */
public final class DataTransferOptions {
  private static final OptionType<Fault> FAULTS =
      new OptionType<>("FAULT", (option, spec) -> fault(OptionType.required(spec)));

  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> IGNOREEOF =
      row("ignoreeof", BOOL, Phase.LATE, APPL)
          .aka("ignoreof")
          .help("at the end of input wait for more, as tail -f does")
          .in(ROWS);
  public static final Option<Long> READBYTES =
      row("readbytes", SIZE_T, Phase.LATE, APPL)
          .aka("bytes")
          .help("takes this many bytes, then reports the end")
          .in(ROWS);
  public static final Option<Integer> ESCAPE =
      row("escape", INT, Phase.INIT, APPL).help("this byte in the input ends it").in(ROWS);
  public static final Option<Boolean> CR =
      row("cr", CONST, Phase.LATE, APPL)
          .help("lines end with CR on this side and with NL on the other")
          .in(ROWS);
  public static final Option<Boolean> CRNL =
      row("crnl", CONST, Phase.LATE, APPL)
          .aka("crlf")
          .help("lines end with CR NL on this side and with NL on the other")
          .in(ROWS);
  public static final Option<Fault> FAULT =
      row("fault", FAULTS, Phase.LATE, APPL)
          .help("the data suffer this on purpose, such as latency:50ms; may be given several times")
          .in(ROWS);
  public static final Option<String> LOCKFILE =
      row("lockfile", STRING, Phase.INIT, APPL)
          .help("fails when this lock file exists, else holds it")
          .in(ROWS);
  public static final Option<String> WAITLOCK =
      row("waitlock", STRING, Phase.INIT, APPL)
          .help("waits until this lock file is gone, then holds it")
          .in(ROWS);
  public static final Option<Boolean> COOL_WRITE =
      row("cool-write", BOOL, Phase.INIT, FD)
          .aka("coolwrite")
          .help("a peer that went away while being written to is no error")
          .in(ROWS);
  public static final Option<Boolean> NULL_EOF =
      row("null-eof", BOOL, Phase.OFFSET, SOCKET).help("an empty datagram ends the input").in(ROWS);
  public static final Option<Boolean> END_CLOSE =
      row("end-close", CONST, Phase.OFFSET, FD)
          .aka("close")
          .help("at the end closes without shutting the connection down")
          .in(ROWS);
  public static final Option<Boolean> SHUT_NONE =
      row("shut-none", CONST, Phase.OFFSET, FD)
          .help("the peer is not told that no more data follows")
          .in(ROWS);
  public static final Option<Boolean> SHUT_DOWN =
      row("shut-down", CONST, Phase.OFFSET, FD)
          .help("shutdown(2) tells the peer that no more data follows")
          .from("shutdown(2)")
          .in(ROWS);
  public static final Option<Boolean> SHUT_CLOSE =
      row("shut-close", CONST, Phase.OFFSET, FD)
          .help("closing tells the peer that no more data follows")
          .from("close(2)")
          .in(ROWS);
  public static final Option<Boolean> SHUT_NULL =
      row("shut-null", CONST, Phase.OFFSET, FD)
          .help("an empty datagram tells the peer that no more data follows")
          .in(ROWS);

  private DataTransferOptions() {}

  private static Fault fault(String text) {
    try {
      return FaultText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new OptionType.BadValue(String.valueOf(e.getMessage()));
    }
  }
}
