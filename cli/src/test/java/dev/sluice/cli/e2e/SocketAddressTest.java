package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets of every family, with ours and the peer in both roles. */
class SocketAddressTest {

  /** A server that answers, a client, and what they have to be told of where. */
  private record Pair(String server, String client) {
    @Override
    public String toString() {
      return server + " and " + client;
    }
  }

  private static String data(int port, String rest) {
    return String.format("x%04x%s", port, rest);
  }

  private static List<Pair> pairs() {
    int port = Server.freePort();
    return List.of(
        new Pair("UNIX-LISTEN:s,type=5", "UNIX-CONNECT:s,type=5"),
        new Pair("UNIX-LISTEN:s,type=5", "UNIX-CLIENT:s"),
        new Pair("UNIX-RECVFROM:s", "UNIX-SENDTO:s,bind=c"),
        new Pair("UNIX-RECVFROM:s,perm=600", "UNIX-SENDTO:s,bind-tempname=./cXXXXXX.sock"),
        new Pair("ABSTRACT-RECVFROM:sluice-" + port, "ABSTRACT-SENDTO:sluice-" + port + ",bind=c"),
        new Pair("IP4-RECVFROM:251,bind=127.0.0.1", "IP4-SENDTO:127.0.0.1:251,bind=127.0.0.2"),
        new Pair(
            "SOCKET-LISTEN:2:6:" + data(port, "7f000001x0000000000000000") + ",reuseaddr",
            "SOCKET-CONNECT:2:6:" + data(port, "7f000001x0000000000000000")),
        new Pair("SOCKET-LISTEN:1:0:x75", "UNIX-CONNECT:u"),
        new Pair(
            "UDP4-RECVFROM:" + port,
            "SOCKET-SENDTO:2:2:17:" + data(port, "7f000001x0000000000000000")),
        new Pair(
            "UDP4-RECVFROM:" + port,
            "SOCKET-DATAGRAM:2:2:17:"
                + data(port, "7f000001x0000000000000000")
                + ",range=x00007f000000:x0000ff000000"),
        new Pair("UDP6-RECVFROM:" + port, "UDP6-SENDTO:[::1]:" + port));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void oursServesAndSpeaksAsThePeerDoes(Pair pair) {
    SideBySide.play((tool, folder) -> exchange(tool, tool, pair, folder)).ignoringLog().same();
    Tool.peer()
        .ifPresent(
            peer -> {
              SideBySide.play((tool, folder) -> exchange(tool, peer, pair, folder))
                  .ignoringLog()
                  .same();
              SideBySide.play((tool, folder) -> exchange(peer, tool, pair, folder))
                  .ignoringLog()
                  .same();
            });
  }

  private static Outcome exchange(Tool serving, Tool asking, Pair pair, Path folder) {
    try (Run server =
        serving
            .command("-d", "-d", pair.server(), "SYSTEM:read x; echo got $x")
            .in(folder)
            .start()) {
      server.awaitLog(" (listening|receiving) ");
      try (Run client =
          asking.command("-t", "30", "-", pair.client()).in(folder).openInput().start()) {
        client.send("question\n");
        String answer = client.awaitOutput("got .*\n").group();
        client.endInput();
        client.signal("TERM");
        client.await();
        Outcome end = server.stop("TERM");
        boolean socketLeft = folder.resolve("s").toFile().exists();
        return new Outcome(0, answer, end.stderr()).observing("socket left: " + socketLeft);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SCTP4:127.0.0.1:1",
        "SCTP:localhost:1",
        "SCTP-LISTEN:1",
        "SCTP6-L:1",
        "DCCP:127.0.0.1:1",
        "DCCP4-LISTEN:1,fork",
        "VSOCK:x:2",
        "VSOCK-LISTEN:y",
        "ACCEPT-FD:x",
        "ACCEPT-FD",
        "IP-SENDTO:127.0.0.1:300",
        "IP-RECVFROM:abc",
        "IP-SENDTO:127.0.0.1:253,bind=127.0.0.1:7",
        "SOCKET-CONNECT:2:6:z3d",
        "SOCKET-CONNECT:77:6:x0001",
        "SOCKET-CONNECT:2:6:x0001x7f000001x0000000000000000",
        "SOCKET-DATAGRAM:2:2:17:x0001x7f000001x0000000000000000,range=x44",
        "UDP4-RECV:0,keepalive",
        "UDP4-RECV:0,keepalive,perm=600,user=root,nonblock",
        "UNIX-SENDTO:nosuch",
        "UNIX-SENDTO:nosuch,perm=600",
        "UNIX-SENDTO:nosuch,bind-tempname=foo",
        "UNIX-SENDTO:nosuch,bind=x,bind-tempname=tXXXXXX",
        "UNIX-CONNECT:nosuch,retry=1,interval=.01",
        "UNIX:nosuch",
        "UNIX-RECVFROM:.",
        "INTERFACE:nix",
        "TUN,tun-device=/dev/null",
        "TUN:10.8.0.1/24:1",
        "DCCP4:127.0.0.1:1,dccp-set-ccid=2",
        "TCP4:[::1]:80",
        "TCP4:[::1]:80,ai-passive",
        "TCP4:[::1]:80,ai-addrconfig",
        "TCP4:[::1]:80,ai-all,ai-v4mapped",
        "TCP4-LISTEN:0,bind=[::1],ai-passive=0",
        "POSIXMQ-SEND:no-slash",
        "POSIXMQ-READ:/nosuch,o-creat=0"
      })
  void failsAsThePeerDoes(String address) {
    boolean readOnly = address.contains("-RECV:") || address.contains("-READ:");
    SideBySide.play(
            (tool, folder) ->
                (readOnly
                        ? tool.command("-u", address, "-")
                        : tool.command("-", address).input("x\n"))
                    .in(folder)
                    .run())
        .onlyLines(" |")
        .same();
  }

  @Test
  void optionsThatAUdpListenerHasNoUseForEndItsSession() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run server =
                  tool.command("-d", "-d", "UDP4-LISTEN:" + port + ",keepalive", "PIPE").start()) {
                server.awaitLog("listening on");
                tool.command("-u", "-", "UDP4-SENDTO:127.0.0.1:" + port).input("x").run();
                return server.await();
              }
            })
        .onlyLines("W |E ")
        .same();
  }

  @Test
  void takesConnectionsOffASocketThatIsHandedOver() {
    int port = Server.freePort();
    String script =
        "exec perl -MSocket -MFcntl -e 'socket(S,PF_INET,SOCK_STREAM,6);"
            + "setsockopt(S,SOL_SOCKET,SO_REUSEADDR,1);"
            + "bind(S,sockaddr_in("
            + port
            + ",INADDR_LOOPBACK));listen(S,5);fcntl(S,F_SETFD,0);"
            + "exec($ARGV[0],$ARGV[1],\"ACCEPT-FD:\".fileno(S).\",fork\",$ARGV[2])'"
            + " \"$0\" \"$@\"";
    SideBySide.play(
            (tool, folder) -> {
              try (Run server =
                  tool.command(
                          "-dd", "SYSTEM:echo $SOCAT_PEERADDR $SOCAT_SOCKADDR x$SOCAT_PEERPORT")
                      .after(script)
                      .start()) {
                server.awaitLog("listening on");
                String first = Client.exchange(port, "");
                String second = Client.exchange(port, "");
                return server.stop("TERM").observing(first + second);
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void removesTemporaryNames() {
    Outcome end =
        SideBySide.play(
                (tool, folder) -> {
                  try (Run server =
                      tool.command("-d", "-d", "-u", "UNIX-RECV:s", "-").in(folder).start()) {
                    server.awaitLog("starting data transfer");
                    tool.command("-u", "-", "UNIX-SENDTO:s,bind-tempname=./tXXXXXX")
                        .input("named")
                        .in(folder)
                        .run();
                    server.awaitOutput("named");
                    Outcome stopped = server.stop("TERM");
                    try (Stream<Path> left = Files.list(folder)) {
                      return stopped.observing(left.map(p -> p.getFileName()).toList().toString());
                    }
                  }
                })
            .ignoringLog()
            .same();
    assertEquals(143, end.status());
    assertTrue(end.stdout().contains("named"));
  }
}
