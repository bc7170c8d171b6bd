package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to a server that is not ours: the JDK's. */
class HttpRequestTest {
  @TempDir private Path folder;
  private HttpServer server;
  private int port;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    port = server.getAddress().getPort();
    server.createContext("/index.html", exchange -> answer(exchange, 200, "a page"));
    server.createContext(
        "/echo",
        exchange ->
            answer(
                exchange,
                200,
                exchange.getRequestMethod()
                    + " "
                    + exchange.getRequestHeaders().getFirst("X-Color")
                    + " "
                    + new String(
                        exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    server.createContext("/missing", exchange -> answer(exchange, 404, "nothing here"));
    server.createContext(
        "/events",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
          answer(
              exchange, 200, ": hello\nid: 1\ndata: one\n\nevent: x\ndata: two\ndata: lines\n\n");
        });
    server
        .createContext("/secret", exchange -> answer(exchange, 200, "treasure"))
        .setAuthenticator(
            new BasicAuthenticator("here") {
              @Override
              public boolean checkCredentials(String user, String password) {
                return user.equals("me") && password.equals("pass");
              }
            });
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private String address(String path) {
    return "HTTP:127.0.0.1:" + port + path;
  }

  @Test
  void theOtherSidesDataAreTheBody() {
    Outcome outcome =
        Tool.OURS
            .command("-t", "60", "-", address("/echo?x=1") + ",method=PUT,header=X-Color: red")
            .input("some data")
            .run();
    assertEquals("PUT red some data", outcome.stdout(), outcome.stderr());
    assertEquals(0, outcome.status(), outcome.stderr());
  }

  @Test
  void aStatusCanBeAFailure() {
    Outcome told = Tool.OURS.command("-u", address("/missing"), "-").run();
    assertEquals("nothing here", told.stdout());
    assertTrue(told.stderr().contains("404 Not Found"), told.stderr());
    Outcome failed = Tool.OURS.command("-u", address("/missing") + ",fail", "-").run();
    assertEquals("", failed.stdout());
    assertEquals(1, failed.status());
  }

  @Test
  void whoKnowsThePasswordIsLetIn() {
    Outcome outcome =
        Tool.OURS.command("-u", address("/secret") + ",basic-auth=me:pass", "-").run();
    assertEquals("treasure", outcome.stdout());
    assertEquals(1, Tool.OURS.command("-u", address("/secret") + ",fail", "-").run().status());
  }

  @Test
  void eventsAreLines() {
    Outcome outcome = Tool.OURS.command("-u", "SSE:127.0.0.1:" + port + "/events", "-").run();
    assertEquals("one\ntwo\nlines\n", outcome.stdout(), outcome.stderr());
  }

  @Test
  void theRecipeWorks() {
    ConnectorRecipe recipe = ConnectorRecipe.of("HTTP").at("localhost:8080", port);
    assertEquals("a page", recipe.type(0, folder));
  }
}
