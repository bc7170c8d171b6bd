package dev.sluice.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.option.Given;
import dev.sluice.os.Accounts;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.ProcessCalls;
import dev.sluice.os.Spawn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessScopeTest {
  @TempDir Path directory;

  /** Has every class of a start loaded: another user may not be able to read this checkout. */
  @BeforeAll
  static void startOnce() {
    output("umask=077", "true");
  }

  private static ProcessScope scope(String options) {
    return ProcessScope.of(Given.options(options));
  }

  private static <T> T open(String options, Callable<T> work) {
    return scope(options).supply(work, Runnable::run).toCompletableFuture().join();
  }

  private static <T> T forProgram(String options, Callable<T> spawn) {
    try {
      return scope(options)
          .supplyForProgram(() -> "", nothing -> spawn.call(), Runnable::run)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static void create(String path) {
    FileCalls.open(path, OpenFlags.CREAT | OpenFlags.WRONLY, 0666).close();
  }

  private static void assumeRoot() {
    assumeTrue(System.getProperty("user.name").equals("root"));
  }

  @Test
  void staysOnTheExecutorWithoutOptions() {
    assertTrue(scope("perm=600,setuid=1").isPlain());
    assertSame(Thread.currentThread(), open("perm=600", Thread::currentThread));
  }

  @Test
  void opensUnderItsOwnDirectoryAndMask() throws IOException {
    open(
        "umask=027,chdir=" + directory,
        () -> {
          create("scoped");
          return true;
        });
    assertEquals(
        "rw-r-----",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("scoped"))));
    assertFalse(Files.exists(Path.of("scoped")));
    create(directory + "/outside");
    assertEquals(
        "rw-r--r--",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("outside"))));
  }

  @Test
  void opensUnderItsOwnUser() throws IOException {
    assumeRoot();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    open(
        "setgid-early=54322,setuid-early=54321",
        () -> {
          create(directory + "/other");
          return true;
        });
    create(directory + "/own");
    assertEquals(54321, Files.getAttribute(directory.resolve("other"), "unix:uid"));
    assertEquals(54322, Files.getAttribute(directory.resolve("other"), "unix:gid"));
    assertEquals(0, Files.getAttribute(directory.resolve("own"), "unix:uid"));
  }

  @Test
  void opensUnderItsOwnRoot() throws IOException {
    assumeRoot();
    open(
        "chroot-early=" + directory,
        () -> {
          create("/top");
          return true;
        });
    assertTrue(Files.exists(directory.resolve("top")));
  }

  @Test
  void appliesEarlyOptionsAsWritten() {
    assumeRoot();
    Throwable refused = failure("setuid-early=54321,setgid-early=54322");
    assertEquals("setgid(54322): Operation not permitted", refused.getMessage());
  }

  @Test
  void failuresComeOutAsTheyAre() {
    assertEquals(
        "chdir(\"/nonex\"): No such file or directory", failure("chdir=/nonex").getMessage());
    assertInstanceOf(NativeError.class, failure("chdir=/nonex"));
    assertEquals("getpwnam(\"nosuch\"): no such user", failure("setuid-early=nosuch").getMessage());
    assertEquals(
        "open(/run/netns/nosuch, O_RDONLY|O_CLOEXEC): No such file or directory",
        failure("netns=nosuch").getMessage());
  }

  @Test
  void checkedExceptionsComeOutAsTheyAre() {
    IOException thrown = new IOException("x");
    AtomicReference<Throwable> seen = new AtomicReference<>();
    scope("umask=077")
        .supply(
            () -> {
              throw thrown;
            },
            Runnable::run)
        .whenComplete((value, error) -> seen.set(error));
    assertSame(thrown, seen.get());
  }

  private static Throwable failure(String options) {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    scope(options)
        .supply(() -> true, Runnable::run)
        .whenComplete((value, error) -> seen.set(error));
    return Objects.requireNonNull(seen.get());
  }

  private static String output(String options, String... program) {
    Fd[] pipe = LibC.pipe(0);
    int pid =
        forProgram(
            options,
            () ->
                new Spawn(List.of(program), Map.of("PATH", "/usr/bin:/bin"))
                    .map(pipe[1].number(), 1)
                    .start(program[0]));
    pipe[1].close();
    NativeBuffer buffer = NativeBuffer.allocate(4096);
    int length = 0;
    int n;
    while ((n = LibC.read(pipe[0].number(), buffer, length, buffer.capacity() - length)) > 0) {
      length += n;
    }
    pipe[0].close();
    while (ProcessCalls.reap(pid) < 0) {
      Thread.onSpinWait();
    }
    return new String(buffer.toArray(0, length), StandardCharsets.UTF_8).strip();
  }

  @Test
  void programsHaveTheLateOptionsToo() {
    assumeRoot();
    assertEquals(
        "54321 54322", output("setgid=54322,setuid=54321", "sh", "-c", "echo $(id -u) $(id -g)"));
    assertEquals("0077", output("umask=077", "sh", "-c", "umask"));
    assertEquals("/tmp", output("cd=/tmp", "pwd"));
    assertEquals("0", output("umask=077", "id", "-u"));
  }

  @Test
  void programsTakeAUsersGroups() {
    assumeRoot();
    Accounts.User nobody = Accounts.user("nobody");
    assertEquals(
        "nobody " + nobody.gid(), output("su=nobody", "sh", "-c", "echo $(id -un) $(id -G)"));
    assertEquals("nobody", output("su-d=nobody", "id", "-un"));
    assertEquals("nobody", scope("su=nobody").userVariables().get("LOGNAME"));
    assertEquals(
        List.of("USER", "LOGNAME", "HOME", "SHELL"),
        List.copyOf(scope("su-d=nobody").userVariables().keySet()));
    assertEquals(Map.of(), scope("setuid=1").userVariables());
  }

  @Test
  void lateOptionsAreNotForOpening() {
    assertTrue(open("setuid=54321,chroot=/nonex", () -> true));
    NativeError refused =
        assertThrows(NativeError.class, () -> forProgram("chroot=/nonex", () -> true));
    assertEquals("chroot(\"/nonex\"): No such file or directory", refused.getMessage());
  }

  @Test
  void blockingWorkRunsOnTheExecutor() throws Exception {
    CompletableFuture<Thread> seen = new CompletableFuture<>();
    Thread own =
        new Thread(
            () ->
                scope("perm=600")
                    .supply(Thread::currentThread, Runnable::run)
                    .thenAccept(seen::complete));
    own.start();
    own.join();
    assertSame(own, seen.get());
  }
}
