package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.DCCP;
import static dev.sluice.option.OptionGroup.UDPLITE;
import static dev.sluice.option.OptionType.BYTE;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.os.SocketConstants.SOL_DCCP;
import static dev.sluice.os.SocketConstants.SOL_UDPLITE;

import java.util.ArrayList;
import java.util.List;

/** Options of UDP-Lite and DCCP sockets. */
public final class DatagramProtocolOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Integer> UDPLITE_SEND_CSCOV =
      row("udplite-send-cscov", INT, Phase.FD, UDPLITE)
          .does(new SocketEffects.SocketOption(SOL_UDPLITE, 10))
          .help("bytes of each datagram sent that the checksum covers")
          .from("udplite(7)")
          .in(ROWS);
  public static final Option<Integer> UDPLITE_RECV_CSCOV =
      row("udplite-recv-cscov", INT, Phase.FD, UDPLITE)
          .does(new SocketEffects.SocketOption(SOL_UDPLITE, 11))
          .help("datagrams whose checksum covers fewer bytes are dropped")
          .from("udplite(7)")
          .in(ROWS);
  public static final Option<Integer> DCCP_SET_CCID =
      row("dccp-set-ccid", BYTE, Phase.PASTSOCKET, DCCP)
          .aka("ccid")
          .does(new SocketEffects.SocketOption(SOL_DCCP, 13))
          .help("congestion control by its identifier")
          .from("RFC 4340")
          .in(ROWS);

  private DatagramProtocolOptions() {}
}
