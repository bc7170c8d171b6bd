package dev.sluice.option;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Accounts;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.ProcessCalls;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options against the kernel: what was set is read back. */
class OptionApplierTest {
  private static final RelayLog LOG = RelayLog.ofProcess();

  private static void apply(Fd fd, Phase phase, String options) {
    OptionApplier.apply(phase, fd, Given.options(options), LOG);
  }

  private static int intOption(Fd fd, int level, int name) {
    return ByteBuffer.wrap(SocketCalls.getsockopt(fd.number(), level, name, 4))
        .order(ByteOrder.nativeOrder())
        .getInt();
  }

  @Nested
  class OnSockets {
    private final Fd tcp =
        SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_STREAM, 0);

    @org.junit.jupiter.api.AfterEach
    void close() {
      tcp.close();
    }

    @Test
    void setsNumbers() {
      assertEquals(1, intOption(tcp, 6, 12));
      apply(tcp, Phase.PASTSOCKET, "nodelay,keepidle=77,ttl=33,priority=3,quickack=0");
      assertEquals(1, intOption(tcp, 6, 1));
      assertEquals(77, intOption(tcp, 6, 4));
      assertEquals(33, intOption(tcp, 0, 2));
      assertEquals(3, intOption(tcp, 1, 12));
      assertEquals(0, intOption(tcp, 6, 12));
    }

    @Test
    void actsInItsPhaseAlone() {
      apply(tcp, Phase.PASTSOCKET, "keepalive,reuseaddr");
      assertEquals(0, intOption(tcp, 1, 9));
      apply(tcp, Phase.FD, "keepalive,reuseaddr");
      assertEquals(1, intOption(tcp, 1, 9));
      assertEquals(0, intOption(tcp, 1, 2));
      apply(tcp, Phase.PREBIND, "reuseaddr");
      assertEquals(1, intOption(tcp, 1, 2));
    }

    @Test
    void actsInWrittenOrder() {
      apply(tcp, Phase.PASTSOCKET, "ttl=33,ttl=44");
      assertEquals(44, intOption(tcp, 0, 2));
    }

    @Test
    void leavesAnEmptyNumberAlone() {
      apply(tcp, Phase.PREBIND, "reuseaddr");
      apply(tcp, Phase.PREBIND, "reuseaddr=");
      assertEquals(1, intOption(tcp, 1, 2));
    }

    @Test
    void leavesOutWhatTheCallerHandled() {
      OptionApplier.apply(
          Phase.PASTSOCKET, tcp, Given.options("ttl=33,tos=8"), LOG, IpOptions.IP_TTL);
      assertEquals(64, intOption(tcp, 0, 2));
      assertEquals(8, intOption(tcp, 0, 1));
    }

    @Test
    void setsStructures() {
      apply(tcp, Phase.PASTSOCKET, "linger=5,rcvtimeo=1.5");
      assertArrayEquals(new int[] {1, 5}, ints(SocketCalls.getsockopt(tcp.number(), 1, 13, 8)));
      ByteBuffer time =
          ByteBuffer.wrap(SocketCalls.getsockopt(tcp.number(), 1, 20, 16))
              .order(ByteOrder.nativeOrder());
      assertEquals(1, time.getLong());
      assertEquals(500, time.getLong() / 1000);
    }

    private int[] ints(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      return new int[] {buffer.getInt(), buffer.getInt()};
    }

