package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class EpollPollerTest extends PollerContractTest {
  @Override
  Poller start(String name) {
    return EpollPoller.start(name);
  }

  @Test
  void reportsEdgesOnce() throws InterruptedException {
    poller.register(pair[0].number(), events::add);
    assertEquals(Poller.WRITABLE, next());
    settle();
    assertNull(events.poll());
    send();
    assertEquals(Poller.READABLE, next() & Poller.READABLE);
    settle();
    assertNull(events.poll(), "bytes that were not read are not reported again");
    send();
    assertEquals(Poller.READABLE, next() & Poller.READABLE);
  }
}
