package dev.sluice.fleet.verb;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a fleet that runs, by HTTP/1.1 over its UNIX socket: one request for each connection. Starts
 * no thread and no actor system.
 */
final class ApiClient {
  private final Path socket;

  ApiClient(Path socket) {
    this.socket = socket;
  }

  /** An answer: its status, and its body. */
  record Answer(int status, String body) {
    boolean isOk() {
      return status < 300;
    }

    /** The body, which is an object in JSON. */
    Map<String, @Nullable Object> object() {
      return ConfigFactory.parseString(
              body, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON))
          .root()
          .unwrapped();
    }
  }

  /** Asks; {@code path} has its query, if any. */
  Answer ask(String method, String path, @Nullable String body) {
    StringBuilder answer = new StringBuilder();
    int status = ask(method, path, body, line -> answer.append(line).append('\n'));
    return new Answer(status, answer.toString());
  }

  /** Asks, and hands on each line of the body as it comes; returns the status. */
  int ask(String method, String path, @Nullable String body, Consumer<String> lines) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return read(channel, method, path, body, lines);
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal("no fleet answers at " + socket + ": " + e.getMessage());
    }
  }

  private int read(
      SocketChannel channel,
      String method,
      String path,
      @Nullable String body,
      Consumer<String> lines)
      throws IOException {
    channel.connect(UnixDomainSocketAddress.of(socket));
    send(channel, method, path, body);
    InputStream in = Channels.newInputStream(channel);
    Head head = Head.read(in);
    InputStream content = head.isChunked() ? new ChunkedBody(in) : in;
    Reader text = new InputStreamReader(content, StandardCharsets.UTF_8);
    BufferedReader reader = new BufferedReader(text);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.accept(line);
    }
    return head.status;
  }

  /**
   * Follows an answer that goes on, on a thread of its own, until it is closed.
   *
   * @param lines told each line, on that thread
   * @param ended told why there are no more, unless it was closed
   */
  Following follow(String path, Consumer<String> lines, Consumer<String> ended) {
    return new Following(path, lines, ended);
  }

  /** An answer that is followed. */
  final class Following implements AutoCloseable {
    private final SocketChannel channel;
    private volatile boolean closed;

    private Following(String path, Consumer<String> lines, Consumer<String> ended) {
      try {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      } catch (IOException e) {
        throw new Refusal(String.valueOf(e.getMessage()));
      }
      Thread thread = new Thread(() -> run(path, lines, ended), "follow");
      thread.setDaemon(true);
      thread.start();
    }

    private void run(String path, Consumer<String> lines, Consumer<String> ended) {
      String reason = "the fleet has ended";
      try (channel) {
        int status = read(channel, "GET", path, null, line -> tell(lines, line));
        if (status != 200) {
          reason = "the fleet refuses, with status " + status;
        }
      } catch (IOException | IllegalArgumentException e) {
        reason = "no fleet answers at " + socket + ": " + e.getMessage();
      }
      if (!closed) {
        ended.accept(reason);
      }
    }

    private void tell(Consumer<String> lines, String line) {
      if (!closed) {
        lines.accept(line);
      }
    }

    @Override
    public void close() {
      closed = true;
      try {
        channel.close();
      } catch (IOException e) {
        return; // it is gone all the same
      }
    }
  }

  private static void send(SocketChannel channel, String method, String path, @Nullable String body)
      throws IOException {
    byte[] content = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: sluice\r\nConnection: close\r\n"
            + (body == null ? "" : "Content-Type: application/json\r\n")
            + "Content-Length: "
            + content.length
            + "\r\n\r\n";
    ByteBuffer request =
        ByteBuffer.allocate(head.length() + content.length)
            .put(head.getBytes(StandardCharsets.US_ASCII))
            .put(content)
            .flip();
    while (request.hasRemaining()) {
      channel.write(request);
    }
  }

  /** A path with a query; pairs are names and values. */
  static String path(String path, List<String> pairs) {
    StringBuilder text = new StringBuilder(path);
    for (int i = 0; i < pairs.size(); i += 2) {
      text.append(i == 0 ? '?' : '&')
          .append(pairs.get(i))
          .append('=')
          .append(encoded(pairs.get(i + 1)));
    }
    return text.toString();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Status and header fields of an answer (RFC 9112). */
  private record Head(int status, Map<String, String> fields) {
    static Head read(InputStream in) throws IOException {
      String first = line(in);
      if (!first.matches("HTTP/1\\.1 \\d{3}.*")) {
        throw new IOException("the answer is not HTTP");
      }
      Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 1).trim());
        }
      }
      return new Head(Integer.parseInt(first.substring(9, 12)), fields);
    }

    boolean isChunked() {
      return fields.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked");
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the answer ends too early");
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** A body in chunks (RFC 9112, 7.1). */
  private static final class ChunkedBody extends InputStream {
    private final InputStream in;
    private int left;
    private boolean begun;
    private boolean over;

    ChunkedBody(InputStream in) {
      this.in = in;
    }

    private boolean next() throws IOException {
      if (left == 0 && !over) {
        if (begun) {
          line(in);
        }
        begun = true;
        left = Integer.parseInt(line(in).replaceFirst(";.*", "").trim(), 16);
        over = left == 0;
      }
      return !over;
    }

    @Override
    public int read() throws IOException {
      if (!next()) {
        return -1;
      }
      left--;
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (!next()) {
        return -1;
      }
      int count = in.read(bytes, offset, Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }
  }
}
