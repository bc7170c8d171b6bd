package dev.sluice.addresses;

import dev.sluice.testkit.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A peer that speaks TLS, with the JDK's own sockets and a certificate for localhost. */
final class TlsPeer implements Peer {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final char[] NO_PASSWORD = new char[0];

  private final SSLSocket socket;

  private TlsPeer(SSLSocket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.startHandshake();
  }

  /** A file of the tests' certificate: {@code localhost.crt} or {@code localhost.key}. */
  static Path file(String name) {
    URL found = Objects.requireNonNull(TlsPeer.class.getResource("/tls/" + name), name);
    try {
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keys and trust of the tests' certificate. */
  static SSLContext context() {
    try {
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(Files.readAllBytes(file("localhost.crt"))));
      String key =
          Files.readString(file("localhost.key"), StandardCharsets.US_ASCII)
              .replaceAll("-----[A-Z ]*-----|\\s", "");
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("trusted", certificate);
      store.setKeyEntry(
          "own",
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))),
          NO_PASSWORD,
          new Certificate[] {certificate});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, NO_PASSWORD);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects as a client, which trusts only the tests' certificate. */
  static Peer connect(int port) throws IOException {
    return new TlsPeer(
        (SSLSocket)
            context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
  }

  /** A server for one client. */
  static final class Server implements AutoCloseable {
    private final SSLServerSocket listener;
    private final CompletableFuture<Peer> first;

    Server() throws IOException {
      listener =
          (SSLServerSocket)
              context()
                  .getServerSocketFactory()
                  .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
      first = CompletableFuture.supplyAsync(this::accept);
    }

    private Peer accept() {
      try {
        return new TlsPeer((SSLSocket) listener.accept());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    Peer peer() {
      return first.join();
    }

    @Override
    public void close() {
      try {
        listener.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] receive(int count) {
    try {
      InputStream in = socket.getInputStream();
      return in.readNBytes(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void receiveEnd() {
    try {
      if (socket.getInputStream().read() >= 0) {
        throw new AssertionError("bytes arrive where the data should end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
