package dev.sluice.connector.web;

import akka.Done;
import akka.NotUsed;
import akka.event.NoLogging;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.Host;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.settings.ClientConnectionSettings;
import akka.japi.Pair;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.Beneath;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.FarSource;
import dev.sluice.connector.kit.OpenSink;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Opened;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Options;
import dev.sluice.stream.ChannelStreams;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Subscriber;

/** One request and its answer, over one connection. */
final class HttpExchange {
  private final OpenContext context;
  private final Options options;
  private final WebTarget target;
  private final String shown;
  private final boolean events;
  private final HttpMethod method;

  private HttpExchange(OpenContext context, WebTarget target, boolean events) {
    this.context = context;
    this.options = context.options();
    this.target = target;
    this.shown = context.address().spec().head();
    this.events = events || options.isOn(HttpOptions.EVENTS);
    this.method = method(options, context.direction());
  }

  /**
   * Connects; the request is made when the session begins.
   *
   * @param scheme http or https
   * @param beneath the keyword of the address that it runs over
   */
  static CompletionStage<StreamChannel> open(
      OpenContext context, String scheme, String beneath, int defaultPort, boolean events) {
    WebTarget target = WebTarget.of(context, defaultPort);
    HttpExchange exchange = new HttpExchange(context, target, events);
    HttpRequest request = exchange.request(scheme);
    Optional<String> over = context.options().find(HttpOptions.OVER);
    CompletionStage<? extends Opened> opening =
        over.isPresent()
            ? Beneath.open(context, over.get())
            : Beneath.open(context, beneath, target.host(), target.port());
    return opening.thenApply(opened -> exchange.channel((Channel) opened, request));
  }

  private static HttpMethod method(Options options, Direction direction) {
    String name = options.get(HttpOptions.METHOD, direction.writes() ? "POST" : "GET");
    return HttpMethods.lookup(name.toUpperCase(Locale.ROOT))
        .orElseThrow(() -> OpenFailure.lasting("option method: \"" + name + "\" is no method"));
  }

  private HttpRequest request(String scheme) {
    try {
      HttpRequest request = HttpRequest.create(target.path()).withMethod(method);
      request = request.addHeader(host(scheme));
      if (events) {
        request = request.addHeader(RawHeader.create("Accept", "text/event-stream"));
      }
      for (String header : options.all(HttpOptions.HEADER)) {
        request = request.addHeader(WebSocketClient.header(header));
      }
      Optional<String> basic = options.find(HttpOptions.BASIC_AUTH);
      if (basic.isPresent()) {
        int colon = basic.get().indexOf(':');
        if (colon < 0) {
          throw OpenFailure.lasting("option basic-auth is not user:password");
        }
        request =
            request.addHeader(
                Authorization.basic(
                    basic.get().substring(0, colon), basic.get().substring(colon + 1)));
      }
      Optional<String> bearer = options.find(HttpOptions.BEARER);
      return bearer.isEmpty() ? request : request.addHeader(Authorization.oauth2(bearer.get()));
    } catch (IllegalArgumentException e) {
      throw OpenFailure.lasting(shown + ": " + e.getMessage());
    }
  }

  private Host host(String scheme) {
    boolean number = target.port().chars().allMatch(Character::isDigit);
    int port = number ? Integer.parseInt(target.port()) : 0;
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return usual || !number ? Host.create(target.host()) : Host.create(target.host(), port);
  }

  private ContentType contentType() {
    String type = options.get(HttpOptions.CONTENT_TYPE, "");
    return type.isEmpty() ? ContentTypes.APPLICATION_OCTET_STREAM : ContentTypes.parse(type);
  }

  private StreamChannel channel(Channel connection, HttpRequest request) {
    Direction direction = context.direction();
    boolean hasBody = direction.writes() && method.isEntityAccepted();
    CompletableFuture<Done> closed = new CompletableFuture<>();
    Channel watched = connection.onClose(() -> closed.complete(Done.getInstance()));
    StreamChannel channel =
        StreamChannel.of(
            direction,
            (materializer, other) -> {
              Pair<Subscriber<ByteString>, Source<ByteString, NotUsed>> body =
                  Source.<ByteString>asSubscriber().preMaterialize(ConnectorSystem.materializer());
              HttpRequest whole =
                  hasBody
                      ? request.withEntity(HttpEntities.create(contentType(), body.second()))
                      : request;
              Source<ByteString, ?> answer = answer(watched, whole, other.boundary());
              return new StreamChannel.Halves(
                  direction.reads() ? answer : null,
                  direction.writes() ? sink(hasBody ? body.first() : null, closed) : null);
            });
    return events ? channel.boundary(Boundary.SEQPACKET) : channel;
  }

  /** Done once the body is written and the answer has come to its end. */
  private static Sink<ByteString, CompletionStage<Done>> sink(
      @org.jspecify.annotations.Nullable Subscriber<ByteString> body,
      CompletableFuture<Done> closed) {
    if (body == null) {
      return Flow.of(ByteString.class).toMat(Sink.ignore(), Keep.right());
    }
    return Flow.of(ByteString.class)
        .watchTermination((none, done) -> done)
        .via(new OpenSink())
        .to(Sink.fromSubscriber(body))
        .mapMaterializedValue(done -> done.thenCombine(closed, (end, gone) -> end));
  }

  private Source<ByteString, ?> answer(Channel connection, HttpRequest request, Boundary other) {
    Flow<ByteString, ByteString, NotUsed> bytes =
        new ChannelStreams(context.poller(), context.waiting(), context.settings().blockSize())
            .flow(connection);
    ClientConnectionSettings settings =
        ClientConnectionSettings.create(ConnectorSystem.get().classicSystem())
            .withIdleTimeout(scala.concurrent.duration.Duration.Inf());
    // the connection stays until the whole answer has come
    CompletableFuture<HttpRequest> noMore = new CompletableFuture<>();
    Source<ByteString, ?> body =
        FarSource.of(
            Source.single(request)
                .concatLazy(Source.completionStage(noMore).filter(none -> false))
                .via(
                    Http.get(ConnectorSystem.get())
                        .clientLayer(
                            request.getHeader(Host.class).orElseThrow(),
                            settings,
                            NoLogging.getInstance())
                        .atop(Layers.bytes())
                        .join(bytes))
                .flatMapConcat(
                    response ->
                        body(response)
                            .watchTermination(
                                (any, done) ->
                                    done.whenComplete(
                                        (end, failure) -> noMore.complete(request)))));
    return events ? body.via(new ServerSentEvents(other == Boundary.STREAM)) : body;
  }

  private Source<ByteString, ?> body(HttpResponse response) {
    context.log().info("%s answered %s", shown, response.status());
    if (response.status().intValue() >= 400) {
      if (options.isOn(HttpOptions.FAIL) || events) {
        response.discardEntityBytes(ConnectorSystem.materializer());
        return Source.failed(new IllegalStateException(shown + " answered " + response.status()));
      }
      context.log().warning(shown + " answered " + response.status());
    }
    return response.entity().withoutSizeLimit().getDataBytes();
  }
}
