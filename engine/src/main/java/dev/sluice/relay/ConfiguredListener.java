package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.ForwardingListener;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.Options;

/**
 * A listener with what every address can have: its channels get the data options, and its lock file
 * is removed when it closes.
 */
final class ConfiguredListener extends ForwardingListener {
  private final Options options;
  private final LockFile lock;

  ConfiguredListener(Listener listener, Options options, LockFile lock) {
    super(listener);
    this.options = options;
    this.lock = lock;
  }

  @Override
  protected Channel setUp(Channel channel) {
    return DataSetup.apply(channel, options);
  }

  @Override
  public void close(Runnable whenClosed) {
    lock.release();
    super.close(whenClosed);
  }

  @Override
  public void close() {
    super.close();
    lock.release();
  }
}
