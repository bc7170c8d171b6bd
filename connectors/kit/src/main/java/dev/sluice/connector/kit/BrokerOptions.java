package dev.sluice.connector.kit;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a broker and its client know each other: options of all brokers' addresses. */
public final class BrokerOptions {
  public static final OptionGroup GROUP = OptionGroup.own("BROKER");

  private static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<String> USER = text("user", "the user's name");
  public static final Option<String> PASSWORD = text("password", "the user's password");
  public static final Option<String> PASSWORD_FILE =
      text("password-file", "file with the user's password, which no list of processes shows");
  public static final Option<String> CAFILE =
      text("cafile", "PEM file with the certificates that the broker's must be signed by");
  public static final Option<String> CERTIFICATE =
      text("certificate", "PEM file with this client's certificate and its key (PKCS #8)");

  private BrokerOptions() {}

  /** These options, and some more to begin a connector's own list with. */
  public static List<Option<?>> with(Option<?>... more) {
    List<Option<?>> all = new ArrayList<>(ROWS);
    all.addAll(List.of(more));
    return all;
  }

  /**
   * The password that the options say. Reads a file.
   *
   * @throws OpenFailure when there are two, or the file can't be read
   */
  public static Optional<String> password(Options options) {
    Optional<String> file = options.find(PASSWORD_FILE);
    if (file.isEmpty()) {
      return options.find(PASSWORD);
    }
    if (options.has(PASSWORD)) {
      throw OpenFailure.lasting("options password and password-file exclude each other");
    }
    try {
      return Optional.of(
          Files.readString(Path.of(file.get()), StandardCharsets.UTF_8)
              .lines()
              .findFirst()
              .orElse(""));
    } catch (IOException e) {
      throw OpenFailure.lasting("option password-file=" + file.get() + ": " + e.getMessage());
    }
  }

  private static Option<String> text(String name, String help) {
    return Option.row(name, OptionType.STRING, Phase.SPECIFIC, GROUP).help(help).in(ROWS);
  }
}
