package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the kernel tells of a datagram, as a program on the other side reads it. */
class AncillaryTest {
  private static final Pattern TIME =
      Pattern.compile(
          "=\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}, \\d{6} usecs", Pattern.MULTILINE);

  /** The variables of one packet's program, without what differs from run to run. */
  private static Outcome variables(Tool tool, String server, String client) {
    try (Run run =
        tool.command("-dd", "-u", server, "SYSTEM:env | grep ^SOCAT_; echo end; cat >/dev/null")
            .start()) {
      run.awaitLog("receiving on");
      Tool.OURS.command("-u", "-", client).input("x").run();
      String text = run.awaitOutput("(?s).*end\n").group();
      run.stop("TERM");
      TreeSet<String> lines = new TreeSet<>(List.of(text.split("\n")));
      lines.removeIf(line -> line.matches("SOCAT_(VERSION|PID|PPID)=.*"));
      String told = TIME.matcher(String.join("\n", lines)).replaceAll("=TIME");
      return new Outcome(0, told.replaceAll("PEERPORT=\\d+", "PEERPORT=N"), "");
    }
  }

  /** Ours, which are the peer's too, of a packet between two addresses on the same port. */
  private static Outcome same(
      String receiver, String receiverOptions, String sender, String senderOptions) {
    return SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              return variables(
                  tool, receiver + port + receiverOptions, sender + port + senderOptions);
            })
        .ignoringLog()
        .same();
  }

  @Test
  void tellsOfVersion4() {
    Outcome ours =
        same(
            "UDP4-RECVFROM:",
            ",so-timestamp,ip-pktinfo,ip-recvopts,ip-recvtos,ip-recvttl",
            "UDP4-SENDTO:127.0.0.1:",
            ",ip-options=x01010101,ip-tos=8,ip-ttl=33");
    assertEquals(
        """
        SOCAT_IP_DSTADDR=127.0.0.1
        SOCAT_IP_IF=lo
        SOCAT_IP_LOCADDR=127.0.0.1
        SOCAT_IP_OPTIONS=x01010101
        SOCAT_IP_TOS=8
        SOCAT_IP_TTL=33
        SOCAT_PEERADDR=127.0.0.1
        SOCAT_PEERPORT=N
        SOCAT_TIMESTAMP=TIME
        end""",
        ours.stdout());
  }

  @Test
  void tellsOfVersion6() {
    Outcome ours =
        same(
            "UDP6-RECVFROM:",
            ",so-timestamp,ipv6-recvpktinfo,ipv6-recvhoplimit,ipv6-recvtclass",
            "UDP6-SENDTO:[::1]:",
            ",ipv6-tclass=0x21,ipv6-unicast-hops=9");
    assertEquals(
        """
        SOCAT_IPV6_DSTADDR=[0000:0000:0000:0000:0000:0000:0000:0001]
        SOCAT_IPV6_HOPLIMIT=9
        SOCAT_IPV6_IF=lo
        SOCAT_IPV6_TCLASS=x00000021
        SOCAT_PEERADDR=[0000:0000:0000:0000:0000:0000:0000:0001]
        SOCAT_PEERPORT=N
        SOCAT_TIMESTAMP=TIME
        end""",
        ours.stdout());
  }

  /** The sender's socket puts extension headers with one padding option before each packet. */
  @Test
  void tellsOfExtensionHeaders() {
    Outcome ours =
        same(
            "UDP6-RECVFROM:",
            ",ipv6-recvhopopts,ipv6-recvdstopts",
            "UDP6-SENDTO:[::1]:",
            ",setsockopt-bin=41:54:x0000010400000000" + ",setsockopt-bin=41:59:x0000010400000000");
    assertEquals(
        """
        SOCAT_IPV6_DSTOPTS=x1100010400000000
        SOCAT_IPV6_HOPOPTS=x3c00010400000000
        SOCAT_PEERADDR=[0000:0000:0000:0000:0000:0000:0000:0001]
        SOCAT_PEERPORT=N
        end""",
        ours.stdout());
  }

  @Test
  void aReceiverLogsIt() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command(
                          "-dd",
                          "-u",
                          "UDP4-RECV:" + port + ",ip-pktinfo,ip-recvttl,ip-recvtos",
                          "-")
                      .start()) {
                run.awaitLog("starting data transfer");
                Tool.OURS.command("-u", "-", "UDP4-SENDTO:127.0.0.1:" + port).input("x").run();
                run.awaitOutput("x");
                return run.stop("TERM");
              }
            })
        .onlyLines("Ancillary|received packet")
        .same();
  }

  /** A read stops at each message that brings descriptors, whatever waits behind it: unix(7). */
  @Test
  void bytesBetweenDescriptorsAllArrive() {
    String send =
        "import array,os,socket,subprocess,sys,tempfile\n"
            + "d=tempfile.mkdtemp()\nl=socket.socket(socket.AF_UNIX)\nl.bind(d+'/s')\nl.listen()\n"
            + "p=subprocess.Popen([sys.argv[1],'-u','UNIX-CONNECT:'+d+'/s','-'],"
            + "stdout=subprocess.PIPE)\n"
            + "c=l.accept()[0]\n"
            + "for i in range(200): c.sendmsg([b'%04d'%i],[(socket.SOL_SOCKET,socket.SCM_RIGHTS,"
            + "array.array('i',[0]))])\n"
            + "data=p.stdout.read(800)\n" // the sender stays until all have come
            + "print(data==b''.join(b'%04d'%i for i in range(200)))\n"
            + "c.close()\nos.unlink(d+'/s')\nos.rmdir(d)\nprint(p.wait())\n";
    Outcome outcome = Tool.OURS.command().after("exec python3 -c \"" + send + "\" \"$0\"").run();
    assertEquals("True\n0\n", outcome.stdout(), outcome.stderr());
  }
}
