package dev.sluice.fleet.convert;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines {@code ssh -L} and {@code autossh -L}: each forwarding becomes a relay whose right address
 * is {@code ssh -W}, so that it dies and comes back by itself.
 */
final class SshLines {
  /** {@code [bind:]port:host:hostport}; numbers of IPv6 in brackets. */
  private static final Pattern FORWARD =
      Pattern.compile(
          "(?:(\\[[^\\]]*\\]|[^:\\[\\]]*):)?(\\d{1,5}):(\\[[^\\]]*\\]|[^:\\[\\]]+):(\\d{1,5})");

  /** Options of ssh that have an argument. */
  private static final String WITH_ARGUMENT = "BbcDEeFIiJlmOopQRSWw";

  private SshLines() {}

  static void read(List<String> lines, Converted into) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (!line.isEmpty() && !line.startsWith("#")) {
        line(i + 1, line, into);
      }
    }
  }

  private static void line(int number, String line, Converted into) {
    SshCommand command = new SshCommand();
    command.read(line.split("\\s+", -1), text -> into.leave("line " + number + ": " + text));
    if (command.target.isEmpty() || command.forwards.isEmpty()) {
      into.leave("line " + number + ": has no forwarding -L, or no host");
      return;
    }
    for (String forward : command.forwards) {
      Matcher parts = FORWARD.matcher(forward);
      if (parts.matches()) {
        relay(parts, command, into);
      } else {
        into.leave("line " + number + ": -L " + forward);
      }
    }
  }

  private static void relay(Matcher parts, SshCommand ssh, Converted into) {
    String bind = parts.group(1) == null ? "127.0.0.1" : String.valueOf(parts.group(1));
    String port = String.valueOf(parts.group(2));
    String command =
        "ssh -o BatchMode=yes -o ServerAliveInterval=15 "
            + (ssh.kept.isEmpty() ? "" : String.join(" ", ssh.kept) + " ")
            + "-W "
            + parts.group(3)
            + ":"
            + parts.group(4)
            + " "
            + ssh.target;
    into.relay(
        "ssh-" + port,
        Converted.listening("TCP", bind.equals("localhost") ? "127.0.0.1" : bind, port),
        "EXEC:" + ConfigUtil.quoteString(command).replace("\\\"", "\""),
        "");
  }

  /** The words of one call of ssh or autossh. */
  private static final class SshCommand {
    private final List<String> forwards = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private String target = "";

    /** Sorts the words; {@code leave} is told of those that a relay has no use for. */
    void read(String[] words, Consumer<String> leave) {
      int i = 0;
      while (i < words.length && !words[i].matches("(?:.*/)?(?:auto)?ssh")) {
        leave.accept(words[i++]);
      }
      i++; // ssh itself
      while (i < words.length) {
        boolean hasNext = i + 1 < words.length;
        i += 1 + word(words[i], hasNext ? words[i + 1] : null, leave);
      }
    }

    /** Sorts one word; returns how many of those behind it belong to it. */
    private int word(String word, @Nullable String next, Consumer<String> leave) {
      if (word.equals("-L") && next != null) {
        forwards.add(next);
        return 1;
      } else if (word.startsWith("-L")) {
        forwards.add(word.substring(2));
      } else if (word.equals("-M") && next != null) {
        leave.accept("-M " + next + " (relays are watched anyway)");
        return 1;
      } else if (!target.isEmpty()) {
        leave.accept(word);
      } else if (word.matches("-[RD].*")) {
        boolean takesNext = word.length() == 2 && next != null;
        leave.accept(takesNext ? word + " " + next : word);
        return takesNext ? 1 : 0;
      } else if (word.startsWith("-")) {
        return option(word, next);
      } else {
        target = word;
      }
      return 0;
    }

    private int option(String word, @Nullable String next) {
      if (word.matches("-[NfnTtgqv]+")) {
        return 0; // what ssh -W does not need
      }
      kept.add(word);
      if (next != null && word.length() == 2 && WITH_ARGUMENT.indexOf(word.charAt(1)) >= 0) {
        kept.add(next);
        return 1;
      }
      return 0;
    }
  }
}
