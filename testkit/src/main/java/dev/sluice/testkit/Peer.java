package dev.sluice.testkit;

/** The other end of an open address, in the test's hand. Methods wait, and fail in the end. */
public interface Peer extends AutoCloseable {
  /** Sends bytes that the address is to read. */
  void send(byte[] bytes);

  /** That many bytes that were written to the address. */
  byte[] receive(int count);

  /** Waits until the address will send no more; fails when more bytes come. */
  void receiveEnd();

  /** Sends no more. */
  void endOutput();

  @Override
  void close();
}
