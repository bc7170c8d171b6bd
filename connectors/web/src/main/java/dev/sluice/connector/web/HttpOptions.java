package dev.sluice.connector.web;

import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.util.ArrayList;
import java.util.List;

/** The options of an HTTP request. */
final class HttpOptions {
  static final OptionGroup REQUEST = OptionGroup.own("HTTP_REQUEST");

  static final List<Option<?>> ROWS = new ArrayList<>();

  static final Option<String> METHOD =
      text("method", "the request's method; GET where nothing is written, else POST");
  static final Option<String> HEADER =
      text("header", "a header for the request, as name: value; may be repeated");
  static final Option<String> CONTENT_TYPE =
      text("content-type", "the type of what is written; application/octet-stream if none");
  static final Option<String> BASIC_AUTH = text("basic-auth", "user:password for the server");
  static final Option<String> BEARER = text("bearer", "token for the server");
  static final Option<Boolean> FAIL =
      Option.row("fail", OptionType.BOOL, Phase.SPECIFIC, REQUEST)
          .help("a status of 400 or more is a failure, and its body is not passed on")
          .in(ROWS);
  static final Option<Boolean> EVENTS =
      Option.row("events", OptionType.BOOL, Phase.SPECIFIC, REQUEST)
          .help("takes the answer for server-sent events: the data of each are one block")
          .in(ROWS);
  static final Option<String> OVER =
      text("over", "an address to use in place of TCP or TLS, such as UNIX-CONNECT:/run/app.sock");

  private HttpOptions() {}

  private static Option<String> text(String name, String help) {
    return Option.row(name, OptionType.STRING, Phase.SPECIFIC, REQUEST).help(help).in(ROWS);
  }
}
