package dev.sluice.relay;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.Options;

/**
 * A listener with what every address can have: its endpoints get the data options, and its lock
 * file is removed when it closes.
 */
record ConfiguredListener(Listener listener, Options options, LockFile lock) implements Listener {
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
    listener.start(admission, new Setup(handler, options));
  }

  private record Setup(Handler handler, Options options) implements Handler {
    @Override
    public void connected(Endpoint endpoint, Runnable announcement) {
      DataSetup.apply(endpoint, options);
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
  }

  @Override
  public void resume() {
    listener.resume();
  }

  @Override
  public void close(Runnable whenClosed) {
    lock.release();
    listener.close(whenClosed);
  }

  @Override
  public void close() {
    listener.close();
    lock.release();
  }
}
