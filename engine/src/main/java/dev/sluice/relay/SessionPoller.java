package dev.sluice.relay;

import akka.actor.typed.DispatcherSelector;
import dev.sluice.os.Poller;
import dev.sluice.transfer.PollerMemory;

/**
 * A poller as sessions use it.
 *
 * @param index its place among the runtime's pollers
 * @param memory the poller with its transfers' memory
 * @param dispatcher runs actors on the poller's thread
 */
record SessionPoller(int index, PollerMemory memory, DispatcherSelector dispatcher) {
  Poller poller() {
    return memory.poller();
  }
}
