package dev.sluice.addresses.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.log.RelayLog;
import dev.sluice.os.NameLookup;
import dev.sluice.os.SocketAddressBytes;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Access files beside the library that defines them, as its program tcpdmatch tells. */
class HostsAccessTest {
  private static final SocketAddressBytes NOWHERE = SocketAddressBytes.ofUnix("/x", false, true);

  @TempDir Path folder;

  private static Optional<Path> oracle() {
    return Stream.of("/usr/sbin/tcpdmatch", "/usr/bin/tcpdmatch", "/sbin/tcpdmatch")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void tables(String allow, String deny) throws IOException {
    Files.writeString(folder.resolve("hosts.allow"), allow, StandardCharsets.ISO_8859_1);
    Files.writeString(folder.resolve("hosts.deny"), deny, StandardCharsets.ISO_8859_1);
  }

  private HostsAccess access(String name) {
    return new HostsAccess(
        "socat",
        folder + "/hosts.allow",
        folder + "/hosts.deny",
        RelayLog.ofProcess(),
        address -> name);
  }

  private static SocketAddressBytes at(String address) throws IOException {
    return SocketAddressBytes.of(InetAddress.getByName(address), 1);
  }

  /** A client's address, or a name of 127.0.0.1 as tcpdmatch takes it. */
  private boolean permits(String server, String client) throws IOException {
    boolean isAddress = Character.isDigit(client.charAt(0)) || client.indexOf(':') >= 0;
    return access(isAddress ? NameLookup.UNKNOWN : client)
        .permits(at(isAddress ? client : "127.0.0.1"), server.isEmpty() ? NOWHERE : at(server));
  }

  private boolean oraclePermits(String server, String client) throws Exception {
    Path program = oracle().orElseThrow();
    Files.writeString(
        folder.resolve("inetd.conf"), "socat stream tcp nowait root /usr/sbin/tcpd /bin/socat\n");
    String daemon = server.isEmpty() ? "socat" : "socat@" + server;
    Process process =
        new ProcessBuilder(program.toString(), "-d", "-i", "inetd.conf", daemon, client)
            .directory(folder.toFile())
            .redirectError(new File("/dev/null"))
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    process.waitFor();
    assertTrue(said.contains("access:"), said);
    return said.contains("granted");
  }

  /**
   * Table, client and, after {@code @}, the server's address. {@code A} stands for hosts.allow
   * before an empty hosts.deny, {@code D} for hosts.deny alone; {@code B} for hosts.allow before
   * {@code ALL: ALL}.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "D|all: all|127.0.0.1",
        "D|All: All|127.0.0.1",
        "D|SOCAT: ALL|127.0.0.1",
        "D|ALL: known|localhost",
        "D|ALL: known|127.0.0.1",
        "D|ALL: known|paranoid",
        "D|ALL: local|localhost",
        "D|ALL: Local|127.0.0.1",
        "D|ALL: local|paranoid",
        "D|ALL: unknown|127.0.0.1",
        "D|ALL: unknown|localhost",
        "D|ALL: paranoid|paranoid",
        "D|ALL: PARANOID|localhost",
        "D|ALL: PARANOID|127.0.0.1",
        "D|ALL: LOCALHOST|localhost",
        "D|ALL: localhost.|localhost",
        "D|ALL: .host|localhost",
        "D|ALL: .calhost|localhost",
        "D|ALL: .localhost|localhost",
        "D|ALL: LOCAL?OST|localhost",
        "D|ALL: l*T|localhost",
        "D|ALL: *|127.0.0.1",
        "D|ALL: 127.0.?.1|127.0.0.1",
        "D|ALL: 127.|127.0.0.1",
        "D|ALL: 12.|127.0.0.1",
        "D|ALL: .0.0.1|127.0.0.1",
        "D|ALL: 127.0.0.0/8|127.0.0.1",
        "D|ALL: 127.0.0.1/8|127.0.0.1",
        "D|ALL: 127.0.0.0/08|127.0.0.1",
        "D|ALL: 127.0.0.0/8x|127.0.0.1",
        "D|ALL: 127.0.0.0/x8|127.0.0.1",
        "D|ALL: 127.0.0.0/33|127.0.0.1",
        "D|ALL: 127.0.0.0/-1|127.0.0.1",
        "D|ALL: 127.0.0.1/32|127.0.0.1",
        "D|ALL: 0.0.0.0/0|127.0.0.1",
        "D|ALL: 0.0.0.0/0.0.0.0|127.0.0.1",
        "D|ALL: 127.0.0.1/255.255.255.255|127.0.0.1",
        "D|ALL: 127.0.0.0/255.0.0.0|127.0.0.1",
        "D|ALL: 127.1.0.0/255.0.0.0|127.0.0.1",
        "D|ALL: 127/8|127.0.0.1",
        "D|ALL: 0177.0.0.0/8|127.0.0.1",
        "D|ALL: [::1]|::1",
        "D|ALL: [0:0::1]/128|::1",
        "D|ALL: [::1]/0|::1",
        "D|ALL: [::]/64|::1",
        "D|ALL: [::2]/64|::1",
        "D|ALL: [::2]/128|::1",
        "D|ALL: [::]/129|::1",
        "D|ALL: [::]/-1|::1",
        "D|ALL: [FE80::1]|fe80::1",
        "D|ALL: [::1]x|::1",
        "D|ALL: ::1|::1",
        "D|ALL: [localhost]|::1",
        "D|ALL: [::127.0.0.1]|127.0.0.1",
        "D|ALL: [::ffff:127.0.0.1]|127.0.0.1",
        "D|ALL: 127.0.0.1|::ffff:127.0.0.1",
        "D|ALL: 127.|::ffff:127.0.0.1",
        "D|ALL: 127.0.0.0/8|::ffff:127.0.0.1",
        "D|ALL: all@127.0.0.1|127.0.0.1",
        "D|ALL: unknown@127.0.0.1|127.0.0.1",
        "D|ALL: known@127.0.0.1|127.0.0.1",
        "D|ALL: ALL@|127.0.0.1",
        "D|ALL: @nosuchgroup|127.0.0.1",
        "D|soc*: ALL|127.0.0.1",
        "D|soc.: ALL|127.0.0.1",
        "D|.cat: ALL|127.0.0.1",
        "D|known: ALL|127.0.0.1",
        "D|unknown: ALL|127.0.0.1",
        "D|SOCAT@127.: ALL|127.0.0.1@127.0.0.1",
        "D|socat@10.: ALL|127.0.0.1@127.0.0.1",
        "D|socat@unknown: ALL|127.0.0.1",
        "D|ALL@: ALL|127.0.0.1",
        "D|ALL: ALL except 127.0.0.1|127.0.0.1",
        "D|ALL: ALL Except 127.0.0.1 EXCEPT 127.|127.0.0.1",
        "D|ALL: except 127.0.0.1|127.0.0.1",
        "D|ALL: ALL except|127.0.0.1",
        "D|all except socat: ALL|127.0.0.1",
        "B|ALL: ALL except 127.0.0.1|127.0.0.1",
        "B|ALL: ALL except 10.0.0.1|127.0.0.1",
        "D|ALL:|127.0.0.1",
        "D|ALL: , 127.0.0.1|127.0.0.1",
        "D|: ALL|127.0.0.1",
        "B|ALL:|127.0.0.1",
        "D|ALL: 10.0.0.1,127.0.0.1,|127.0.0.1",
        "D|ALL: ALL\r|127.0.0.1",
        "D|\r\nALL: 127.0.0.1\r|127.0.0.1",
        "D|ALL: 127.0.0.1\u000b|127.0.0.1",
        "D|ALL 127.0.0.1\nALL: ALL|127.0.0.1",
        "D| # x: y\nALL: 10.0.0.1|127.0.0.1",
        "D|#ALL: ALL|127.0.0.1",
        "D|# c \\\nALL: ALL|127.0.0.1",
        "D|ALL: 10.0.0.1 \\\n 127.0.0.1|127.0.0.1",
        "D|ALL: 127.0\\\n.0.1|127.0.0.1",
        "D|ALL: ALL \\\r\n : allow|127.0.0.1",
        "A|ALL: 127.0.0.1 \\: deny|127.0.0.1",
        "A|ALL: 127.0.0.1 : : deny|127.0.0.1",
        "A|ALL: 127.0.0.1 :: deny|127.0.0.1",
        "A|ALL: 127.0.0.1 : Deny|127.0.0.1",
        "A|ALL: 127.0.0.1 : allow x|127.0.0.1",
        "A|ALL: 127.0.0.1 : nosuch|127.0.0.1",
        "A|ALL: 10.0.0.1 : nosuch|127.0.0.1",
        "A|ALL: 127.0.0.1 : keepalive : deny : keepalive|127.0.0.1",
        "A|ALL: 127.0.0.1 : severity mail.info : DENY|127.0.0.1",
        "A|ALL: 127.0.0.1 : twist /bin/echo|127.0.0.1",
        "B|ALL: 127.0.0.1 : setenv A b\\:c : allow|127.0.0.1",
        "D|ALL: ALL : ALLOW|127.0.0.1",
        "D|ALL: ALL: |127.0.0.1",
        "D|ALL: 127.0.0.1:[::1]|127.0.0.1",
        "D|ALL: .|127.0.0.1",
        "D|ALL: a/b|127.0.0.1"
      })
  void judgesAsTheLibraryDoes(String line) throws Exception {
    Assumptions.assumeTrue(oracle().isPresent(), "needs tcpdmatch of Debian's package tcpd");
    String[] parts = line.split("\\|", -1);
    String rule = parts[1] + "\n";
    tables(parts[0].equals("D") ? "" : rule, parts[0].equals("D") ? rule : "");
    if (parts[0].equals("B")) {
      tables(rule, "ALL: ALL\n");
    }
    String[] ends = parts[2].split("@", -1);
    String server = ends.length > 1 ? ends[1] : "";
    assertEquals(oraclePermits(server, ends[0]), permits(server, ends[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Blocked.list", "blocked"})
  void takesPatternsFromTheFileAsItIsCalled(String name) throws Exception {
    Path path = folder.resolve(name);
    Files.writeString(path, "::1 10.1.2.3\n127.*");
    tables("", "ALL: " + path + "\n");
    assertFalse(permits("", "127.0.0.1"));
    assertFalse(permits("", "::1"));
    assertTrue(permits("", "10.0.0.1"));
    tables("", "ALL: " + folder + "/missing\n");
    assertTrue(permits("", "127.0.0.1"));
  }

  /** What is there and cannot be read must not count as empty. */
  @Test
  void refusesWhileAFileCannotBeRead() throws Exception {
    tables("", "");
    assertTrue(permits("", "127.0.0.1"));
    Files.delete(folder.resolve("hosts.deny"));
    assertTrue(permits("", "127.0.0.1"));
    Files.createDirectory(folder.resolve("hosts.deny"));
    assertFalse(permits("", "127.0.0.1"));
    Files.delete(folder.resolve("hosts.deny"));
    Files.createSymbolicLink(folder.resolve("hosts.deny"), Path.of("hosts.deny"));
    assertFalse(permits("", "127.0.0.1"));
    Files.delete(folder.resolve("hosts.deny"));
    tables("", "ALL: " + folder + "\n");
    assertFalse(permits("", "127.0.0.1"));
    tables("", "ALL: " + folder + "/hosts.allow/x\n");
    assertFalse(permits("", "127.0.0.1"));
  }

  /** Rules that would have the peer served in another way than they say refuse it. */
  @ParameterizedTest
  @ValueSource(strings = {"aclexec /bin/true", "user nobody", "group=nogroup", "twist x"})
  void refusesWhatItCannotCarryOut(String option) throws Exception {
    tables("ALL: 127.0.0.1: " + option + "\n", "");
    assertFalse(permits("", "127.0.0.1"));
    assertTrue(permits("", "127.0.0.2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|''|false",
        "''|ALL: ALL|true",
        "''|sshd: ALL|false",
        "''|socat@10.: 10.|true",
        "''|ALL:|false",
        "''|ALL: ALL: allow|false",
        "''|ALL ALL|false",
        "ALL: ALL|''|false",
        "ALL: 10.: deny|''|true",
        "ALL: 10.: nosuch|''|true"
      })
  void knowsWhetherTheFilesRefuseSomebody(String allow, String deny, boolean refuses)
      throws Exception {
    tables(allow + "\n", deny + "\n");
    assertEquals(refuses, access(NameLookup.UNKNOWN).refusesSomebody());
  }

  @Test
  void refusesWhenAnythingFails() throws Exception {
    tables("", "ALL: PARANOID\n");
    HostsAccess failing =
        new HostsAccess(
            "socat",
            folder + "/hosts.allow",
            folder + "/hosts.deny",
            RelayLog.ofProcess(),
            address -> {
              throw new IllegalStateException("no resolver");
            });
    assertFalse(failing.permits(at("127.0.0.1"), NOWHERE));
  }
}