    @Test
    void setsBytes() {
      try (Fd udp = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_DGRAM, 0)) {
        apply(udp, Phase.PASTSOCKET, "multicast-ttl=7,multicast-loop=0");
        assertEquals(7, intOption(udp, 0, 33));
        assertEquals(0, intOption(udp, 0, 34));
      }
    }

    @Test
    void setsWhateverLevelAndNumberSay() {
      apply(
          tcp,
          Phase.CONNECTED,
          "setsockopt-int=6:4:55,setsockopt=6:6:i3,setsockopt-string=6:13:cubic");
      assertEquals(55, intOption(tcp, 6, 4));
      assertEquals(3, intOption(tcp, 6, 6));
      assertTrue(
          new String(SocketCalls.getsockopt(tcp.number(), 6, 13, 16), StandardCharsets.US_ASCII)
              .startsWith("cubic"));
    }

    @Test
    void addsToTheHeaderOptions() {
      apply(tcp, Phase.PASTSOCKET, "ip-options=x01010101,ip-options=x01010100");
      byte[] options = SocketCalls.getsockopt(tcp.number(), 0, 4, 40);
      assertArrayEquals(new byte[] {1, 1, 1, 1, 1, 1, 1, 0}, options);
    }

    @Test
    void joinsGroups() {
      try (Fd udp = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_DGRAM, 0)) {
        apply(
            udp,
            Phase.PASTSOCKET,
            "membership=224.1.0.1:lo,membership=224.1.0.2:1,multicast-if=127.0.0.1");
        apply(
            udp,
            Phase.PASTSOCKET,
            "membership=224.1.0.3:127.0.0.1,source-membership=232.1.1.1:127.0.0.1:127.0.0.1");
        NativeError twice =
            assertThrows(
                NativeError.class, () -> apply(udp, Phase.PASTSOCKET, "membership=224.1.0.1:lo"));
        assertTrue(
            twice
                .getMessage()
                .startsWith("setsockopt(" + udp + ", 0, 35, {0x010001e0,0x00000000,1}, 12): "),
            twice.getMessage());
      }
    }

    @Test
    void joinsVersionSixGroups() {
      assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")));
      try (Fd udp = SocketCalls.socket(SocketAddressBytes.AF_INET6, SocketCalls.SOCK_DGRAM, 0)) {
        apply(
            udp,
            Phase.PASTSOCKET,
            "join-group=[ff02::114]:lo,join-source-group=[ff3e::1]:lo:[::1],unicast-hops=9");
        assertEquals(9, intOption(udp, 41, 16));
      }
    }

    @Test
    void namesTheInterfaceThatIsMissing() {
      String message =
          assertThrows(
                  OptionType.BadValue.class,
                  () -> apply(tcp, Phase.PASTSOCKET, "join-group=[ff02::1]:nix"))
              .getMessage();
      assertEquals("interface \"nix\" not found", message);
    }

    @Test
    void reportsARefusalAsTheCall() {
      NativeError refused =
          assertThrows(NativeError.class, () -> apply(tcp, Phase.PASTSOCKET, "tcp-md5sig"));
      assertEquals(
          "setsockopt(" + tcp + ", 6, 14, {1}, 4): Invalid argument", refused.getMessage());
    }

    @Test
    void keepsPolledDescriptorsNonBlocking() {
      tcp.setNonBlocking(true);
      apply(tcp, Phase.FD, "nonblock=0");
      assertTrue((LibC.fcntl(tcp.number(), LibC.F_GETFL, 0) & OpenFlags.NONBLOCK) != 0);
    }

    @Test
    void setsTheOwnerOfSignals() {
      apply(tcp, Phase.PASTSOCKET, "fiosetown=" + ProcessCalls.getpid());
      assertEquals(ProcessCalls.getpid(), LibC.fcntl(tcp.number(), 9 /* F_GETOWN */, 0));
    }
  }

  @Nested
  class OnFiles {
    @TempDir Path directory;

    private Path file() throws IOException {
      return Files.writeString(directory.resolve("file"), "0123456789");
    }

    private Fd open(Path file) {
      return FileCalls.open(file.toString(), OpenFlags.RDWR, 0);
    }

    @Test
    void seeksInWrittenOrder() throws IOException {
      try (Fd fd = open(file())) {
        apply(fd, Phase.LATE, "seek=5,seek-cur=3");
        assertEquals(8, LibC.lseek(fd.number(), 0, 1));
        apply(fd, Phase.LATE, "seek-end=-1");
        assertEquals(9, LibC.lseek(fd.number(), 0, 1));
      }
    }

    @Test
    void reportsABadPosition() throws IOException {
      try (Fd fd = open(file())) {
        NativeError refused =
            assertThrows(NativeError.class, () -> apply(fd, Phase.LATE, "seek=-5"));
        assertEquals("lseek64(" + fd + ", -5, 0): Invalid argument", refused.getMessage());
      }
    }

    @Test
    void cutsAndChangesMode() throws IOException {
      Path file = file();
      try (Fd fd = open(file)) {
        apply(fd, Phase.LATE, "truncate=4,perm-late=0640");
      }
      assertEquals(4, Files.size(file));
      assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void changesOwner() throws IOException {
      assumeTrue(System.getProperty("user.name").equals("root"));
      Path file = file();
      try (Fd fd = open(file)) {
        apply(fd, Phase.FD, "user=12345,group=23456");
      }
      assertEquals(12345, Files.getAttribute(file, "unix:uid"));
      assertEquals(23456, Files.getAttribute(file, "unix:gid"));
    }

    @Test
    void namesTheUserThatIsMissing() throws IOException {
      try (Fd fd = open(file())) {
        String message =
            assertThrows(Accounts.Unknown.class, () -> apply(fd, Phase.FD, "user=nosuch"))
                .getMessage();
        assertEquals("getpwnam(\"nosuch\"): no such user", message);
      }
    }

    @Test
    void locksExcludeOthersInTheSameProcess() throws IOException {
      Path file = file();
      try (Fd first = open(file);
          Fd second = open(file)) {
        apply(first, Phase.FD, "setlk-rd");
        apply(second, Phase.FD, "setlk-rd,setlk=0");
        NativeError refused =
            assertThrows(NativeError.class, () -> apply(second, Phase.FD, "setlk"));
        assertEquals(
            "fcntl("
                + second
                + ", 6, {type=F_WRLCK,whence=SEEK_SET,start=0,len=LONG_MAX,pid=0}): Resource temporarily unavailable",
            refused.getMessage());
      }
    }

    @Test
    void flockExcludesOthers() throws IOException {
      Path file = file();
      try (Fd first = open(file);
          Fd second = open(file)) {
        apply(first, Phase.FD, "flock-ex-nb");
        NativeError refused =
            assertThrows(NativeError.class, () -> apply(second, Phase.FD, "flock-ex-nb"));
        assertEquals(
            "flock(" + second + ", 6): Resource temporarily unavailable", refused.getMessage());
        apply(second, Phase.FD, "flock-ex-nb=0");
      }
    }

    @Test
    void changesStatusFlags() throws IOException {
      try (Fd fd = open(file())) {
        apply(fd, Phase.LATE, "append");
        assertTrue((LibC.fcntl(fd.number(), LibC.F_GETFL, 0) & OpenFlags.APPEND) != 0);
        apply(fd, Phase.LATE, "append=0");
        assertFalse((LibC.fcntl(fd.number(), LibC.F_GETFL, 0) & OpenFlags.APPEND) != 0);
        apply(fd, Phase.LATE, "cloexec=0");
        assertEquals(0, LibC.fcntl(fd.number(), 1 /* F_GETFD */, 0));
      }
    }

    @Test
    void setsAttributesWhereTheFileSystemHasThem() throws IOException {
      try (Fd fd = open(file())) {
        try {
          apply(fd, Phase.FD, "nodump");
          apply(fd, Phase.FD, "nodump=0");
        } catch (NativeError e) {
          assertTrue(e.getMessage().startsWith("ioctl(" + fd + ", 0x"), e.getMessage());
        }
      }
    }

    @Test
    void asksTheDriver() throws IOException {
      Fd[] ends = LibC.pipe(0);
      try (Fd read = ends[0];
          Fd write = ends[1]) {
        apply(write, Phase.FD, "pipesz=0x20000,ioctl-intp=0x5421:1");
        assertEquals(0x20000, LibC.fcntl(write.number(), LibC.F_GETPIPE_SZ, 0));
        assertTrue(
            (LibC.fcntl(write.number(), LibC.F_GETFL, 0) & OpenFlags.NONBLOCK) != 0,
            "FIONBIO was set");
        NativeError refused =
            assertThrows(NativeError.class, () -> apply(read, Phase.FD, "ioctl=1"));
        assertEquals(
            "ioctl(" + read + ", 0x1, NULL): Inappropriate ioctl for device", refused.getMessage());
      }
    }

    @Test
    void removesAndChangesPaths() throws IOException {
      Path file = file();
      Options options = Given.options("perm-early=0600,unlink-late,unlink=0");
      OptionApplier.applyToPath(Phase.PREOPEN, file.toString(), options, LOG);
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      OptionApplier.applyToPath(Phase.PASTOPEN, file.toString(), options, LOG);
      assertFalse(Files.exists(file));
      OptionApplier.applyToPath(Phase.PREOPEN, file.toString(), options, LOG);
      OptionApplier.applyToPath(Phase.PASTOPEN, file.toString(), options, LOG);
    }
  }

  @Test
  void openFlagsAreSetClearedAndForced() {
    int base = OpenFlags.WRONLY | OpenFlags.APPEND;
    assertEquals(
        OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.TRUNC,
        OptionApplier.openFlags(Given.options("creat,excl,trunc,append=0"), base));
    assertEquals(
        OpenFlags.RDWR | OpenFlags.APPEND, OptionApplier.openFlags(Given.options("rdwr"), base));
    assertEquals(OpenFlags.APPEND, OptionApplier.openFlags(Given.options("rdonly=0"), base));
    assertEquals(
        base | OpenFlags.SYNC | OpenFlags.NONBLOCK,
        OptionApplier.openFlags(Given.options("rsync,nonblock"), base));
  }

  @Test
  void settingsAreShownAsTheReferenceShowsThem() {
    assertEquals("1", shown("reuseaddr"));
    assertEquals("NULL", shown("reuseaddr="));
    assertEquals("384", shown("perm=0600"));
    assertEquals("\"x\"", shown("bind=x"));
    assertEquals("{1,5}", shown("linger=5"));
    assertEquals("18446744073709551611", shown("seek=-5"));
    assertEquals("1:2:3", shown("setsockopt-int=1:2:3"));
    assertEquals("1:2:\"abc\"", shown("setsockopt-string=1:2:abc"));
    assertEquals("1:2:...", shown("setsockopt=1:2:x01"));
    assertEquals("{\"224.1.0.1\",\"lo\"}", shown("membership=224.1.0.1:lo"));
  }

  private static String shown(String option) {
    return SettingText.of(Given.options(option).inOrder().get(0));
  }
}
