package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LibCTest {
  @TempDir Path directory;

  private static void write(Fd fd, String text) {
    NativeBuffer bytes = NativeBuffer.of(text.getBytes(StandardCharsets.UTF_8));
    assertEquals(bytes.capacity(), LibC.write(fd.number(), bytes, 0, bytes.capacity()));
  }

  private static String read(Fd fd) {
    NativeBuffer bytes = NativeBuffer.allocate(100);
    int n = LibC.check(LibC.read(fd.number(), bytes, 0, bytes.capacity()), "read");
    return new String(bytes.toArray(0, n), StandardCharsets.UTF_8);
  }

  @Test
  void pipesCarryBytes() {
    Fd[] pipe = LibC.pipe(OpenFlags.NONBLOCK);
    NativeBuffer one = NativeBuffer.allocate(1);
    assertEquals(-Errno.EAGAIN, LibC.read(pipe[0].number(), one, 0, 1));
    write(pipe[1], "hello");
    assertEquals("hello", read(pipe[0]));
    pipe[1].close();
    assertEquals("", read(pipe[0]));
    pipe[0].close();
    assertEquals(-Errno.EBADF, LibC.read(pipe[0].number(), one, 0, 1));
  }

  @Test
  void windowsOfTheHeapAreReadAndWrittenInPlace() {
    Fd[] pipe = LibC.pipe(OpenFlags.NONBLOCK);
    HeapBytes from = new HeapBytes(8);
    HeapBytes to = new HeapBytes(8);
    System.arraycopy("<hello>".getBytes(StandardCharsets.UTF_8), 0, from.array(), 0, 7);

    assertEquals(-Errno.EAGAIN, LibC.read(pipe[0].number(), to.window(0, 8)));
    assertEquals(5, LibC.write(pipe[1].number(), from.window(1, 5)));
    assertEquals(3, LibC.read(pipe[0].number(), to.window(2, 3)));
    assertEquals("\0\0hel\0\0\0", new String(to.array(), StandardCharsets.UTF_8));
    assertEquals(2, LibC.read(pipe[0].number(), to.window(6, 2)));
    assertEquals("\0\0hel\0lo", new String(to.array(), StandardCharsets.UTF_8));

    pipe[1].close();
    assertEquals(0, LibC.read(pipe[0].number(), to.window(0, 8)));
    pipe[0].close();
    assertEquals(-Errno.EBADF, LibC.write(pipe[1].number(), from.window(0, 1)));
  }

  @Test
  void spliceMovesBytes() {
    Fd[] from = LibC.pipe(0);
    Fd[] to = SocketCalls.socketpair(SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM, 0);
    write(from[1], "hello");
    assertEquals(5, LibC.splice(from[0].number(), to[0].number(), 100, LibC.SPLICE_F_NONBLOCK));
    assertEquals("hello", read(to[1]));
    for (Fd fd : new Fd[] {from[0], from[1], to[0], to[1]}) {
      fd.close();
    }
  }

  @Test
  void descriptorsAreNotInherited() {
    try (Fd socket = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_STREAM, 0)) {
      assertEquals(1, LibC.fcntl(socket.number(), 1 /* F_GETFD */, 0));
    }
  }

  @Test
  void socketsHaveNames() {
    try (Fd socket = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_STREAM, 0)) {
      SocketCalls.bind(socket.number(), SocketAddressBytes.of(InetAddress.getLoopbackAddress(), 0));
      SocketCalls.listen(socket.number(), 5);
      SocketAddressBytes name = SocketCalls.getsockname(socket.number());
      assertEquals("AF=2 127.0.0.1:" + name.port(), name.toString());
      try (Fd second = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_STREAM, 0)) {
        NativeError taken =
            assertThrows(NativeError.class, () -> SocketCalls.bind(second.number(), name));
        assertEquals(
            "bind(" + second + ", {" + name + "}, 16): Address already in use", taken.getMessage());
        assertEquals(Errno.EADDRINUSE, taken.errno());
      }
    }
  }

  @Test
  void refusedConnectionsAreNumbers() {
    try (Fd socket = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_STREAM, 0)) {
      assertEquals(
          -Errno.ECONNREFUSED,
          SocketCalls.connect(
              socket.number(), SocketAddressBytes.of(InetAddress.getLoopbackAddress(), 1)));
    }
  }

  @Test
  void filesAreOpenedAndDescribed() throws IOException {
    Path file = directory.resolve("file");
    assertNull(FileCalls.stat(file.toString()));
    NativeError missing =
        assertThrows(
            NativeError.class, () -> FileCalls.open(file.toString(), OpenFlags.RDWR, 0666));
    assertEquals(
        "open(\"" + file + "\", 02, 0666): No such file or directory", missing.getMessage());
    try (Fd fd = FileCalls.open(file.toString(), OpenFlags.RDWR | OpenFlags.CREAT, 0600)) {
      write(fd, "hello");
      FileStatus status = FileCalls.fstat(fd.number());
      assertEquals(0100600, status.mode());
      assertEquals(5, status.size());
      assertEquals(2, LibC.lseek(fd.number(), 2, 0));
      assertEquals("llo", read(fd));
      LibC.ftruncate(fd.number(), 1);
    }
    assertEquals("h", Files.readString(file));
    assertEquals("directory", Objects.requireNonNull(FileCalls.stat(directory.toString())).kind());
    assertEquals(0, FileCalls.unlink(file.toString()));
    assertEquals(-Errno.ENOENT, FileCalls.unlink(file.toString()));
  }

  @Test
  void knowsItself() {
    assertEquals(ProcessHandle.current().pid(), ProcessCalls.getpid());
    assertTrue(ProcessCalls.descriptorLimit() > 0);
  }

  @Test
  void knowsInterfaces() {
    assertEquals(1, NetworkInterfaces.index("lo"));
    assertEquals(7, NetworkInterfaces.index("7"));
    assertEquals(0, NetworkInterfaces.index("nix"));
  }

  /** A call that reads one byte into a buffer, which nothing names after it. */
  private interface ReadOne {
    int into(int fd, NativeBuffer buffer);
  }

  private static volatile WeakReference<NativeBuffer> passed = new WeakReference<>(null);

  private static int readInto(ReadOne call, int fd) {
    NativeBuffer buffer = NativeBuffer.allocate(1);
    passed = new WeakReference<>(buffer);
    return call.into(fd, buffer);
  }

  static Stream<Arguments> callsWithABuffer() {
    return Stream.of(
        arguments("read", (ReadOne) (fd, buffer) -> LibC.read(fd, buffer, 0, 1)),
        arguments("call", (ReadOne) (fd, buffer) -> NativeCalls.call("read", fd, buffer, 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsWithABuffer")
  void aBufferStaysUntilTheCallThatUsesItIsBack(String name, ReadOne call) throws Exception {
    Fd[] pipe = LibC.pipe(0);
    NativeBuffer one = NativeBuffer.allocate(1);
    for (int i = 0; i < 20_000; i++) { // compiled code is what forgets variables early
      LibC.write(pipe[1].number(), one, 0, 1);
      assertEquals(1, readInto(call, pipe[0].number()));
    }
    CompletableFuture<Integer> thread = new CompletableFuture<>();
    CompletableFuture<Integer> result =
        CompletableFuture.supplyAsync(
            () -> {
              thread.complete(NativeCalls.call("gettid"));
              return readInto(call, pipe[0].number());
            });
    Path systemCall = Path.of("/proc/self/task/" + thread.get() + "/syscall");
    while (!Files.readString(systemCall).startsWith("0 ")) {
      Thread.onSpinWait();
    }
    System.gc();
    boolean kept = passed.get() != null;
    LibC.write(pipe[1].number(), one, 0, 1);
    assertEquals(1, result.get());
    assertTrue(kept);
    pipe[0].close();
    pipe[1].close();
  }
}
