package dev.sluice.relay;

import dev.sluice.endpoint.Listener;

/** A listener with a lock file that is removed when it closes. */
record LockedListener(Listener listener, LockFile lock) implements Listener {
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
    listener.start(admission, handler);
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
