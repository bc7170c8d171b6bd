package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.DataOptions;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.endpoint.LineTerminator;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.Option;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import java.util.Map;

/** Gives a channel what its options say about data and half-close, whatever its type. */
final class DataSetup {
  private static final Map<Option<?>, HalfClose> HALF_CLOSES =
      Map.of(
          DataTransferOptions.SHUT_NONE, HalfClose.NONE,
          DataTransferOptions.SHUT_DOWN, HalfClose.SHUTDOWN,
          DataTransferOptions.SHUT_CLOSE, HalfClose.CLOSE,
          DataTransferOptions.SHUT_NULL, HalfClose.EMPTY_DATAGRAM);

  private DataSetup() {}

  /** The channel as it is to be used. */
  static Channel apply(Channel channel, Options options) {
    if (options.inOrder().isEmpty()) {
      return channel;
    }
    DataOptions data = dataOptions(options);
    if (channel instanceof StreamChannel streams) {
      return streams.dataOptions(data);
    }
    Endpoint endpoint = (Endpoint) channel;
    return withHalfClose(
        data.equals(DataOptions.NONE) ? endpoint : endpoint.dataOptions(data), options);
  }

  /** What the options of an address say about its data. */
  private static DataOptions dataOptions(Options options) {
    LineTerminator lines = LineTerminator.RAW;
    for (OptionValue<?> value : options.inOrder()) {
      if (value.option() == DataTransferOptions.CRNL) {
        lines = LineTerminator.CRNL;
      } else if (value.option() == DataTransferOptions.CR) {
        lines = LineTerminator.CR;
      }
    }
    return new DataOptions(
        options.isOn(DataTransferOptions.IGNOREEOF),
        options.isOn(DataTransferOptions.NULL_EOF),
        options.isOn(DataTransferOptions.COOL_WRITE),
        Math.max(0, options.get(DataTransferOptions.READBYTES, 0L)),
        options.get(DataTransferOptions.ESCAPE, -1),
        lines,
        lines,
        options.all(DataTransferOptions.FAULT));
  }

  private static Endpoint withHalfClose(Endpoint endpoint, Options options) {
    Endpoint changed = options.has(DataTransferOptions.END_CLOSE) ? endpoint.closeOnly() : endpoint;
    for (OptionValue<?> value : options.inOrder()) {
      HalfClose asked = HALF_CLOSES.get(value.option());
      if (asked != null) {
        changed = changed.halfClose(asked);
      }
    }
    return changed;
  }
}
