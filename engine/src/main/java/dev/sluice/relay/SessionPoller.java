package dev.sluice.relay;

import akka.actor.typed.DispatcherSelector;
import dev.sluice.os.Poller;
import dev.sluice.transfer.PollerMemory;

/**
 * A poller as sessions use it.
 *
 * @param memory the poller with its transfers' memory
 * @param dispatcher runs actors on the poller's thread
 */
record SessionPoller(PollerMemory memory, DispatcherSelector dispatcher) {
  Poller poller() {
    return memory.poller();
  }
}
