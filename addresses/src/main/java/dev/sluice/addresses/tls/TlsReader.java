package dev.sluice.addresses.tls;

import dev.sluice.endpoint.FdReader;
import dev.sluice.os.Fd;

/** The reading half of a connection that speaks TLS. */
record TlsReader(TlsChannel channel) implements FdReader {
  @Override
  public Fd fd() {
    return channel.fd();
  }

  @Override
  public int read(long buffer, int length) {
    return channel.read(buffer, length);
  }

  @Override
  public boolean hasBuffered() {
    return channel.hasBuffered();
  }

  @Override
  public void readPieceByPiece() {
    channel.readPieceByPiece();
  }

  @Override
  public boolean shortReadMeansEmpty() {
    return !channel.isDatagram();
  }

  @Override
  public String describeRead(long buffer, int length) {
    return channel.describe("SSL_read");
  }
}
