package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SelectorPollerTest extends PollerContractTest {
  @Override
  Poller start(String name) {
    return SelectorPoller.start(name);
  }

  /** As a handler that read all, when more came before the poller looked again. */
  @Test
  void reportsWhatIsStillReadyOnceMore() throws InterruptedException {
    poller.register(pair[0].number(), events::add);
    send();
    assertEquals(Poller.READABLE, next());
    assertEquals(Poller.READABLE, next());
  }
}
