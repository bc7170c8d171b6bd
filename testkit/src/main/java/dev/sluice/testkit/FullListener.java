package dev.sluice.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A TCP socket whose queue is full, so that the kernel does not answer clients. */
public final class FullListener implements AutoCloseable {
  private static final int UNANSWERED_MILLIS = 300;

  private final ServerSocket listener;
  private final List<Socket> queued = new ArrayList<>();

  /** Listens on a free port, and fills the queue. */
  public FullListener() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    boolean full = false;
    while (!full) {
      Socket next = new Socket();
      queued.add(next);
      try {
        next.connect(listener.getLocalSocketAddress(), UNANSWERED_MILLIS);
      } catch (SocketTimeoutException e) {
        full = true;
      }
    }
  }

  /** As the command line names it. */
  public String address() {
    return "TCP4:127.0.0.1:" + port();
  }

  /** Its port, on 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : queued) {
      socket.close();
    }
    listener.close();
  }
}
