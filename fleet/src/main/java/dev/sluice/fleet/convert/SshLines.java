package dev.sluice.fleet.convert;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    String[] words = line.split("\\s+", -1);
    List<String> forwards = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    String target = "";
    boolean begun = false;
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (!begun) {
        begun = word.matches("(?:.*/)?(?:auto)?ssh");
        if (!begun) {
          into.leave("line " + number + ": " + word);
        }
      } else if (word.equals("-L") && i + 1 < words.length) {
        forwards.add(words[++i]);
      } else if (word.startsWith("-L")) {
        forwards.add(word.substring(2));
      } else if (word.equals("-M") && i + 1 < words.length) {
        into.leave("line " + number + ": -M " + words[++i] + " (relays are watched anyway)");
      } else if (word.matches("-[RD].*") && target.isEmpty()) {
        String rest = word.length() > 2 || i + 1 >= words.length ? "" : " " + words[++i];
        into.leave("line " + number + ": " + word + rest);
      } else if (word.startsWith("-") && target.isEmpty()) {
        if (word.matches("-[NfnTtgqv]+")) {
          continue; // what ssh -W does not need
        }
        kept.add(word);
        if (word.length() == 2 && WITH_ARGUMENT.indexOf(word.charAt(1)) >= 0) {
          if (i + 1 < words.length) {
            kept.add(words[++i]);
          }
        }
      } else if (target.isEmpty()) {
        target = word;
      } else {
        into.leave("line " + number + ": " + word);
      }
    }
    if (target.isEmpty() || forwards.isEmpty()) {
      into.leave("line " + number + ": has no forwarding -L, or no host");
      return;
    }
    for (String forward : forwards) {
      Matcher parts = FORWARD.matcher(forward);
      if (!parts.matches()) {
        into.leave("line " + number + ": -L " + forward);
        continue;
      }
      String bind = parts.group(1) == null ? "127.0.0.1" : String.valueOf(parts.group(1));
      String port = String.valueOf(parts.group(2));
      String command =
          "ssh -o BatchMode=yes -o ServerAliveInterval=15 "
              + (kept.isEmpty() ? "" : String.join(" ", kept) + " ")
              + "-W "
              + parts.group(3)
              + ":"
              + parts.group(4)
              + " "
              + target;
      into.relay(
          "ssh-" + port,
          Converted.listening("TCP", bind.equals("localhost") ? "127.0.0.1" : bind, port),
          "EXEC:" + ConfigUtil.quoteString(command).replace("\\\"", "\""),
          "");
    }
  }
}
