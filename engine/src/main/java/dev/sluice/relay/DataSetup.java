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

/** Gives a channel what its options say about data and half-close, whatever its type. */
final class DataSetup {
  private DataSetup() {}

  /** The channel as it is to be used; an endpoint is changed in place. */
  static Channel apply(Channel channel, Options options) {
    if (options.inOrder().isEmpty()) {
      return channel;
    }
    DataOptions data = dataOptions(options);
    if (channel instanceof StreamChannel streams) {
      return streams.dataOptions(data);
    }
    Endpoint endpoint = (Endpoint) channel;
    if (!data.equals(DataOptions.NONE)) {
      endpoint.dataOptions(data);
    }
    applyHalfClose(endpoint, options);
    return endpoint;
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

  private static void applyHalfClose(Endpoint endpoint, Options options) {
    if (options.has(DataTransferOptions.END_CLOSE)) {
      endpoint.closeOnly();
    }
    for (OptionValue<?> value : options.inOrder()) {
      Option<?> option = value.option();
      if (option == DataTransferOptions.SHUT_NONE) {
        endpoint.halfClose(HalfClose.NONE);
      } else if (option == DataTransferOptions.SHUT_DOWN) {
        endpoint.halfClose(HalfClose.SHUTDOWN);
      } else if (option == DataTransferOptions.SHUT_CLOSE) {
        endpoint.halfClose(HalfClose.CLOSE);
      } else if (option == DataTransferOptions.SHUT_NULL) {
        endpoint.halfClose(HalfClose.EMPTY_DATAGRAM);
      }
    }
  }
}
