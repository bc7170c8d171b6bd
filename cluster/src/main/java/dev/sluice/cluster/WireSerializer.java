package dev.sluice.cluster;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.SerializerWithStringManifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Writes messages between nodes: a version byte, then the fields in order. A node that gets a
 * version that it doesn't know refuses the message; counts are checked before memory is taken.
 */
public final class WireSerializer extends SerializerWithStringManifest {
  private static final int VERSION = 1;
  private static final int MOST = 100_000;
  private static final int LARGEST_TEXT = 64 * 1024 * 1024;

  private final ExtendedActorSystem system;

  /** Made by Akka. */
  public WireSerializer(ExtendedActorSystem system) {
    this.system = system;
  }

  @Override
  public int identifier() {
    return 735_501;
  }

  @Override
  public String manifest(Object message) {
    return message.getClass().getSimpleName();
  }

  @Override
  public byte[] toBinary(Object message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      write((Wire) message, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(Wire message, DataOutputStream out) throws IOException {
    if (message instanceof Wire.Report report) {
      writeReport(report, out);
    } else if (message instanceof Wire.Beat beat) {
      write(beat.from(), out);
      out.writeLong(beat.number());
      writeAcks(beat.acks(), out);
    } else if (message instanceof Wire.Resend resend) {
      write(resend.from(), out);
    } else if (message instanceof Wire.Order order) {
      writeTexts(order.words(), out);
      write(order.replyTo(), out);
    } else if (message instanceof Wire.Answer answer) {
      out.writeBoolean(answer.done());
      writeLong(answer.text(), out);
      out.writeLong(answer.version());
    } else if (message instanceof Wire.AskStates ask) {
      write(ask.replyTo(), out);
    } else if (message instanceof Wire.States states) {
      write(states.from(), out);
      writeMap(states.states(), out);
    } else {
      writeOfFile(message, out);
    }
  }

  private void writeReport(Wire.Report report, DataOutputStream out) throws IOException {
    write(report.from(), out);
    out.writeLong(report.number());
    writeAcks(report.acks(), out);
    writeTexts(report.held(), out);
    writeTexts(report.wants(), out);
    out.writeInt(report.doors().size());
    for (Map.Entry<String, Integer> door : report.doors().entrySet()) {
      out.writeUTF(door.getKey());
      out.writeInt(door.getValue());
    }
    out.writeInt(report.refused().size());
    for (NodeId node : report.refused()) {
      write(node, out);
    }
    out.writeBoolean(report.draining());
    out.writeBoolean(report.leaving());
    out.writeLong(report.file());
  }

  /** What has to do with the file that holds for all, and with relays moved by hand. */
  private void writeOfFile(Wire message, DataOutputStream out) throws IOException {
    if (message instanceof Wire.Document document) {
      write(document, out);
    } else if (message instanceof Wire.Moves moves) {
      out.writeLong(moves.version());
      writeMap(moves.nodes(), out);
    } else if (message instanceof Wire.Publish publish) {
      write(publish.document(), out);
      out.writeLong(publish.against());
      write(publish.replyTo(), out);
    } else if (message instanceof Wire.Propose propose) {
      write(propose.document(), out);
    } else if (message instanceof Wire.Move move) {
      out.writeUTF(move.relay());
      out.writeUTF(move.node() == null ? "" : move.node());
      write(move.replyTo(), out);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new NotSerializableException("a message of version " + version);
      }
      return read(in, manifest);
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException e) {
      throw new NotSerializableException(manifest + ": " + e.getMessage());
    }
  }

  private Wire read(DataInputStream in, String manifest) throws IOException {
    return switch (manifest) {
      case "Report" ->
          new Wire.Report(
              readNode(in),
              in.readLong(),
              readAcks(in),
              new TreeSet<>(readTexts(in)),
              new TreeSet<>(readTexts(in)),
              readDoors(in),
              readNodes(in),
              in.readBoolean(),
              in.readBoolean(),
              in.readLong());
      case "Beat" -> new Wire.Beat(readNode(in), in.readLong(), readAcks(in));
      case "Resend" -> new Wire.Resend(readNode(in));
      case "Order" -> new Wire.Order(readTexts(in), readRef(in));
      case "Answer" -> new Wire.Answer(in.readBoolean(), readLong(in), in.readLong());
      case "AskStates" -> new Wire.AskStates(readRef(in));
      case "States" -> new Wire.States(readNode(in), readMap(in));
      case "Document" -> readDocument(in);
      case "Moves" -> new Wire.Moves(in.readLong(), readMap(in));
      case "Publish" -> new Wire.Publish(readDocument(in), in.readLong(), readRef(in));
      case "Propose" -> new Wire.Propose(readDocument(in));
      case "Move" -> {
        String relay = in.readUTF();
        String node = in.readUTF();
        yield new Wire.Move(relay, node.isEmpty() ? null : node, readRef(in));
      }
      default -> throw new NotSerializableException("a message " + manifest);
    };
  }

  private static void write(NodeId node, DataOutputStream out) throws IOException {
    out.writeUTF(node.node());
    out.writeLong(node.uid());
  }

  private static NodeId readNode(DataInputStream in) throws IOException {
    return new NodeId(in.readUTF(), in.readLong());
  }

  private static Set<NodeId> readNodes(DataInputStream in) throws IOException {
    Set<NodeId> nodes = new TreeSet<>();
    for (int left = count(in); left > 0; left--) {
      nodes.add(readNode(in));
    }
    return nodes;
  }

  private static void writeAcks(Map<NodeId, Long> acks, DataOutputStream out) throws IOException {
    out.writeInt(acks.size());
    for (Map.Entry<NodeId, Long> ack : acks.entrySet()) {
      write(ack.getKey(), out);
      out.writeLong(ack.getValue());
    }
  }

  private static Map<NodeId, Long> readAcks(DataInputStream in) throws IOException {
    Map<NodeId, Long> acks = new TreeMap<>();
    for (int left = count(in); left > 0; left--) {
      acks.put(readNode(in), in.readLong());
    }
    return acks;
  }

  private static Map<String, Integer> readDoors(DataInputStream in) throws IOException {
    Map<String, Integer> doors = new TreeMap<>();
    for (int left = count(in); left > 0; left--) {
      doors.put(in.readUTF(), in.readInt());
    }
    return doors;
  }

  private static void write(Wire.Document document, DataOutputStream out) throws IOException {
    out.writeLong(document.version());
    out.writeUTF(document.author());
    out.writeLong(document.time());
    writeLong(document.shared(), out);
  }

  private static Wire.Document readDocument(DataInputStream in) throws IOException {
    return new Wire.Document(in.readLong(), in.readUTF(), in.readLong(), readLong(in));
  }

  /** A text of any length, compressed. */
  private static void writeLong(String text, DataOutputStream out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    out.writeInt(bytes.size());
    bytes.writeTo(out);
  }

  private static String readLong(DataInputStream in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > in.available()) {
      throw new NotSerializableException("a text of " + size + " bytes");
    }
    try (InputStream zip = new GZIPInputStream(new ByteArrayInputStream(in.readNBytes(size)))) {
      byte[] text = zip.readNBytes(LARGEST_TEXT);
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  private static void writeTexts(Iterable<String> texts, DataOutputStream out) throws IOException {
    List<String> all = new ArrayList<>();
    texts.forEach(all::add);
    out.writeInt(all.size());
    for (String text : all) {
      out.writeUTF(text);
    }
  }

  private static List<String> readTexts(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      texts.add(in.readUTF());
    }
    return texts;
  }

  private static void writeMap(Map<String, String> map, DataOutputStream out) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.writeUTF(entry.getKey());
      writeLong(entry.getValue(), out);
    }
  }

  private static Map<String, String> readMap(DataInputStream in) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (int left = count(in); left > 0; left--) {
      map.put(in.readUTF(), readLong(in));
    }
    return new TreeMap<>(map);
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST) {
      throw new NotSerializableException("a list of " + count);
    }
    return count;
  }

  private void write(ActorRef<?> ref, DataOutputStream out) throws IOException {
    out.writeUTF(resolver().toSerializationFormat(ref));
  }

  private <T> ActorRef<T> readRef(DataInputStream in) throws IOException {
    return resolver().resolveActorRef(in.readUTF());
  }

  private ActorRefResolver resolver() {
    return ActorRefResolver.get(Adapter.toTyped(system));
  }
}
