package dev.sluice.connector.kit;

import akka.util.ByteString;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the messages of a broker lie in a stream of bytes. */
public enum Framing {
  /** As they are: each block that is written is a message, and nothing is between messages read. */
  RAW,
  /** Each ends with a newline, which is not part of it. */
  LINES,
  /** Each begins with its length, four bytes, the highest first. */
  LEN32,
  /** As lines, in Base64, so that any message fits. See RFC 4648. */
  BASE64,
  /**
   * As lines, each an object: {@code value}, or {@code base64} where that is no UTF-8, and what is
   * known of the message. See RFC 8259.
   */
  JSON;

  /** The group of the options that all brokers' addresses have. */
  public static final OptionGroup GROUP = OptionGroup.own("FRAMING");

  /** Option {@code framing}. */
  public static final Option<Framing> OPTION =
      Option.row(
              "framing",
              new OptionType<>("FRAMING", (option, spec) -> of(OptionType.required(spec))),
              Phase.SPECIFIC,
              GROUP)
          .help(
              "how messages lie in the stream: raw, lines, len32 (a length of four bytes first), base64 or json (a line each)");

  /** Option {@code max-message}. */
  public static final Option<Long> MAX_MESSAGE =
      Option.row("max-message", OptionType.SIZE_T, Phase.SPECIFIC, GROUP)
          .help("the largest message, in bytes; 1048576 if none");

  private static final long LARGEST = 1L << 20;
  private static final String VALUE = "value";
  private static final String BASE64_VALUE = "base64";

  /** How messages lie in the bytes, as the options say. */
  public static Framing of(Options options) {
    return options.get(OPTION, RAW);
  }

  /** The most bytes of a message, as the options say. */
  public static long largest(Options options) {
    return options.get(MAX_MESSAGE, LARGEST);
  }

  private static Framing of(String text) {
    for (Framing framing : values()) {
      if (framing.name().equals(text.toUpperCase(Locale.ROOT))) {
        return framing;
      }
    }
    throw new OptionType.BadValue(
        "option \"framing\": \"" + text + "\" is not raw, lines, len32, base64 or json");
  }

  /** The bytes of a message as they are read, without what marks its beginning and end. */
  private ByteString encode(Message message) {
    ByteString payload = message.payload();
    return switch (this) {
      case RAW, LINES, LEN32 -> payload;
      case BASE64 ->
          ByteString.fromArrayUnsafe(Base64.getEncoder().encode(payload.toArrayUnsafe()));
      case JSON -> ByteString.fromString(json(message));
    };
  }

  private static String json(Message message) {
    Map<String, Object> object = new LinkedHashMap<>(message.facts());
    byte[] bytes = message.payload().toArrayUnsafe();
    try {
      object.put(
          VALUE, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      object.put(BASE64_VALUE, Base64.getEncoder().encodeToString(bytes));
    }
    return ConfigValueFactory.fromMap(object).render(ConfigRenderOptions.concise());
  }

  /** Whether messages that are written end with a newline. */
  boolean isByLines() {
    return this == LINES || this == BASE64 || this == JSON;
  }

  /** A message that was written, without what marks its end. */
  Message decode(ByteString frame) {
    return switch (this) {
      case RAW, LINES, LEN32 -> Message.of(frame);
      case BASE64 -> Message.of(fromBase64(frame.utf8String()));
      case JSON -> fromJson(frame.utf8String());
    };
  }

  private static ByteString fromBase64(String text) {
    try {
      return ByteString.fromArrayUnsafe(Base64.getDecoder().decode(text.strip()));
    } catch (IllegalArgumentException e) {
      throw new BadFrame("a line is no Base64: " + e.getMessage());
    }
  }

  private static Message fromJson(String text) {
    Map<String, Object> object;
    try {
      object =
          new LinkedHashMap<>(
              ConfigFactory.parseString(
                      text, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON))
                  .root()
                  .unwrapped());
    } catch (ConfigException e) {
      throw new BadFrame("a line is no JSON object: " + e.getMessage());
    }
    Object value = object.remove(VALUE);
    Object base64 = object.remove(BASE64_VALUE);
    if (value == null && base64 == null) {
      throw new BadFrame("a JSON object has neither \"value\" nor \"base64\"");
    }
    ByteString payload =
        value == null
            ? fromBase64(String.valueOf(base64))
            : ByteString.fromString(value.toString());
    return new Message(payload, object);
  }

  /** Messages as one piece of a stream. */
  public ByteString join(List<Message> messages) {
    if (messages.size() == 1 && this == RAW) {
      return messages.get(0).payload();
    }
    List<ByteString> encoded = new ArrayList<>(messages.size());
    int size = 0;
    int beside = this == LEN32 ? Integer.BYTES : isByLines() ? 1 : 0;
    for (Message message : messages) {
      ByteString bytes = encode(message);
      encoded.add(bytes);
      size += bytes.length() + beside;
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (ByteString bytes : encoded) {
      if (this == LEN32) {
        all.putInt(bytes.length());
      }
      bytes.copyToBuffer(all);
      if (isByLines()) {
        all.put((byte) '\n');
      }
    }
    return ByteString.fromArrayUnsafe(all.array());
  }

  /** What was written does not follow the framing that it was said to have. */
  public static final class BadFrame extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadFrame(String message) {
      super("framing: " + message);
    }
  }
}
