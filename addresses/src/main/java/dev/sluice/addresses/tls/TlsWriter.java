package dev.sluice.addresses.tls;

import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import org.jspecify.annotations.Nullable;

/** The writing half of a connection that speaks TLS. */
record TlsWriter(TlsChannel channel) implements FdWriter {
  @Override
  public Fd fd() {
    return channel.fd();
  }

  @Override
  public int write(long buffer, int length) {
    return channel.write(buffer, length);
  }

  @Override
  public int fitting(int length) {
    return channel.fitting(length);
  }

  @Override
  public int flush() {
    return channel.flush();
  }

  @Override
  public @Nullable NativeError end() {
    return channel.end();
  }

  @Override
  public String describeWrite(long buffer, int length) {
    return channel.describe("SSL_write");
  }
}
