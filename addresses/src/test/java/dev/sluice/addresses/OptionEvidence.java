package dev.sluice.addresses;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.MessageQueue;
import dev.sluice.os.SocketCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How it shows that an option is not ignored, for every row of the socket groups.
 *
 * <p>In addresses and values {@code PORT} is a TCP server's, {@code OWN} a text of the test's own,
 * {@code IFNAME} the name of an interface, {@code PID} the process, {@code FOLDER} a folder, {@code
 * INHERITED} a socket that was handed over.
 */
final class OptionEvidence {
  /** By name of the row. */
  static final Map<String, Evidence> ALL = new TreeMap<>();

  /** Evidence for one row. */
  sealed interface Evidence {}

  /**
   * What the system tells with the option, and does not tell without.
   *
   * @param given the option as a user writes it
   */
  record Value(String address, String given, boolean needsRoot, Reading reading, String expected)
      implements Evidence {
    @Override
    public String toString() {
      return given;
    }
  }

  /** The kernel's error, or ours, which only who asks gets. */
  record Refusal(String address, String given, boolean needsRoot, String message)
      implements Evidence {
    @Override
    public String toString() {
      return given;
    }
  }

  /** A test of behaviour; its source names the option. */
  record OtherTest(String option, String source) implements Evidence {
    @Override
    public String toString() {
      return option;
    }
  }

  /** Why there is no evidence. */
  record Excuse(String reason) implements Evidence {}

  /** What is open, and the interface it may have made. */
  record Live(Opened opened, String interfaceName) {
    int number() {
      return ((Endpoint) opened).numbers().iterator().next();
    }
  }

  /** Reads the system. */
  @FunctionalInterface
  interface Reading {
    String read(Live live) throws IOException;
  }

  private static final String UDP = "UDP4-DATAGRAM:127.0.0.1:9";
  private static final String UDP6 = "UDP6-DATAGRAM:[::1]:9";
  private static final String UDPLITE = "UDPLITE4-DATAGRAM:127.0.0.1:9";
  private static final String TCP = "TCP4:127.0.0.1:PORT";
  private static final String RAW = "IP4-DATAGRAM:127.0.0.1:253";
  private static final String RAW6 = "IP6-DATAGRAM:[::1]:253";
  private static final String UNIX = "UNIX-SENDTO:FOLDER/nobody";
  private static final String ABSTRACT = "ABSTRACT-SENDTO:nobody,bind=rbOWN";
  private static final String TUN = "TUN,tun-name=IFNAME";
  private static final String QUEUE = "POSIXMQ-BIDIRECTIONAL:/rbOWN,unlink-early";

  private static final int SOL_IP = 0;
  private static final int SOL_SOCKET = 1;
  private static final int SOL_TCP = 6;
  private static final int SOL_IPV6 = 41;
  private static final int SOL_UDPLITE = 136;

  private static final int F_GETOWN = 9;
  private static final Reading OWNER = fcntl(F_GETOWN);
  private static final Reading LOCAL_HOST =
      live -> SocketCalls.getsockname(live.number()).hostText();
  private static final Reading HAS_LOW_PORT =
      live -> SocketCalls.getsockname(live.number()).port() < 1024 ? "low" : "high";

  private OptionEvidence() {}

  static {
    sockets();
    rawSocketOptions();
    version4();
    version6();
    multicast();
    tcp();
    ports();
    datagramProtocols();
    unix();
    relaying();
    nameResolution();
    interfaces();
    queues();
    descriptors();
    halfClose();
  }

  private static String nameOf(String given) {
    int equals = given.indexOf('=');
    return equals < 0 ? given : given.substring(0, equals);
  }

  private static void enter(String name, Evidence evidence) {
    if (ALL.put(name, evidence) != null) {
      throw new IllegalStateException(name + " is there twice");
    }
  }

  // --- what is read

  private static void read(String address, String given, Reading reading, String expected) {
    enter(nameOf(given), new Value(address, given, needsRoot(address), reading, expected));
  }

  private static void readAsRoot(String address, String given, Reading reading, String expected) {
    enter(nameOf(given), new Value(address, given, true, reading, expected));
  }

