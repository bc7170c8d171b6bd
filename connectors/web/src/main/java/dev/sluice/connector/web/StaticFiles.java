package dev.sluice.connector.web;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.StatusCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The files of a folder, and of those within it, for GET and HEAD. Links may not lead out. */
final class StaticFiles {
  private static final String INDEX = "index.html";

  private final Path folder;

  /** Serves what is in {@code folder}. */
  StaticFiles(Path folder) throws IOException {
    this.folder = folder.toRealPath();
  }

  /** Looks at the disk: may block. */
  HttpResponse answer(HttpRequest request) {
    if (request.method() != HttpMethods.GET && request.method() != HttpMethods.HEAD) {
      return HttpResponse.create().withStatus(StatusCodes.METHOD_NOT_ALLOWED);
    }
    return find(request.getUri().path())
        .map(
            file ->
                HttpResponse.create().withEntity(HttpEntities.create(type(file), file.toFile())))
        .orElseGet(
            () ->
                HttpResponse.create().withStatus(StatusCodes.NOT_FOUND).withEntity("not found\n"));
  }

  private Optional<Path> find(String path) {
    try {
      Path file = folder.resolve(path.replaceFirst("^/+", "")).toRealPath();
      if (Files.isDirectory(file)) {
        file = file.resolve(INDEX).toRealPath();
      }
      return file.startsWith(folder) && Files.isRegularFile(file) && Files.isReadable(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static ContentType type(Path file) {
    String name = String.valueOf(file.getFileName());
    MediaType type =
        akka.http.scaladsl.model.MediaTypes.forExtension(name.substring(name.lastIndexOf('.') + 1));
    if (type instanceof MediaType.Binary binary) {
      return ContentTypes.create(binary);
    }
    return type instanceof MediaType.WithFixedCharset fixed
        ? ContentTypes.create(fixed)
        : ContentTypes.create((MediaType.WithOpenCharset) type, HttpCharsets.UTF_8);
  }
}
