package dev.sluice.endpoint;

/** A listener over another one, whose endpoints it sets up before they are told of. */
public abstract class ForwardingListener implements Listener {
  private final Listener listener;

  protected ForwardingListener(Listener listener) {
    this.listener = listener;
  }

  /** Gives a peer's endpoint what this listener adds, on the poller's thread; must not block. */
  protected abstract void setUp(Endpoint endpoint);

  @Override
  public String localAddress() {
    return listener.localAddress();
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
          public void connected(Endpoint endpoint, Runnable announcement) {
            setUp(endpoint);
            handler.connected(endpoint, announcement);
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
