package dev.sluice.fleet.admin;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.util.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the dashboard, compressed, from the class path. The policy that goes with a page
 * (Content Security Policy Level 3) lets it load and ask nothing but what comes from the same
 * place. Thread-safe.
 */
final class Pages {
  private static final String FOLDER = "/dev/sluice/dashboard/";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final ContentType SCRIPT = ContentTypes.parse("text/javascript; charset=utf-8");
  private static final ContentType STYLE = ContentTypes.parse("text/css; charset=utf-8");

  /** A file: where it lies, and what it is. */
  private record Asset(String resource, ContentType type) {}

  private static final Map<String, Asset> ASSETS =
      Map.of(
          "/", new Asset(FOLDER + "index.html", ContentTypes.TEXT_HTML_UTF8),
          "/login", new Asset(FOLDER + "login.html", ContentTypes.TEXT_HTML_UTF8),
          "/assets/dashboard.css", new Asset(FOLDER + "dashboard.css", STYLE),
          "/assets/dashboard.js", new Asset(FOLDER + "dashboard.js", SCRIPT),
          "/assets/format.js", new Asset(FOLDER + "format.js", SCRIPT),
          "/assets/graph.js", new Asset(FOLDER + "graph.js", SCRIPT),
          "/assets/icon.svg", new Asset(FOLDER + "icon.svg", ContentTypes.parse("image/svg+xml")),
          "/assets/uplot.js", new Asset(UPLOT + "uPlot.iife.min.js", SCRIPT),
          "/assets/uplot.css", new Asset(UPLOT + "uPlot.min.css", STYLE));

  private static final List<HttpHeader> HEADERS =
      List.of(
          RawHeader.create(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                  + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                  + " frame-ancestors 'none'"),
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Referrer-Policy", "same-origin"),
          RawHeader.create("Cache-Control", "no-cache"),
          RawHeader.create("Content-Encoding", "gzip"));

  private final Map<String, ByteString> compressed = new ConcurrentHashMap<>();

  /** Whether a path is one of these files. */
  static boolean has(String path) {
    return ASSETS.containsKey(path);
  }

  /** Whether anybody may have it: what is needed to log in, and files that tell nothing. */
  static boolean isOpen(String path) {
    return path.equals("/login") || path.startsWith("/assets/");
  }

  /** A file, which must be one of these. */
  HttpResponse get(String path) {
    Asset asset = ASSETS.get(path);
    if (asset == null) {
      throw new Answers.Refused(404, "there is no " + path);
    }
    ByteString body = compressed.computeIfAbsent(asset.resource(), Pages::compress);
    return HttpResponse.create()
        .addHeaders(HEADERS)
        .withEntity(HttpEntities.create(asset.type(), body));
  }

  private static ByteString compress(String resource) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (@Nullable InputStream in = Pages.class.getResourceAsStream(resource);
        GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      if (in == null) {
        throw new IOException("sluice-dashboard.jar is not there: no " + resource);
      }
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.fromArray(bytes.toByteArray());
  }
}
