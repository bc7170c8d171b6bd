package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of log lines when a target fails. */
class LogWriterTest {
  private final BlockingQueue<String> kept = new LinkedBlockingQueue<>();

  private final LogTarget keeping = line -> kept.add(line.text());

  private final LogTarget failing =
      line -> {
        if (line.text().equals("bad")) {
          throw new IllegalStateException("on purpose");
        }
      };

  private LogWriter.Line line(String text) {
    return new LogWriter.Line(List.of(failing, keeping), text, text, 0, 1, "");
  }

  private @Nullable String next() throws InterruptedException {
    return kept.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void aTargetThatFailsCostsItsLineAndIsToldOf() throws InterruptedException {
    LogWriter writer = new LogWriter(lost -> line(lost + " lost"));
    writer.add(line("bad"));
    assertEquals("bad", next());
    assertEquals("1 lost", next());
    writer.add(line("good"));
    assertEquals("good", next());
  }

  @Test
  void aReportThatFailsEndsNothing() throws InterruptedException {
    LogWriter writer = new LogWriter(lost -> line("bad"));
    writer.add(line("bad"));
    assertEquals("bad", next());
    assertEquals("bad", next());
    writer.flush();
    writer.add(line("good"));
    assertEquals("good", next());
  }
}
