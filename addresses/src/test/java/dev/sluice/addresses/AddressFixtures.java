package dev.sluice.addresses;

import dev.sluice.endpoint.Direction;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.MessageQueue;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.testkit.AddressFixture;
import dev.sluice.testkit.AddressFixture.Bytes;
import dev.sluice.testkit.AddressFixture.Failing;
import dev.sluice.testkit.AddressFixture.Scene;
import dev.sluice.testkit.DatagramPeer;
import dev.sluice.testkit.DescriptorPeer;
import dev.sluice.testkit.FilePeer;
import dev.sluice.testkit.Peer;
import dev.sluice.testkit.SocketServer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scene for every address type there is. */
final class AddressFixtures {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Pattern PORT = Pattern.compile(":(\\d+)$");

  private final Map<String, AddressFixture> all = new TreeMap<>();

  private AddressFixtures() {
    standardStreams();
    tcp("TCP", "127.0.0.1");
    tcp("TCP4", "127.0.0.1");
    tcp("TCP6", "::1");
    for (String name : new String[] {"UDP", "UDPLITE"}) {
      int protocol = name.equals("UDP") ? 17 : 136;
      udp(name, "127.0.0.1", protocol);
      udp(name + "4", "127.0.0.1", protocol);
      udp(name + "6", "::1", protocol);
    }
    proxies();
    proxyServers();
    tls();
    unix();
    unixDatagrams();
    rawIp("IP", "127.0.0.1");
    rawIp("IP4", "127.0.0.1");
    rawIp("IP6", "::1");
    generic();
    beyondThisKernel();
    interfaces();
    queues();
    files();
    programs();
    pairs();
    terminals();
  }

  /** By canonical keyword. */
  static Map<String, AddressFixture> all() {
    return new AddressFixtures().all;
  }

  /** The test's own standard streams belong to whoever runs the tests. */
  private void standardStreams() {
    for (String keyword : new String[] {"STDIO", "STDIN", "STDOUT", "STDERR"}) {
      all.put(keyword, (direction, folder) -> Scene.openOnly(keyword));
    }
    all.put("READLINE", AddressFixture.beyondThisSystem(new Failing("READLINE", "tcgetattr(0, ")));
    all.put("FD", inherited().failingWith(folder -> new Failing("FD:987654", "FD:987654")));
  }

  /** A socket as a shell would hand it over: not close-on-exec. */
  private static AddressFixture inherited() {
    return (direction, folder) -> {
      Fd[] pair = SocketCalls.socketpair(SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM, 0);
      pair[0].setCloseOnExec(false);
      return Scene.withPeer(
          "FD:" + pair[0],
          where -> new DescriptorPeer(pair[1]),
          () -> {
            pair[0].close();
            pair[1].close();
          });
    };
  }

  // --- sockets

