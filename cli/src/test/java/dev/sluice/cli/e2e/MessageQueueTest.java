package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Message queues, with ours and the peer on either side. */
class MessageQueueTest {

  @Test
  void messagesGoBothWaysWithThePeer() {
    Tool peer = Tool.peer().orElse(Tool.OURS);
    for (Tool[] pair : new Tool[][] {{Tool.OURS, peer}, {peer, Tool.OURS}}) {
      String name = "/sluice-e2e-" + System.nanoTime();
      try (Run reader =
          pair[0].command("-dd", "-u", "POSIXMQ-READ:" + name + ",unlink-close", "-").start()) {
        reader.awaitLog("starting data transfer");
        Outcome sent = pair[1].command("-u", "-", "POSIXMQ-SEND:" + name).input("message\n").run();
        assertEquals(0, sent.status(), sent.stderr());
        reader.awaitOutput("message\n");
        reader.stop("TERM");
      }
    }
  }

  @Test
  void startsAProgramForEachMessageHighestPriorityFirst() {
    String name = "/sluice-e2e-" + System.nanoTime();
    for (int priority = 1; priority <= 9; priority++) {
      Tool.OURS
          .command("-u", "-", "POSIXMQ-SEND:" + name + ",mq-prio=" + priority)
          .input("m" + priority)
          .run();
    }
    try (Run receiver =
        Tool.OURS
            .command(
                "-dd",
                "-u",
                "POSIXMQ-RECV:" + name + ",fork,max-children=1,unlink-close",
                "SYSTEM:cat; echo -$SOCAT_POSIXMQ_PRIO")
            .start()) {
      receiver.awaitOutput("m9-9\nm8-8\nm7-7\nm6-6\nm5-5\nm4-4\nm3-3\nm2-2\nm1-1\n");
      receiver.stop("TERM");
    }
  }

  @Test
  void aMessageThatIsTooLongIsAnErrorOnBothSides() {
    SideBySide.play(
            (tool, folder) -> {
              String name = "/sluice-e2e-" + System.nanoTime();
              Outcome sent =
                  tool.command("-b", "9000", "-u", "-", "POSIXMQ-SEND:" + name)
                      .input("x".repeat(9000))
                      .run();
              tool.command("-u", "-", "POSIXMQ-SEND:" + name).input("short").run();
              Outcome got =
                  tool.command("-b", "100", "-u", "POSIXMQ-READ:" + name + ",unlink-close", "-")
                      .run();
              String errors = sent.stderr() + got.stderr();
              return got.observing(errors.replaceAll("(?m)^.*(E mq_\\w+\\(mqd=)\\d+", "$1N"));
            })
        .ignoringLog()
        .same();
  }

  @Test
  void flushesAndLimits() {
    String name = "/sluice-e2e-" + System.nanoTime();
    Tool.OURS
        .command("-u", "-", "POSIXMQ-SEND:" + name + ",mq-maxmsg=3,mq-msgsize=100")
        .input("old")
        .run();
    try (Run both =
        Tool.OURS
            .command("-ddd", "-", "POSIXMQ-BIDIRECTIONAL:" + name + ",mq-flush,unlink-close")
            .openInput()
            .start()) {
      both.awaitLog("maxmsg=3, msgsize=100, curmsgs=0");
      both.send("new");
      both.awaitOutput("^new");
      both.endInput();
      both.await();
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM,''", "INT,''", "HUP,''", "QUIT,''", "TERM,',fork'", "INT,',fork'"})
  void aSignalRemovesTheQueue(String signal, String fork) throws Exception {
    String name = "/sluice-e2e-" + System.nanoTime();
    try (Run receiver =
        Tool.OURS
            .command("-dd", "-u", "POSIXMQ-RECV:" + name + ",unlink-close" + fork, "-")
            .start()) {
      Await.until(() -> isThere(name), () -> name);
      receiver.stop(signal);
    }
    assertFalse(isThere(name));
  }

  /** See mq_open(3); the file system of the queues is not mounted everywhere. */
  private static boolean isThere(String name) throws Exception {
    String open = "import ctypes, sys; print(ctypes.CDLL(None).mq_open(sys.argv[1].encode(), 0))";
    Process process = new ProcessBuilder("python3", "-c", open, name).start();
    return !new String(process.getInputStream().readAllBytes(), US_ASCII).equals("-1\n");
  }
}
