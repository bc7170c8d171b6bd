package dev.sluice.fault;

import dev.sluice.fault.Fault.Begin;
import dev.sluice.fault.Fault.Kind;
import dev.sluice.pace.ByteSize;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads faults: {@code KIND[:VALUE][@BEGIN][:up|:down][:p=SHARE][:seed=NUMBER]}.
 *
 * <p>Times have a unit: us, ms, s, m, h. Sizes are bytes, or have K, M, G (KiB, MiB, GiB), which
 * are powers of 1,024. Shares are {@code 1%} or {@code 0.01}.
 */
public final class FaultText {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(us|ms|s|m|h)");
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)(%?)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "us",
          1_000L,
          "ms",
          1_000_000L,
          "s",
          1_000_000_000L,
          "m",
          60_000_000_000L,
          "h",
          3_600_000_000_000L);
  private static final Duration LONGEST = Duration.ofHours(24);

  /** What each kind looks like, for messages. */
  private static final Map<Kind, String> FORMS =
      Map.ofEntries(
          Map.entry(Kind.LATENCY, "latency:50ms or latency:50ms~10ms"),
          Map.entry(Kind.RATE, "rate:64KiB"),
          Map.entry(Kind.SLICE, "slice:100, slice:100~20 or slice:100@5ms"),
          Map.entry(Kind.STALL, "stall, stall@10s or stall@1MiB"),
          Map.entry(Kind.RESET, "reset, reset@10s or reset@1MiB"),
          Map.entry(Kind.CUT, "cut@1MiB or cut@10s"),
          Map.entry(Kind.REFUSE, "refuse"),
          Map.entry(Kind.SLOW_CLOSE, "slow-close:2s"),
          Map.entry(Kind.LOSS, "loss:1%"),
          Map.entry(Kind.DUP, "dup:1%"),
          Map.entry(Kind.CORRUPT, "corrupt:1%"),
          Map.entry(Kind.REORDER, "reorder:1%"));

  private final String text;
  private Duration time = Duration.ZERO;
  private Duration jitter = Duration.ZERO;
  private long bytes;
  private long spread;
  private double share;
  private Begin begin = Begin.AT_ONCE;
  private boolean up = true;
  private boolean down = true;
  private double probability = 1;
  private OptionalLong seed = OptionalLong.empty();

  private FaultText(String text) {
    this.text = text;
  }

  /** Reads one; throws an {@link IllegalArgumentException} whose message is for the user. */
  public static Fault parse(String text) {
    return new FaultText(text).read();
  }

  private IllegalArgumentException bad(String why) {
    return new IllegalArgumentException("fault \"" + text + "\": " + why);
  }

  private Fault read() {
    List<String> parts = Arrays.asList(text.split(":", -1));
    String head = parts.get(0);
    int at = head.indexOf('@');
    Kind kind = kind(at < 0 ? head : head.substring(0, at));
    int next = 1;
    if (takesValue(kind)) {
      if (at >= 0 || parts.size() < 2 || parts.get(1).isEmpty()) {
        throw bad("is to be as " + FORMS.get(kind));
      }
      value(kind, parts.get(1));
      next = 2;
    } else if (at >= 0) {
      begin = begin(kind, head.substring(at + 1));
    } else if (kind == Kind.CUT) {
      throw bad("is to be as " + FORMS.get(kind));
    }
    parts.subList(next, parts.size()).forEach(this::modifier);
    return new Fault(
        kind, time, jitter, bytes, spread, share, begin, up, down, probability, seed, text);
  }

  private Kind kind(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.text().equals(name)) {
        return kind;
      }
    }
    throw bad(
        "there is no such fault; there are "
            + Arrays.stream(Kind.values()).map(Kind::text).collect(Collectors.joining(", ")));
  }

  private static boolean takesValue(Kind kind) {
    return switch (kind) {
      case STALL, RESET, CUT, REFUSE -> false;
      default -> true;
    };
  }

  private void value(Kind kind, String value) {
    int tilde = value.indexOf('~');
    int at = value.indexOf('@');
    switch (kind) {
      case LATENCY -> {
        time = time(kind, tilde < 0 ? value : value.substring(0, tilde));
        jitter = tilde < 0 ? Duration.ZERO : time(kind, value.substring(tilde + 1));
      }
      case SLOW_CLOSE -> time = time(kind, value);
      case RATE -> bytes = size(kind, value);
      case SLICE -> {
        String sizes = at < 0 ? value : value.substring(0, at);
        time = at < 0 ? Duration.ZERO : time(kind, value.substring(at + 1));
        bytes = size(kind, tilde < 0 ? sizes : sizes.substring(0, tilde));
        spread = tilde < 0 ? 0 : size(kind, sizes.substring(tilde + 1));
      }
      default -> share = share(value);
    }
    if (jitter.compareTo(time) > 0 || (spread > 0 && spread >= bytes)) {
      throw bad("the part behind ~ is larger than the one before");
    }
  }

  private void modifier(String part) {
    if (part.equals("up")) {
      down = false;
    } else if (part.equals("down")) {
      up = false;
    } else if (part.startsWith("p=")) {
      probability = share(part.substring(2));
    } else if (part.matches("seed=\\d{1,18}")) {
      seed = OptionalLong.of(Long.parseLong(part.substring("seed=".length())));
    } else {
      throw bad("\"" + part + "\" is not up, down, p=10% or seed=7");
    }
    if (!up && !down) {
      throw bad("up and down together are both ways, which needs neither");
    }
  }

  private Begin begin(Kind kind, String when) {
    if (kind == Kind.REFUSE) {
      throw bad("a session is refused at its beginning");
    }
    Duration time = timeOrNull(when);
    return time != null ? new Begin(time, 0) : new Begin(Duration.ZERO, size(kind, when));
  }

  private Duration time(Kind kind, String value) {
    Duration time = timeOrNull(value);
    if (time == null) {
      throw bad("\"" + value + "\" is not a time: is to be as " + FORMS.get(kind));
    }
    return time;
  }

  private @Nullable Duration timeOrNull(String value) {
    Matcher parts = TIME.matcher(value);
    if (!parts.matches()) {
      return null;
    }
    long unit = NANOS.getOrDefault(String.valueOf(parts.group(2)), 1L);
    BigDecimal nanos = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit));
    if (nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
      throw bad("\"" + value + "\" is more than 24h");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  private long size(Kind kind, String value) {
    if (!ByteSize.isLike(value)) {
      throw bad("\"" + value + "\" is not a size: is to be as " + FORMS.get(kind));
    }
    return ByteSize.parse(value)
        .orElseThrow(() -> bad("\"" + value + "\" is not from 1 byte to 1024G"));
  }

  private double share(String value) {
    Matcher parts = SHARE.matcher(value);
    double number = parts.matches() ? Double.parseDouble(parts.group(1)) : -1;
    double share = number >= 0 && "%".equals(parts.group(2)) ? number / 100 : number;
    if (share <= 0 || share > 1) {
      throw bad("\"" + value + "\" is not a share: 1%, 0.01, and at most 100%");
    }
    return share;
  }
}