  private static SocketAddressBytes at(String host, int port) {
    try {
      return SocketAddressBytes.of(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String inAddress(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private static Scene serverScene(String address, SocketServer server) {
    return Scene.withPeer(address, where -> server.accept(), server::close);
  }

  private void tcp(String prefix, String host) {
    all.put(
        prefix + "-CONNECT",
        ((AddressFixture)
                (direction, folder) -> {
                  SocketServer server = SocketServer.on(at(host, 0));
                  return serverScene(
                      prefix + "-CONNECT:" + inAddress(host) + ":" + server.address().port(),
                      server);
                })
            .failingWith(
                folder -> {
                  String refused = prefix + "-CONNECT:" + inAddress(host) + ":" + unusedPort(host);
                  return new Failing(refused, refused + ": Connection refused");
                }));
    all.put(
        prefix + "-LISTEN",
        ((AddressFixture)
                (direction, folder) ->
                    Scene.withPeer(
                        prefix + "-LISTEN:0,bind=" + inAddress(host),
                        where -> SocketServer.connect(at(host, port(where))),
                        () -> {}))
            .failingWith(
                folder ->
                    new Failing(
                        prefix + "-LISTEN:7,bind=" + elsewhere(host), elsewhereInErrors(host))));
  }

  // --- TLS

  private void tls() {
    String certificate = ",cert=" + TlsPeer.file("localhost.crt");
    String key = ",key=" + TlsPeer.file("localhost.key");
    String trust = ",cafile=" + TlsPeer.file("localhost.crt");
    all.put(
        "OPENSSL",
        ((AddressFixture)
                (direction, folder) -> {
                  TlsPeer.Server server = new TlsPeer.Server();
                  return Scene.withPeer(
                      "OPENSSL:127.0.0.1:" + server.port() + trust,
                      where -> server.peer(),
                      server::close);
                })
            .failingWith(
                folder -> {
                  String refused = "OPENSSL:127.0.0.1:" + unusedPort("127.0.0.1");
                  return new Failing(refused + trust, refused + ": Connection refused");
                }));
    all.put(
        "OPENSSL-LISTEN",
        ((AddressFixture)
                (direction, folder) ->
                    Scene.withPeer(
                        "OPENSSL-LISTEN:0,bind=127.0.0.1,verify=0" + certificate + key,
                        where -> TlsPeer.connect(port(where)),
                        () -> {}))
            .failingWith(
                folder ->
                    new Failing(
                        "OPENSSL-LISTEN:0,cert=/no/such/file", "SSL_CTX_use_certificate_file()")));
    all.put(
        "OPENSSL-DTLS-CLIENT",
        AddressFixture.beyondThisSystem(
            new Failing("OPENSSL-DTLS-CLIENT:127.0.0.1:1,cert=/no/such/file", "No such file")));
    all.put(
        "OPENSSL-DTLS-SERVER",
        AddressFixture.beyondThisSystem(
            new Failing("OPENSSL-DTLS-SERVER:0,cert=/no/such/file", "No such file")));
  }

  // --- proxies

  private void proxies() {
    proxy("PROXY", ":a.example:80,proxyport=", turn(33, "HTTP/1.0 200 OK\r\n\r\n"));
    String granted = "\0\132\0\0\0\0\0\0";
    proxy("SOCKS4", ":127.0.0.1:80,socksuser=me,socksport=", turn(11, granted));
    proxy("SOCKS4A", ":a.example:80,socksuser=me,socksport=", turn(21, granted));
    String reply = "\5\0\0\1\0\0\0\0\0\0";
    proxy("SOCKS5-CONNECT", ":a.example:80,socksport=", turn(3, "\5\0"), turn(16, reply));
    proxy("SOCKS5-LISTEN", ":127.0.0.1:80,socksport=", turn(3, "\5\0"), turn(10, reply + reply));
  }

  /** Clients of ours ask at once; whom they ask for is not connected here. */
  private void proxyServers() {
    String asked = "\4\1\0\120\177\0\0\1me\0";
    proxyServer("SOCKS-SERVER", asked);
    proxyServer("PROXY-SERVER", "CONNECT a.example:80 HTTP/1.1\r\n\r\n");
    all.put(
        "TARGET",
        AddressFixture.beyondThisSystem(new Failing("TARGET", "nobody has asked for one")));
  }

  private void proxyServer(String keyword, String asked) {
    put(
        keyword,
        (direction, folder) ->
            Scene.withPeer(
                keyword + ":0",
                where -> {
                  Peer peer = SocketServer.connect(at("127.0.0.1", port(where)));
                  peer.send(asked.getBytes(StandardCharsets.ISO_8859_1));
                  return peer;
                },
                () -> {}),
        folder -> new Failing(keyword + ":7,bind=0.0.0.0", "would connect anybody"));
  }

  private static CannedProxy.Turn turn(int heard, String said) {
    return new CannedProxy.Turn(heard, said.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void proxy(String keyword, String target, CannedProxy.Turn... turns) {
    String address = keyword + ":127.0.0.1" + target;
    all.put(
        keyword,
        ((AddressFixture)
                (direction, folder) -> {
                  CannedProxy proxy = new CannedProxy(SocketServer.on(at("127.0.0.1", 0)), turns);
                  return Scene.withPeer(
                      address + proxy.port(), where -> proxy.peer(), proxy::close);
                })
            .failingWith(
                folder -> new Failing(address + unusedPort("127.0.0.1"), "Connection refused")));
  }

  private static int unusedPort(String host) {
    try (SocketServer server = SocketServer.on(at(host, 0))) {
      return server.address().port();
    }
  }

  private static int port(String localAddress) {
    Matcher matcher = PORT.matcher(localAddress);
    if (!matcher.find()) {
      throw new AssertionError("no port in " + localAddress);
    }
    return Integer.parseInt(matcher.group(1));
  }

  // --- datagrams

  private void udp(String prefix, String host, int protocol) {
    for (String kind : new String[] {"-CONNECT", "-SENDTO", "-DATAGRAM"}) {
      Bytes bytes = kind.equals("-CONNECT") ? Bytes.WITH_PEER : Bytes.WITH_PEER_ENDLESS;
      put(
          prefix + kind,
          (direction, folder) -> {
            DatagramPeer peer = DatagramPeer.on(at(host, 0), protocol);
            int ours = unusedDatagramPort(host, protocol);
            String remote = inAddress(host) + ":" + peer.address().port();
            return Scene.withPeer(
                    prefix + kind + ":" + remote + ",bind=" + inAddress(host) + ":" + ours,
                    where -> peer.connect(at(host, ours)),
                    peer::close)
                .with(bytes);
          },
          folder ->
              new Failing(
                  prefix + kind + ":" + inAddress(host) + ":9,bind=" + elsewhere(host),
                  elsewhereInErrors(host)));
    }
    for (String kind : new String[] {"-LISTEN", "-RECVFROM", "-RECV"}) {
      put(
          prefix + kind,
          (direction, folder) -> greeted(prefix + kind, host, protocol),
          folder ->
              new Failing(prefix + kind + ":9,bind=" + elsewhere(host), elsewhereInErrors(host)));
    }
  }

  /** A receiving address, to which the peer speaks first. */
  private static Scene greeted(String keyword, String host, int protocol) {
    int ours = unusedDatagramPort(host, protocol);
    DatagramPeer peer = DatagramPeer.on(at(host, 0), protocol);
    return greeted(keyword, ours + ",bind=" + inAddress(host), peer, at(host, ours));
  }

  private static Scene greeted(
      String keyword, String where, DatagramPeer peer, SocketAddressBytes ours) {
    Scene scene =
        Scene.withPeer(
            keyword + ":" + where,
            at -> {
              peer.connect(ours).send("hello".getBytes(StandardCharsets.US_ASCII));
              return peer;
            },
            peer::close);
    return scene
        .greeted("hello")
        .with(
            keyword.endsWith("-LISTEN")
                ? Bytes.WITH_PEER
                : keyword.endsWith("-RECVFROM") ? Bytes.GREETING_ALONE : Bytes.WITH_PEER_ENDLESS);
  }

  private static int unusedDatagramPort(String host, int protocol) {
    try (DatagramPeer peer = DatagramPeer.on(at(host, 0), protocol)) {
      return peer.address().port();
    }
  }

  /** An address that no interface of this machine has. */
  private static String elsewhere(String host) {
    return host.equals("::1") ? "[2001:db8::1]" : "192.0.2.1";
  }

  private static String elsewhereInErrors(String host) {
    return host.equals("::1") ? "2001:0db8" : "192.0.2.1";
  }

  private void put(
      String keyword, AddressFixture opening, java.util.function.Function<Path, Failing> failing) {
    all.put(keyword, opening.failingWith(failing));
  }

  private void unix() {
    for (String keyword : new String[] {"UNIX-CONNECT", "UNIX-CLIENT"}) {
      all.put(
          keyword,
          ((AddressFixture)
                  (direction, folder) -> {
                    Path path = folder.resolve("s");
                    return serverScene(keyword + ":" + path, SocketServer.on(socketAt(path)));
                  })
              .failingWith(folder -> missing(keyword, folder)));
    }
    for (String keyword : new String[] {"ABSTRACT-CONNECT", "ABSTRACT-CLIENT"}) {
      all.put(
          keyword,
          ((AddressFixture)
                  (direction, folder) -> {
                    String name = newName();
                    return serverScene(keyword + ":" + name, SocketServer.on(abstractAt(name)));
                  })
              .failingWith(
                  folder -> new Failing(keyword + ":sluice-nobody,type=1", "sluice-nobody")));
    }
    all.put(
        "UNIX-LISTEN",
        ((AddressFixture)
                (direction, folder) -> {
                  Path path = folder.resolve("s");
                  return Scene.withPeer(
                      "UNIX-LISTEN:" + path,
                      where -> SocketServer.connect(socketAt(path)),
                      () -> {});
                })
            .failingWith(folder -> missing("UNIX-LISTEN", folder.resolve("missing"))));
    all.put(
        "ABSTRACT-LISTEN",
        (direction, folder) -> {
          String name = newName();
          return Scene.withPeer(
              "ABSTRACT-LISTEN:" + name, where -> SocketServer.connect(abstractAt(name)), () -> {});
        });
  }

  private static Failing missing(String keyword, Path folder) {
    Path path = folder.resolve("nothing-here");
    return new Failing(keyword + ":" + path, path.toString());
  }

  private static SocketAddressBytes socketAt(Path path) {
    return SocketAddressBytes.ofUnix(path.toString(), false, true);
  }

  private static SocketAddressBytes abstractAt(String name) {
    return SocketAddressBytes.ofUnix(name, true, true);
  }

  private static String newName() {
    return "sluice-test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
  }

  private void unixDatagrams() {
    for (boolean isAbstract : new boolean[] {false, true}) {
      String prefix = isAbstract ? "ABSTRACT" : "UNIX";
      put(
          prefix + "-SENDTO",
          (direction, folder) -> {
            String theirs = isAbstract ? newName() : folder.resolve("theirs").toString();
            String ours = isAbstract ? newName() : folder.resolve("ours").toString();
            DatagramPeer peer = DatagramPeer.on(named(theirs, isAbstract), 0);
            return Scene.withPeer(
                    prefix + "-SENDTO:" + theirs + ",bind=" + ours,
                    where -> peer.connect(named(ours, isAbstract)),
                    peer::close)
                .with(Bytes.WITH_PEER_ENDLESS);
          },
          folder -> {
            String missing = folder.resolve("missing/s").toString();
            return isAbstract
                ? new Failing("ABSTRACT-SENDTO:x,bind=y,bind-tempname=z", "bind and bind-tempnam")
                : new Failing("UNIX-SENDTO:x,bind=" + missing, missing);
          });
      for (String kind : new String[] {"-RECVFROM", "-RECV"}) {
        put(
            prefix + kind,
            (direction, folder) -> {
              String ours = isAbstract ? newName() : folder.resolve("ours").toString();
              String theirs = isAbstract ? newName() : folder.resolve("theirs").toString();
              DatagramPeer peer = DatagramPeer.on(named(theirs, isAbstract), 0);
              return greeted(prefix + kind, ours, peer, named(ours, isAbstract));
            },
            folder ->
                isAbstract
                    ? new Failing("ABSTRACT" + kind + ":x,bind=y", "bind")
                    : missing(prefix + kind, folder.resolve("missing")));
      }
    }
  }

  private static SocketAddressBytes named(String name, boolean isAbstract) {
    return SocketAddressBytes.ofUnix(name, isAbstract, true);
  }

  /** Raw sockets; on the loopback interface they hear themselves, so little is sent here. */
  private void rawIp(String prefix, String host) {
    for (String kind : new String[] {"-SENDTO", "-DATAGRAM"}) {
      put(
          prefix + kind,
          (direction, folder) -> Scene.openOnly(prefix + kind + ":" + inAddress(host) + ":253"),
          folder -> new Failing(prefix + kind + ":" + inAddress(host) + ":256", "256"));
    }
    put(
        prefix + "-RECV",
        (direction, folder) -> Scene.openOnly(prefix + "-RECV:253"),
        folder -> new Failing(prefix + "-RECV:256", "256"));
    put(
        prefix + "-RECVFROM",
        (direction, folder) -> {
          DatagramPeer peer = DatagramPeer.raw(at(host, 0), 254);
          return greeted(prefix + "-RECVFROM", "254,bind=" + inAddress(host), peer, at(host, 0))
              .with(Bytes.NONE);
        },
        folder -> new Failing(prefix + "-RECVFROM:256", "256"));
  }

  private static String data(SocketAddressBytes address) {
    return "x" + HexFormat.of().formatHex(address.bytes(), 2, address.length());
  }

  private void generic() {
    put(
        "SOCKET-CONNECT",
        (direction, folder) -> {
          SocketServer server = SocketServer.on(at("127.0.0.1", 0));
          return serverScene("SOCKET-CONNECT:2:6:" + data(server.address()), server);
        },
        folder -> new Failing("SOCKET-CONNECT:77:6:x00", "socket(77, 1, 6)"));
    put(
        "SOCKET-LISTEN",
        (direction, folder) ->
            Scene.withPeer(
                "SOCKET-LISTEN:2:6:" + data(at("127.0.0.1", 0)),
                where -> SocketServer.connect(at("127.0.0.1", port(where))),
                () -> {}),
        folder -> new Failing("SOCKET-LISTEN:2:6:" + data(at("192.0.2.1", 7)), "192.0.2.1"));
    for (String kind : new String[] {"SOCKET-SENDTO", "SOCKET-DATAGRAM"}) {
      put(
          kind,
          (direction, folder) -> {
            DatagramPeer peer = DatagramPeer.on(at("127.0.0.1", 0), 17);
            SocketAddressBytes ours = at("127.0.0.1", unusedDatagramPort("127.0.0.1", 17));
            return Scene.withPeer(
                    kind + ":2:2:17:" + data(peer.address()) + ",bind=" + data(ours),
                    where -> peer.connect(ours),
                    peer::close)
                .with(Bytes.WITH_PEER_ENDLESS);
          },
          folder -> new Failing(kind + ":2:2:17:y", "\"y\""));
    }
    for (String kind : new String[] {"SOCKET-RECVFROM", "SOCKET-RECV"}) {
      put(
          kind,
          (direction, folder) -> {
            SocketAddressBytes ours = at("127.0.0.1", unusedDatagramPort("127.0.0.1", 17));
            DatagramPeer peer = DatagramPeer.on(at("127.0.0.1", 0), 17);
            return greeted(kind, "2:2:17:" + data(ours), peer, ours);
          },
          folder -> new Failing(kind + ":2:2:17:" + data(at("192.0.2.1", 9)), "192.0.2.1"));
    }
    all.put(
        "ACCEPT-FD",
        ((AddressFixture)
                (direction, folder) -> {
                  Fd listening =
                      SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_STREAM, 0);
                  SocketCalls.bind(listening.number(), at("127.0.0.1", 0));
                  SocketCalls.listen(listening.number(), 5);
                  listening.setCloseOnExec(false);
                  return Scene.withPeer(
                      "ACCEPT-FD:" + listening,
                      where -> SocketServer.connect(at("127.0.0.1", port(where))),
                      () -> {});
                })
            .failingWith(folder -> new Failing("ACCEPT-FD:987654", "ACCEPT-FD:987654")));
  }

  /** What this kernel may lack fails by its system call; tests go no further. */
  private void beyondThisKernel() {
    for (String version : new String[] {"", "4", "6"}) {
      String host = version.equals("6") ? "[::1]" : "127.0.0.1";
      for (String protocol : new String[] {"SCTP", "DCCP"}) {
        String keyword = protocol + version;
        String connect = keyword + "-CONNECT:" + host + ":1";
        all.put(
            keyword + "-CONNECT", AddressFixture.beyondThisSystem(new Failing(connect, connect)));
        all.put(
            keyword + "-LISTEN",
            AddressFixture.beyondThisSystem(
                new Failing(
                    keyword + "-LISTEN:9,bind=" + elsewhere(version.equals("6") ? "::1" : ""),
                    "(")));
      }
    }
    all.put(
        "VSOCK-CONNECT",
        AddressFixture.beyondThisSystem(new Failing("VSOCK-CONNECT:2:1", "AF=40 cid:2 port:1")));
    all.put(
        "VSOCK-LISTEN",
        AddressFixture.beyondThisSystem(new Failing("VSOCK-LISTEN:x", "garbage in port: \"x\"")));
  }

  private void interfaces() {
    put(
        "INTERFACE",
        (direction, folder) -> Scene.openOnly("INTERFACE:lo"),
        folder -> new Failing("INTERFACE:no-such", "unknown interface \"no-such\""));
    put(
        "TUN",
        (direction, folder) -> Scene.openOnly("TUN,tun-name=sluicetest%d"),
        folder -> new Failing("TUN,tun-type=xx", "unknown tun-type \"xx\""));
  }

  // --- message queues

  private void queues() {
    for (String kind : new String[] {"BIDIRECTIONAL", "READ", "RECEIVE", "SEND", "WRITE"}) {
      String keyword = "POSIXMQ-" + kind;
      put(
          keyword,
          (direction, folder) -> {
            String name = "/" + newName();
            MessageQueue queue =
                MessageQueue.open(name, OpenFlags.RDWR | OpenFlags.CREAT, 0600, null, "mq_open()");
            if (!kind.equals("SEND") && !kind.equals("WRITE")) {
              NativeBuffer hello = NativeBuffer.of("hello".getBytes(StandardCharsets.US_ASCII));
              queue.send(hello.address(), 5, 0);
              Reference.reachabilityFence(hello);
            }
            queue.fd().close();
            return new Scene(
                keyword + ":" + name,
                null,
                Bytes.NONE,
                kind.equals("SEND") || kind.equals("WRITE") ? "" : "hello",
                () -> MessageQueue.unlink(name));
          },
          folder -> new Failing(keyword + ":no-slash", "mq_open(\"no-slash\""));
    }
  }

  // --- files and pipes

  private void files() {
    all.put("OPEN", file("OPEN").failingWith(folder -> missing("OPEN", folder)));
    all.put(
        "GOPEN", file("GOPEN").failingWith(folder -> missing("GOPEN", folder.resolve("missing"))));
    all.put(
        "CREATE",
        file("CREATE").failingWith(folder -> missing("CREATE", folder.resolve("missing"))));
    all.put(
        "PIPE",
        ((AddressFixture)
                (direction, folder) ->
                    direction == Direction.BOTH ? Scene.echoing("PIPE") : fifo(direction, folder))
            .failingWith(folder -> missing("PIPE", folder.resolve("missing"))));
    all.put("TEXT", (direction, folder) -> Scene.openOnly("TEXT:\"hello\""));
    all.put("STALL", (direction, folder) -> Scene.openOnly("STALL"));
  }

  /**
   * A regular file. Read and written at once it has one offset for both: what is written is not
   * read again, and what a peer appends is.
   */
  private static AddressFixture file(String keyword) {
    return (direction, folder) -> {
      Path path = Files.createFile(folder.resolve("file"));
      return Scene.withPeer(keyword + ":" + path, where -> new FilePeer(path), () -> {});
    };
  }

  /** A named pipe, which would not open without somebody at its other end. */
  private static Scene fifo(Direction direction, Path folder) {
    Path path = folder.resolve("fifo");
    LibC.check(FileCalls.mkfifo(path.toString(), 0600), "mkfifo()");
    Fd keptOpen = FileCalls.open(path.toString(), OpenFlags.RDWR, 0);
    return Scene.withPeer(
        "PIPE:" + path,
        where -> {
          Peer peer = fifoPeer(direction, path);
          keptOpen.close();
          return peer;
        },
        keptOpen::close);
  }

  private static Peer fifoPeer(Direction direction, Path path) {
    Fd end =
        FileCalls.open(
            path.toString(),
            (direction.writes() ? OpenFlags.RDONLY : OpenFlags.WRONLY) | OpenFlags.NONBLOCK,
            0);
    return new DescriptorPeer(end);
  }

  // --- programs

  private void programs() {
    all.put(
        "EXEC",
        ((AddressFixture)
                (direction, folder) ->
                    direction == Direction.BOTH
                        ? Scene.echoing("EXEC:cat")
                        : program(
                            direction,
                            folder,
                            path -> "EXEC:cat " + path,
                            path -> "EXEC:dd bs=512 status=none of=" + path))
            .failingWith(folder -> missing("EXEC", folder)));
    all.put(
        "SYSTEM",
        (direction, folder) ->
            direction == Direction.BOTH
                ? Scene.echoing("SYSTEM:cat")
                : program(
                    direction,
                    folder,
                    path -> "SYSTEM:cat " + path,
                    path -> "SYSTEM:cat >" + path));
    all.put(
        "SHELL",
        ((AddressFixture)
                (direction, folder) ->
                    direction == Direction.BOTH
                        ? Scene.echoing("SHELL:cat,shell=/bin/sh")
                        : program(
                            direction,
                            folder,
                            path -> "SHELL:cat " + path + ",shell=/bin/sh",
                            path -> "SHELL:cat >" + path + ",shell=/bin/sh"))
            .failingWith(
                folder ->
                    new Failing("SHELL:cat,shell=" + folder + "/no-shell", folder + "/no-shell")));
  }

  /** A program that reads or writes a named pipe, whose other end is the peer. */
  private static Scene program(
      Direction direction,
      Path folder,
      java.util.function.Function<Path, String> reading,
      java.util.function.Function<Path, String> writing) {
    Path path = folder.resolve("fifo");
    LibC.check(FileCalls.mkfifo(path.toString(), 0600), "mkfifo()");
    return Scene.withPeer(
        direction.reads() ? reading.apply(path) : writing.apply(path),
        where ->
            new DescriptorPeer(
                FileCalls.open(
                    path.toString(), direction.reads() ? OpenFlags.WRONLY : OpenFlags.RDONLY, 0)),
        () -> {});
  }

  // --- pairs

  private void pairs() {
    all.put(
        "SOCKETPAIR",
        ((AddressFixture) (direction, folder) -> Scene.echoing("SOCKETPAIR"))
            .failingWith(folder -> new Failing("SOCKETPAIR,socktype=77", "socketpair(")));
  }

  // --- terminals

  private void terminals() {
    put(
        "PTY",
        (direction, folder) -> {
          Path link = folder.resolve("pty");
          return Scene.withPeer(
                  "PTY,rawer,link=" + link, where -> new DescriptorPeer(terminal(link)), () -> {})
              .with(Bytes.WITH_PEER_ENDLESS);
        },
        folder -> missing("PTY,link=" + folder + "/missing/nothing-here", folder));
  }

  private static Fd terminal(Path path) {
    return FileCalls.open(path.toString(), OpenFlags.RDWR | OpenFlags.NOCTTY, 0);
  }

  /** A folder of its own below another. */
  static Path newFolder(Path parent) throws IOException {
    return Files.createTempDirectory(parent, "t");
  }
}
