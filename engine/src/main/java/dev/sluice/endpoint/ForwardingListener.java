package dev.sluice.endpoint;

import java.net.SocketAddress;
import java.util.Optional;

/** Wraps another listener and sets up its channels before they are reported. */
public abstract class ForwardingListener implements Listener {
  private final Listener listener;

  protected ForwardingListener(Listener listener) {
    this.listener = listener;
  }

  /** The channel of a peer with what this listener adds, on the poller's thread; must not block. */
  protected abstract Channel setUp(Channel channel);

  @Override
  public String localAddress() {
    return listener.localAddress();
  }

  @Override
  public Optional<SocketAddress> boundAddress() {
    return listener.boundAddress();
  }

  @Override
  public String announcement() {
    return listener.announcement();
  }

  @Override
  public void start(Admission admission, Handler handler) {
    listener.start(
        admission,
        new Handler() {
          @Override
          public void connected(Channel channel, Runnable announcement) {
            handler.connected(setUp(channel), announcement);
          }

          @Override
          public void failed(Throwable cause) {
            handler.failed(cause);
          }

          @Override
          public void timedOut() {
            handler.timedOut();
          }
        });
  }

  @Override
  public void resume() {
    listener.resume();
  }

  @Override
  public void close() {
    listener.close();
  }

  @Override
  public void close(Runnable whenClosed) {
    listener.close(whenClosed);
  }
}
