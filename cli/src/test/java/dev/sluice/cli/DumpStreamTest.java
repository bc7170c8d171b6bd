package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A fleet reads the options of each relay anew with each change. */
class DumpStreamTest {
  private static OutputStream target() {
    CommandLine.Request read =
        new CommandLine("sluice", List.of("-v", "PIPE", "PIPE"), Map.of()).read();
    return assertInstanceOf(CommandLine.Run.class, read).settings().dumps().target();
  }

  @Test
  void relaysShareIt() {
    assertSame(target(), target());
  }
}