  private static boolean needsRoot(String address) {
    return List.of(RAW, RAW6, TUN).contains(address);
  }

  /** The socket option as one integer or several. */
  private static Reading option(int level, int name) {
    return live -> {
      byte[] bytes = SocketCalls.getsockopt(live.number(), level, name, 256);
      if (bytes.length % Integer.BYTES != 0) {
        return HexFormat.of().formatHex(bytes);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      List<String> numbers = new ArrayList<>();
      while (buffer.hasRemaining()) {
        numbers.add(Integer.toString(buffer.getInt()));
      }
      return String.join(" ", numbers);
    };
  }

  private static Reading optionText(int level, int name) {
    return live ->
        new String(
                SocketCalls.getsockopt(live.number(), level, name, 256),
                StandardCharsets.ISO_8859_1)
            .replace("\0", "");
  }

  private static Reading optionBytes(int level, int name) {
    return live ->
        HexFormat.of().formatHex(SocketCalls.getsockopt(live.number(), level, name, 256));
  }

  private static Reading fcntl(int command) {
    return live -> Integer.toString(LibC.fcntl(live.number(), command, 0));
  }

  /** A flag of open(2), as 1 or 0. */
  private static Reading statusFlag(int mask) {
    return live -> (LibC.fcntl(live.number(), LibC.F_GETFL, 0) & mask) != 0 ? "1" : "0";
  }

  /** Whether a line of the file matches somewhere: {@code found} or {@code not found}. */
  private static Reading table(String file, String regex) {
    return live ->
        Files.readAllLines(Path.of(file)).stream()
                .anyMatch(line -> line.matches("(?i).*" + regex + ".*"))
            ? "found"
            : "not found";
  }

  private static Reading locks() {
    return live ->
        Files.readAllLines(Path.of("/proc/self/fdinfo/" + live.number())).stream()
            .filter(line -> line.startsWith("lock:"))
            .map(line -> line.split("\\s+", -1))
            .map(words -> words[2] + " " + words[4])
            .collect(Collectors.joining());
  }

  private static Reading status(String attribute) {
    return live ->
        Files.getAttribute(Path.of("/proc/self/fd/" + live.number()), "unix:" + attribute)
            .toString();
  }

  private static Reading mode() {
    return live -> Integer.toOctalString(FileCalls.fstat(live.number()).mode() & 07777);
  }

  private static String device(Live live, String file) throws IOException {
    Path path = Path.of("/sys/class/net", live.interfaceName(), file);
    return Files.exists(path) ? Files.readString(path).strip() : "no such interface";
  }

  private static Reading device(String file) {
    return live -> device(live, file);
  }

  /** Flags of an interface, or of the way it was made, as 1 or 0. */
  private static Reading deviceFlag(String file, int mask) {
    return live -> (Integer.decode(device(live, file)) & mask) != 0 ? "1" : "0";
  }

  /** A limit of a message queue. */
  private static Reading limit(String name) {
    return live ->
        new MessageQueue(Fd.borrowed(live.number()))
            .attributes()
            .replaceAll(".*\\b" + name + "=(\\d+).*", "$1");
  }

  /** The queue of a listening socket, as ss(8) tells it. */
  private static String backlog(Live live) throws IOException {
    String address = ((Listener) live.opened()).localAddress();
    Process ss =
        new ProcessBuilder(
                "ss", "-ltnH", "sport", "=", ":" + address.substring(address.lastIndexOf(':') + 1))
            .start();
    try (var lines = ss.inputReader()) {
      return Objects.requireNonNull(lines.readLine()).split("\\s+", -1)[2];
    }
  }

  // --- what is refused

  private static void refused(String address, String given, String message) {
    enter(nameOf(given), new Refusal(address, given, needsRoot(address), message));
  }

  /** setsockopt(2) with this level and name fails. */
  private static void refused(String address, String given, int level, int name, String why) {
    enter(
        nameOf(given),
        new Refusal(
            address, given, needsRoot(address), ", " + level + ", " + name + ", {1}, 4): " + why));
  }

  private static void inCli(String test, String... options) {
    elsewhere("cli/src/test/java/dev/sluice/cli/e2e/" + test, options);
  }

  private static void inEngine(String test, String... options) {
    elsewhere("engine/src/test/java/dev/sluice/" + test, options);
  }

  private static void elsewhere(String test, String... options) {
    for (String option : options) {
      enter(option, new OtherTest(option, test + ".java"));
    }
  }

  private static void excused(String reason, String... options) {
    for (String option : options) {
      enter(option, new Excuse(reason));
    }
  }

  // --- the rows

  private static void sockets() {
    readAsRoot(UDP, "so-debug", option(SOL_SOCKET, 1), "1");
    read(UDP, "so-reuseaddr", option(SOL_SOCKET, 2), "1");
    read("SOCKETPAIR", "so-type=5", option(SOL_SOCKET, 3), "5");
    refused(UDP, "so-error", SOL_SOCKET, 4, "Protocol not available");
    read(UDP, "so-dontroute", option(SOL_SOCKET, 5), "1");
    read(UDP, "so-broadcast", option(SOL_SOCKET, 6), "1");
    read(UDP, "so-sndbuf=20000", option(SOL_SOCKET, 7), "40000");
    read(UDP, "so-rcvbuf=20000", option(SOL_SOCKET, 8), "40000");
    read(UDP, "so-sndbuf-late=20000", option(SOL_SOCKET, 7), "40000");
    read(UDP, "so-rcvbuf-late=20000", option(SOL_SOCKET, 8), "40000");
    read(TCP, "so-keepalive", option(SOL_SOCKET, 9), "1");
    read(TCP, "so-oobinline", option(SOL_SOCKET, 10), "1");
    read(UDP, "so-no-check", option(SOL_SOCKET, 11), "1");
    read(UDP, "so-priority=3", option(SOL_SOCKET, 12), "3");
    read(TCP, "so-linger=5", option(SOL_SOCKET, 13), "1 5");
    excused("the kernel takes it, and keeps nothing of it", "so-bsdcompat");
    read(UDP, "so-reuseport", option(SOL_SOCKET, 15), "1");
    read(UNIX, "so-passcred", option(SOL_SOCKET, 16), "1");
    refused(UNIX, "so-peercred", "can only be read");
    read(TCP, "so-rcvlowat=77", option(SOL_SOCKET, 18), "77");
    refused(UDP, "so-sndlowat", SOL_SOCKET, 19, "Protocol not available");
    read(UDP, "so-rcvtimeo=1.5", option(SOL_SOCKET, 20), "1 0 500000 0");
    read(UDP, "so-sndtimeo=2.5", option(SOL_SOCKET, 21), "2 0 500000 0");
    refused(UDP, "so-security-authentication", SOL_SOCKET, 22, "Protocol not available");
    refused(UDP, "so-security-encryption-transport", SOL_SOCKET, 23, "Protocol not available");
    refused(UDP, "so-security-encryption-network", SOL_SOCKET, 24, "Protocol not available");
    read(UDP, "so-bindtodevice=lo", optionText(SOL_SOCKET, 25), "lo");
    refused(UDP, "so-attach-filter", SOL_SOCKET, 26, "Invalid argument");
    refused(UDP, "so-detach-filter", SOL_SOCKET, 27, "No such file or directory");
    read(UDP, "so-timestamp", option(SOL_SOCKET, 29), "1");
    refused(UDP, "so-acceptconn", SOL_SOCKET, 30, "Protocol not available");
    read(UDP, "so-protocol=136", option(SOL_SOCKET, 38), "136");
    read("UDP-RECV:0", "protocol-family=ip6", option(SOL_SOCKET, 39), "10");
    read(UDP, "bind=127.0.0.2", LOCAL_HOST, "127.0.0.2");
    inCli("TimeoutTest", "connect-timeout");
    read(UDP, "fiosetown=PID", OWNER, "PID");
    read(UDP, "siocspgrp=PID", OWNER, "PID");
  }

  private static void rawSocketOptions() {
    read(UDP, "setsockopt=0:1:16", option(SOL_IP, 1), "16");
    read(UDP, "setsockopt-bin=0:1:i16", option(SOL_IP, 1), "16");
    read(UDP, "setsockopt-int=0:1:16", option(SOL_IP, 1), "16");
    read(UDP, "setsockopt-string=1:25:lo", optionText(SOL_SOCKET, 25), "lo");
    read(UDP, "setsockopt-listen=0:1:16", option(SOL_IP, 1), "16");
    read(UDP, "setsockopt-socket=0:1:16", option(SOL_IP, 1), "16");
    read(UDP, "setsockopt-connected=0:1:16", option(SOL_IP, 1), "16");
  }

  private static void version4() {
    read(UDP, "ip-tos=16", option(SOL_IP, 1), "16");
    read(UDP, "ip-ttl=33", option(SOL_IP, 2), "33");
    read(RAW, "ip-hdrincl", option(SOL_IP, 3), "1");
    read(UDP, "ip-options=x01010101", optionBytes(SOL_IP, 4), "01010101");
    refused(UDP, "ip-router-alert", SOL_IP, 5, "Invalid argument");
    read(UDP, "ip-recvopts", option(SOL_IP, 6), "1");
    read(UDP, "ip-retopts", option(SOL_IP, 7), "1");
    read(UDP, "ip-pktinfo", option(SOL_IP, 8), "1");
    refused(UDP, "ip-pktoptions", SOL_IP, 9, "Protocol not available");
    read(UDP, "ip-mtu-discover=2", option(SOL_IP, 10), "2");
    read(UDP, "ip-recverr", option(SOL_IP, 11), "1");
    read(UDP, "ip-recvttl", option(SOL_IP, 12), "1");
    read(UDP, "ip-recvtos", option(SOL_IP, 13), "1");
    refused(UDP, "ip-mtu", SOL_IP, 14, "Protocol not available");
    read(UDP, "ip-freebind", option(SOL_IP, 15), "1");
    readAsRoot(UDP, "ip-transparent", option(SOL_IP, 19), "1");
  }

  private static void version6() {
    refused(UDP6, "ipv6-authhdr", SOL_IPV6, 10, "Protocol not available");
    read(UDP6, "ipv6-unicast-hops=9", option(SOL_IPV6, 16), "9");
    read(UDP6, "ipv6-mtu-discover=2", option(SOL_IPV6, 23), "2");
    read(UDP6, "ipv6-recverr", option(SOL_IPV6, 25), "1");
    read(UDP6, "ipv6-v6only", option(SOL_IPV6, 26), "1");
    read(UDP6, "ipv6-recvpktinfo", option(SOL_IPV6, 49), "1");
    refused(UDP6, "ipv6-pktinfo", SOL_IPV6, 50, "Invalid argument");
    read(UDP6, "ipv6-recvhoplimit", option(SOL_IPV6, 51), "1");
    refused(UDP6, "ipv6-hoplimit", SOL_IPV6, 52, "Protocol not available");
    read(UDP6, "ipv6-recvhopopts", option(SOL_IPV6, 53), "1");
    refused(RAW6, "ipv6-hopopts", SOL_IPV6, 54, "Invalid argument");
    read(UDP6, "ipv6-recvrthdr", option(SOL_IPV6, 56), "1");
    refused(RAW6, "ipv6-rthdr", SOL_IPV6, 57, "Invalid argument");
    read(UDP6, "ipv6-recvdstopts", option(SOL_IPV6, 58), "1");
    refused(RAW6, "ipv6-dstopts", SOL_IPV6, 59, "Invalid argument");
    read(UDP6, "ipv6-recvpathmtu", option(SOL_IPV6, 60), "1");
    read(UDP6, "ipv6-recvtclass", option(SOL_IPV6, 66), "1");
    read(UDP6, "ipv6-tclass=0x21", option(SOL_IPV6, 67), "33");
  }

  private static void multicast() {
    read(UDP, "ip-multicast-if=127.0.0.1", optionBytes(SOL_IP, 32), "7f000001");
    read(UDP, "ip-multicast-ttl=7", option(SOL_IP, 33), "7");
    read(UDP, "ip-multicast-loop=0", option(SOL_IP, 34), "0");
    read(UDP, "ip-add-membership=224.1.77.1:lo", table("/proc/net/igmp", "014D01E0"), "found");
    read(
        UDP,
        "ip-add-source-membership=232.1.77.2:127.0.0.1:127.0.0.9",
        table("/proc/net/mcfilter", "0xe8014d02 0x7f000009"),
        "found");
    read(UDP6, "ipv6-multicast-loop=0", option(SOL_IPV6, 19), "0");
    read(
        UDP6,
        "ipv6-join-group=[ff02::77:1]:lo",
        table("/proc/net/igmp6", "ff020000000000000000000000770001"),
        "found");
    read(
        UDP6,
        "ipv6-join-source-group=[ff35::77:2]:lo:[fe80::9]",
        table("/proc/net/mcfilter6", "ff350000000000000000000000770002 fe80.*0009"),
        "found");
  }

  private static void tcp() {
    read(TCP, "tcp-nodelay", option(SOL_TCP, 1), "1");
    read(TCP, "tcp-maxseg=500", option(SOL_TCP, 2), "488");
    refused(TCP, "tcp-maxseg-late", SOL_TCP, 2, "Invalid argument");
    read(TCP, "tcp-cork", option(SOL_TCP, 3), "1");
    read(TCP, "tcp-keepidle=77", option(SOL_TCP, 4), "77");
    read(TCP, "tcp-keepintvl=33", option(SOL_TCP, 5), "33");
    read(TCP, "tcp-keepcnt=4", option(SOL_TCP, 6), "4");
    read(TCP, "tcp-syncnt=3", option(SOL_TCP, 7), "3");
    read(TCP, "tcp-linger2=20", option(SOL_TCP, 8), "20");
    read(TCP, "tcp-defer-accept=3", option(SOL_TCP, 9), "3");
    read(TCP, "tcp-window-clamp=20000", option(SOL_TCP, 10), "20000");
    refused(TCP, "tcp-info", ": Protocol not available");
    inEngine("option/OptionApplierTest", "tcp-quickack");
    refused(TCP, "tcp-md5sig", ": Invalid argument");
  }

  private static void ports() {
    read(
        "UDP4-SENDTO:127.0.0.1:9",
        "sourceport=PORT",
        live -> Integer.toString(SocketCalls.getsockname(live.number()).port()),
        "PORT");
    readAsRoot("UDP4-SENDTO:127.0.0.1:9,bind=127.0.0.1", "lowport", HAS_LOW_PORT, "low");
  }

  private static void datagramProtocols() {
    read(UDPLITE, "udplite-send-cscov=20", option(SOL_UDPLITE, 10), "20");
    read(UDPLITE, "udplite-recv-cscov=20", option(SOL_UDPLITE, 11), "20");
    excused("this kernel has no DCCP; a socket can't be made", "dccp-set-ccid");
  }

  private static void unix() {
    read(
        ABSTRACT,
        "unix-tightsocklen=0",
        live -> Integer.toString(SocketCalls.getsockname(live.number()).length()),
        "110");
    read(
        UNIX,
        "unix-bind-tempname=FOLDER/tXXXXXX",
        live ->
            SocketCalls.getsockname(live.number()).hostText().contains("/t") ? "named" : "unnamed",
        "named");
  }

  private static void relaying() {
    read("TCP4-LISTEN:0,bind=127.0.0.1", "backlog=77", OptionEvidence::backlog, "77");
    inCli("ForkTest", "fork", "max-children", "range");
    inCli("SessionTest", "accept-timeout", "children-shutup");
    inCli("RetryTest", "retry", "forever", "interval");
    inEngine("relay/RelaySupervisorTest", "backoff", "restart");
    inCli(
        "AccessFilesTest",
        "tcpwrappers",
        "tcpwrap-etc",
        "tcpwrap-hosts-allow-table",
        "tcpwrap-hosts-deny-table");
  }

  private static void nameResolution() {
    inCli("SocketAddressTest", "ai-addrconfig", "ai-all", "ai-passive", "ai-v4mapped");
    inCli(
        "ResolverOptionsTest",
        "res-nsaddr",
        "res-usevc",
        "res-igntc",
        "res-recurse",
        "res-defnames",
        "res-dnsrch",
        "res-stayopen",
        "res-retrans",
        "res-retry");
    excused("the C library is built without the resolver's debugging", "res-debug");
  }

  private static void interfaces() {
    read(TUN, "iff-up", deviceFlag("flags", 0x1), "1");
    read(TUN, "iff-debug", deviceFlag("flags", 0x4), "1");
    read(TUN, "iff-notrailers", deviceFlag("flags", 0x20), "1");
    read(TUN, "iff-noarp=0", deviceFlag("flags", 0x80), "0");
    read(TUN, "iff-promisc", deviceFlag("flags", 0x100), "1");
    read(TUN, "iff-allmulti", deviceFlag("flags", 0x200), "1");
    read(TUN, "iff-multicast=0", deviceFlag("flags", 0x1000), "0");
    read(TUN, "iff-portsel", deviceFlag("flags", 0x2000), "1");
    read(TUN, "iff-automedia", deviceFlag("flags", 0x4000), "1");
    excused(
        "the driver alone sets this flag of an interface",
        "iff-broadcast",
        "iff-loopback",
        "iff-pointopoint",
        "iff-running",
        "iff-master",
        "iff-slave");
    read(TUN, "interface-mtu=1400", device("mtu"), "1400");
    inCli("InterfaceTest", "retrieve-vlan");
    refused("TUN", "tun-device=/dev/null", "Inappropriate ioctl for device");
    readAsRoot(
        "TUN",
        "tun-name=IFNAME",
        live -> Files.exists(Path.of("/sys/class/net", live.interfaceName())) ? "there" : "absent",
        "there");
    read(TUN, "tun-type=tap", deviceFlag("tun_flags", 0x2), "1");
    read(TUN, "iff-no-pi", deviceFlag("tun_flags", 0x1000), "1");
    read(TUN, "ioctl-int=0x400454cd:1", device("type"), "1");
  }

  private static void queues() {
    inCli("MessageQueueTest", "posixmq-priority", "posixmq-flush");
    read(QUEUE, "posixmq-maxmsg=3", limit("maxmsg"), "3");
    read(QUEUE, "posixmq-msgsize=300", limit("msgsize"), "300");
  }

  private static void descriptors() {
    read(UDP, "f-setlk-rd", locks(), "OFDLCK READ");
    read(UDP, "f-setlk-wr", locks(), "OFDLCK WRITE");
    read(UDP, "f-setlkw-rd", locks(), "OFDLCK READ");
    read(UDP, "f-setlkw-wr", locks(), "OFDLCK WRITE");
    read(UDP, "flock-sh", locks(), "FLOCK READ");
    read(UDP, "flock-sh-nb", locks(), "FLOCK READ");
    read(UDP, "flock-ex", locks(), "FLOCK WRITE");
    read(UDP, "flock-ex-nb", locks(), "FLOCK WRITE");
    read(UDP, "cloexec=0", fcntl(LibC.F_GETFD), "0");
    read(UDP, "perm=421", mode(), "421");
    read(UDP, "perm-late=421", mode(), "421");
    readAsRoot(UDP, "user=4711", status("uid"), "4711");
    readAsRoot(UDP, "user-late=4711", status("uid"), "4711");
    readAsRoot(UDP, "group=4711", status("gid"), "4711");
    readAsRoot(UDP, "group-late=4711", status("gid"), "4711");
    read(UDP, "append", statusFlag(02000), "1");
    read(UDP, "async", statusFlag(020000), "1");
    read("FD:INHERITED", "o-nonblock", statusFlag(04000), "1");
    read(UDP, "o-noatime", statusFlag(01000000), "1");
    read(UDP, "ioctl-void=0x5450", fcntl(LibC.F_GETFD), "0");
    read(UDP, "ioctl-intp=0x5452:1", statusFlag(020000), "1");
    read(UDP, "ioctl-bin=0x5452:i1", statusFlag(020000), "1");
    read(UDP, "ioctl-string=0x5452:yes", statusFlag(020000), "1");
  }

  private static void halfClose() {
    inCli(
        "HalfCloseTableTest",
        "null-eof",
        "shut-none",
        "shut-down",
        "shut-close",
        "shut-null",
        "end-close");
    inCli("IoErrorTest", "cool-write");
  }
}
