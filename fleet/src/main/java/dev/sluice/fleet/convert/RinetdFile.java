package dev.sluice.fleet.convert;

import java.util.List;

/** rinetd.conf: {@code bindaddress bindport connectaddress connectport}, a rule a line. */
final class RinetdFile {
  private RinetdFile() {}

  static void read(List<String> lines, Converted into) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").trim();
      if (line.isEmpty()) {
        continue;
      }
      String[] words = line.split("\\s+", -1);
      if (words.length < 4) {
        into.leave("line " + (i + 1) + ": " + line);
        continue;
      }
      String[] from = port(words[1]);
      String[] to = port(words[3]);
      into.relay(
          words[0] + "-" + from[0],
          Converted.listening(from[1], words[0], from[0]),
          to[1] + ":" + Converted.host(words[2]) + ":" + to[0],
          from[1].equals("UDP") ? "options = \"-T 72\"" : "");
      for (int w = 4; w < words.length; w++) {
        into.leave("line " + (i + 1) + ": " + words[w]);
      }
    }
  }

  /** A port, and its protocol, which may stand behind a slash. */
  private static String[] port(String text) {
    int slash = text.indexOf('/');
    boolean isUdp = text.endsWith("/udp");
    return new String[] {slash < 0 ? text : text.substring(0, slash), isUdp ? "UDP" : "TCP"};
  }
}
