package dev.sluice.fleet.file;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import dev.sluice.fleet.model.Origin;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one HOCON file with what it includes. Only files are included, never what lies on the class
 * path or behind a URL, and a file that is not there is a problem.
 */
final class HoconFile {
  /** How the library begins its messages. */
  private static final Pattern PLACE = Pattern.compile("^(.*?)(?:: (\\d+)(?:-\\d+)?)?: (?s)(.*)$");

  private HoconFile() {}

  /** The file's content with everything substituted; null when it can't be read. */
  static @Nullable ConfigObject read(Path file, ProblemList problems) {
    try {
      Config parsed =
          ConfigFactory.parseFile(
              file.toFile(),
              ConfigParseOptions.defaults()
                  .setAllowMissing(false)
                  .setSyntax(ConfigSyntax.CONF)
                  .setIncluder(new FilesOnly()));
      return parsed.resolve(ConfigResolveOptions.defaults()).root();
    } catch (NotThere e) {
      problems.add(new Origin(file.toString(), 0), e.text);
    } catch (ConfigException.UnresolvedSubstitution e) {
      problems.add(place(e, file), text(e), "${?NAME} may be missing, ${NAME} may not");
    } catch (ConfigException e) {
      problems.add(place(e, file), text(e));
    } catch (StackOverflowError e) {
      problems.add(new Origin(file.toString(), 0), "the braces are nested too deeply");
    }
    return null;
  }

  /** An object in JSON, without includes and substitutions; null when it is none. */
  static @Nullable ConfigObject readJson(String text, ProblemList problems) {
    return readJson(text, Origin.RUNTIME, problems);
  }

  /** The same, which was written there. */
  static @Nullable ConfigObject readJson(String text, Origin origin, ProblemList problems) {
    try {
      return ConfigFactory.parseString(
              text,
              ConfigParseOptions.defaults()
                  .setSyntax(ConfigSyntax.JSON)
                  .setOriginDescription(origin.file()))
          .root();
    } catch (ConfigException e) {
      problems.add(origin, text(e));
    } catch (StackOverflowError e) {
      problems.add(origin, "the braces are nested too deeply");
    }
    return null;
  }

  private static Origin place(ConfigException failure, Path file) {
    if (failure.origin() != null) {
      return ProblemList.origin(failure.origin());
    }
    Matcher place = PLACE.matcher(String.valueOf(failure.getMessage()));
    return place.matches() && place.group(2) != null
        ? new Origin(String.valueOf(place.group(1)), Integer.parseInt(place.group(2)))
        : new Origin(file.toString(), 0);
  }

  private static String text(ConfigException failure) {
    Matcher place = PLACE.matcher(String.valueOf(failure.getMessage()));
    return place.matches() && place.group(2) != null
        ? String.valueOf(place.group(3))
        : String.valueOf(failure.getMessage());
  }

  /** An included file is missing. */
  private static final class NotThere extends ConfigException {
    private static final long serialVersionUID = 1L;
    private final String text;

    NotThere(String what) {
      super(what);
      text = "include \"" + what + "\": no such file";
    }
  }

  private static final class FilesOnly implements ConfigIncluder, ConfigIncluderFile {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      com.typesafe.config.ConfigParseable found = context.relativeTo(what);
      String name = found == null ? null : found.origin().filename();
      if (found == null || name == null || !Files.isRegularFile(Path.of(name))) {
        throw new NotThere(what);
      }
      return found.parse(found.options().setAllowMissing(false));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      return include(context, what.getPath());
    }
  }
}
