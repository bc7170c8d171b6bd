package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A network namespace of the test's own, with its loopback interface up. Needs root. */
final class NetworkNamespace implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String name =
      "sluice-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();

  NetworkNamespace() {
    Assumptions.assumeTrue(isPossible(), "needs root and ip(8) for a network namespace");
    run("ip", "netns", "add", name);
    ip("link", "set", "lo", "up");
  }

  private static boolean isPossible() {
    try {
      return new ProcessBuilder("ip", "netns", "list").start().waitFor() == 0
          && "root".equals(System.getProperty("user.name"));
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return name;
  }

  /** Runs ip(8) on this namespace; its output. */
  String ip(String... arguments) {
    List<String> words = new ArrayList<>(List.of("ip", "-n", name));
    words.addAll(List.of(arguments));
    return run(words.toArray(String[]::new));
  }

  /** Runs a program in this namespace; its output. */
  String exec(String... command) {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
    words.addAll(List.of(command));
    return run(words.toArray(String[]::new));
  }

  /** Runs a program to its end; its output, also when it fails. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      process.waitFor();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("ip", "netns", "del", name);
  }
}
