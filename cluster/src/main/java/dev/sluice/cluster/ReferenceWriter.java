package dev.sluice.cluster;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes Akka's own configuration, of all its jars, as one file of this one: the jar that the
 * program runs from has Akka's classes without it. Runs when the program is built.
 */
public final class ReferenceWriter {
  private ReferenceWriter() {}

  /** Takes the folder of the classes. */
  public static void main(String[] arguments) throws IOException {
    String text =
        ConfigFactory.defaultReference()
            .withOnlyPath("akka")
            .root()
            .render(ConfigRenderOptions.concise());
    Files.writeString(Path.of(arguments[0], ClusterConfig.REFERENCE), text);
  }
}
