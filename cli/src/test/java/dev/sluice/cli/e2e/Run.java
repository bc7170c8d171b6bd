package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One running tool. Tests wait for what it writes, never for time; {@link Await#LIMIT} only ends a
 * test that would hang. Closing kills what is left of it and of its children.
 */
final class Run implements AutoCloseable {
  private final Process process;
  private final Capture out;
  private final Capture err;
  private final String what;

  Run(Tool tool, ProcessBuilder builder, byte @Nullable [] input) {
    what = tool.label() + " " + builder.command();
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(what, e);
    }
    out = new Capture(process.getInputStream(), "stdout of " + what);
    err = new Capture(process.getErrorStream(), "stderr of " + what);
    if (input != null) {
      Background.start("stdin of " + what, () -> feed(input));
    }
  }

  private void feed(byte[] input) {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException e) {
      // The tool need not read all of its input; what it did read shows in its output.
      System.getLogger(Run.class.getName()).log(System.Logger.Level.DEBUG, what, e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void send(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(what, e);
    }
  }

  void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(what, e);
    }
  }

  /** Waits until standard error matches somewhere. */
  Matcher awaitLog(String regex) {
    return err.await(Pattern.compile(regex), this::state);
  }

  /** Waits until standard error matches in that many places. */
  void awaitLog(String regex, int times) {
    Pattern pattern = Pattern.compile(regex);
    Await.until(
        () -> pattern.matcher(err.text()).results().count() >= times,
        () -> times + " times " + regex + " in stderr; " + state());
  }

  /** Standard error until now. */
  String log() {
    return err.text();
  }

  /** Waits until standard output matches somewhere. */
  Matcher awaitOutput(String regex) {
    return out.await(Pattern.compile(regex), this::state);
  }

  /** Waits until all its threads sleep: what it had to do has been done. See proc_pid_stat(5). */
  void awaitIdle() {
    Path threads = Path.of("/proc/" + pid() + "/task");
    Await.until(() -> isIdle(threads), () -> "is busy: " + log());
  }

  private static boolean isIdle(Path threads) {
    try (Stream<Path> all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) == 'R') {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // a thread has just ended
    }
  }

  /** Sends a signal by its name without SIG. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for the end of the process and of what it writes. */
  Outcome await() {
    try {
      if (!process.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("does not end; " + state());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new Outcome(process.exitValue(), out.all(this::state), err.all(this::state));
  }

  /** Signals, then waits for the end. */
  Outcome stop(String signal) {
    signal(signal);
    return await();
  }

  private String state() {
    return what
        + (process.isAlive() ? " (running)" : " (ended with " + process.exitValue() + ")")
        + "\nstdout: "
        + printable(out.text())
        + "\nstderr:\n"
        + err.text();
  }

  /** What a report can show of data. */
  private static String printable(String data) {
    String start = data.substring(0, Math.min(2000, data.length()));
    return start.replaceAll("[^\\n\\t -~]", "?")
        + (start.length() < data.length() ? " ... (" + data.length() + " bytes)" : "");
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
