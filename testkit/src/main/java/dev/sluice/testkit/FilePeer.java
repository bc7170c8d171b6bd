package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A regular file as the other end: what is sent is appended, what is received is its content. */
public final class FilePeer implements Peer {
  private final Path path;
  private int received;

  /** A file that exists. */
  public FilePeer(Path path) {
    this.path = path;
  }

  @Override
  public void send(byte[] bytes) {
    try {
      Files.write(path, bytes, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] receive(int count) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DescriptorPeer.PATIENCE_MILLIS);
    while (System.nanoTime() - end < 0) {
      byte[] content = content();
      if (content.length >= received + count) {
        received += count;
        return Arrays.copyOfRange(content, received - count, received);
      }
      pause();
    }
    throw new AssertionError("the file has " + content().length + " bytes");
  }

  private byte[] content() {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** There is nothing to wait for: a file tells nobody that it has grown. */
  private static void pause() {
    try {
      if (new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void receiveEnd() {
    if (content().length > received) {
      throw new AssertionError("the file has more bytes");
    }
  }

  @Override
  public void endOutput() {}

  @Override
  public void close() {}
}
