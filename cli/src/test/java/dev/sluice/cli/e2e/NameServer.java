package dev.sluice.cli.e2e;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small name server over UDP and TCP that writes down what it is asked (RFC 1035). It knows IPv4
 * addresses of names that begin with {@code known} or {@code long} (which takes TCP), of both
 * versions where they begin with {@code both}, and leaves questions for {@code silent} unanswered.
 */
final class NameServer implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int TYPE_AAAA = 28;
  private static final int HEADER = 12;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RESPONSE = 0x8000;
  private static final int TRUNCATED = 0x0200;
  private static final int NO_SUCH_NAME = 3;
  private static final byte[] ADDRESS_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private volatile byte[] address4 = {127, 0, 0, 77};
  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> questions = new CopyOnWriteArrayList<>();

  NameServer() {
    try {
      tcp = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Background.start("name server over UDP", this::answerDatagrams);
    Background.start("name server over TCP", this::answerConnections);
  }

  /** Where it is, as an option has it. */
  String address() {
    return "127.0.0.1:" + tcp.getLocalPort();
  }

  /** Names that it knows have that address from now on: 127.0.0.N. */
  void move(int last) {
    address4 = new byte[] {127, 0, 0, (byte) last};
  }

  /**
   * What was asked so far, such as {@code udp known.test A recursive}; connections are numbered.
   */
  List<String> questions() {
    return new ArrayList<>(questions);
  }

  private void answerDatagrams() {
    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
    while (!udp.isClosed()) {
      try {
        udp.receive(packet);
        ByteBuffer question = ByteBuffer.wrap(packet.getData(), 0, packet.getLength()).slice();
        byte[] answer = answer(question, "udp");
        if (answer.length > 0) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
        packet.setLength(512);
      } catch (IOException e) {
        return; // closed by the test
      }
    }
  }

  private void answerConnections() {
    while (!tcp.isClosed()) {
      try {
        Socket connection = tcp.accept();
        String name = "tcp" + connections.incrementAndGet();
        Background.start("name server's " + name, () -> answerAll(connection, name));
      } catch (IOException e) {
        return; // closed by the test
      }
    }
  }

  private void answerAll(Socket connection, String transport) {
    try (connection) {
      DataInputStream in = new DataInputStream(connection.getInputStream());
      DataOutputStream out = new DataOutputStream(connection.getOutputStream());
      while (true) {
        byte[] question = in.readNBytes(in.readUnsignedShort());
        byte[] answer = answer(ByteBuffer.wrap(question), transport);
        ByteBuffer framed = ByteBuffer.allocate(2 + answer.length);
        out.write(framed.putShort((short) answer.length).put(answer).array());
      }
    } catch (IOException e) {
      // The client has closed; what it asked has been written down.
      System.getLogger(NameServer.class.getName()).log(System.Logger.Level.DEBUG, transport, e);
    }
  }

  /** The answer; empty for none. */
  private byte[] answer(ByteBuffer question, String transport) {
    int flags = question.getShort(2);
    question.position(HEADER);
    String name = name(question);
    int type = question.getShort();
    int end = question.position() + 2;
    boolean recursive = (flags & RECURSION_DESIRED) != 0;
    questions.add(
        transport
            + " "
            + name
            + (type == TYPE_A ? " A" : " type " + type)
            + (recursive ? " recursive" : ""));
    if (name.startsWith("silent")) {
      return new byte[0];
    }
    byte[] address = type == TYPE_A ? address4 : ADDRESS_6;
    boolean known = type == TYPE_A ? isOfVersion4(name) : type == TYPE_AAAA && isOfBoth(name);
    boolean cut = name.startsWith("long") && transport.equals("udp");
    ByteBuffer answer = ByteBuffer.allocate(end + 12 + address.length);
    answer.put(question.slice(0, end));
    answer.putShort(
        2,
        (short)
            (RESPONSE
                | (flags & RECURSION_DESIRED)
                | (cut ? TRUNCATED : 0)
                | (known ? 0 : NO_SUCH_NAME)));
    answer.putShort(6, (short) (known ? 1 : 0)).putShort(8, (short) 0).putShort(10, (short) 0);
    if (known) {
      answer.putShort((short) (0xc000 | HEADER)).putShort((short) type).putShort((short) 1);
      answer.putInt(60).putShort((short) address.length).put(address);
    }
    return Arrays.copyOf(answer.array(), answer.position());
  }

  private static boolean isOfBoth(String name) {
    return name.startsWith("both");
  }

  private static boolean isOfVersion4(String name) {
    return isOfBoth(name) || name.startsWith("known") || name.startsWith("long");
  }

  private static String name(ByteBuffer question) {
    List<String> labels = new ArrayList<>();
    for (int length = question.get(); length > 0; length = question.get()) {
      byte[] label = new byte[length];
      question.get(label);
      labels.add(new String(label, StandardCharsets.US_ASCII));
    }
    return String.join(".", labels);
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
