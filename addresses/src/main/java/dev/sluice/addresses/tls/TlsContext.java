package dev.sluice.addresses.tls;

import dev.sluice.catalog.Cryptography;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What the options of a TLS address say, as JSSE takes it: keys, trust, versions, ciphers. Reads
 * the files again when they have changed, for the connections that follow; those that are there
 * keep what they have. Thread-safe.
 */
public final class TlsContext {
  /** Which side of a connection we are. */
  public enum Role {
    CLIENT,
    SERVER
  }

  private static final TlsVersion[] STREAM = {
    TlsVersion.TLS1_0, TlsVersion.TLS1_1, TlsVersion.TLS1_2, TlsVersion.TLS1_3
  };
  private static final TlsVersion[] DATAGRAM = {TlsVersion.DTLS1_0, TlsVersion.DTLS1_2};

  /** Bytes of a record that are no data, at most, as JSSE reckons. */
  private static final int RECORD_OVERHEAD = 325;

  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private final Options options;
  private final RelayLog log;
  private final Role role;
  private final boolean datagram;
  private SSLContext context;
  private List<Stamp> stamps;

  /** A file as it was when it was read. */
  private record Stamp(Path file, @Nullable FileTime time, long size) {
    static Stamp of(Path file) {
      try {
        return new Stamp(file, Files.getLastModifiedTime(file), Files.size(file));
      } catch (java.io.IOException e) {
        return new Stamp(file, null, -1);
      }
    }
  }

  private TlsContext(Options options, RelayLog log, Role role, boolean datagram) {
    this.options = options;
    this.log = log;
    this.role = role;
    this.datagram = datagram;
    this.stamps = stamps();
    this.context = load();
  }

  /**
   * Reads what the options name; fails with {@link OpenFailure}. Blocks.
   *
   * @param datagram DTLS rather than TLS
   */
  public static TlsContext of(Options options, RelayLog log, Role role, boolean datagram) {
    if (role == Role.SERVER && options.has(TlsOptions.MAXFRAGLEN)) {
      throw OpenFailure.lasting("openssl: maxfraglen option not applicable to a server");
    }
    if (role == Role.SERVER && !options.has(TlsOptions.CERTIFICATE)) {
      log.warning("no certificate given; consider option \"cert\"");
    }
    warnOfIgnored(options, log);
    TlsContext made = new TlsContext(options, log, role, datagram);
    made.parameters(made.context.createSSLEngine(), null);
    return made;
  }

  /** Options that OpenSSL 3 takes too and that change nothing there either. */
  private static void warnOfIgnored(Options options, RelayLog log) {
    if (options.has(TlsOptions.EGD) || options.has(TlsOptions.PSEUDO)) {
      log.warning(
          "openssl-egd and openssl-pseudo are ignored: the kernel gives the random numbers");
    }
    if (options.find(TlsOptions.COMPRESS).filter(method -> !method.equals("none")).isPresent()) {
      log.warning("openssl-compress is ignored: there is no compression of TLS any more");
    }
  }

  /** Says once for the process what is not checked. */
  public void announce() {
    if (verifies() && TOLD.compareAndSet(false, true)) {
      log.warning("OpenSSL: Warning: this implementation does not check CRLs");
    }
  }

  private SSLContext load() {
    Identity identity = Identity.of(options);
    Trust trust = Trust.of(options);
    try {
      Cryptography.await();
      SSLContext made = SSLContext.getInstance(datagram ? "DTLS" : "TLS");
      made.init(
          identity == null ? new KeyManager[0] : new KeyManager[] {identity},
          new TrustManager[] {trust},
          null);
      return made;
    } catch (GeneralSecurityException e) {
      throw OpenFailure.lasting("SSL_CTX_new(): " + e.getMessage());
    }
  }

  private List<Stamp> stamps() {
    return Stream.of(TlsOptions.CERTIFICATE, TlsOptions.KEY, TlsOptions.CAFILE)
        .flatMap(option -> options.find(option).stream())
        .map(file -> Stamp.of(Path.of(file)))
        .toList();
  }

  private synchronized SSLContext current() {
    List<Stamp> now = stamps();
    if (!now.equals(stamps)) {
      stamps = now;
      try {
        context = load();
        log.notice("certificates have been read again");
      } catch (OpenFailure e) {
        log.warning(e.getMessage() + "; the certificates read before stay in use");
      }
    }
    return context;
  }

  boolean verifies() {
    return options.get(TlsOptions.VERIFY, true);
  }

  Role role() {
    return role;
  }

  boolean isDatagram() {
    return datagram;
  }

  /** Data in a record that we send, in bytes. */
  int largestRecord() {
    return options.get(TlsOptions.MAXSENDFRAG, 16384);
  }

  /**
   * The name that the peer's certificate must be for; null for any.
   *
   * @param host what a client connects to
   */
  @Nullable String wantedName(@Nullable String host) {
    String name = options.find(TlsOptions.COMMONNAME).orElse(host);
    return name == null || name.isEmpty() || !verifies() ? null : name;
  }

  /**
   * An engine for a new connection.
   *
   * @param host what a client connects to; null for a server
   */
  SSLEngine engine(@Nullable String host) {
    SSLEngine engine = current().createSSLEngine();
    engine.setUseClientMode(role == Role.CLIENT);
    engine.setSSLParameters(parameters(engine, host));
    return engine;
  }

  private SSLParameters parameters(SSLEngine engine, @Nullable String host) {
    engine.setUseClientMode(role == Role.CLIENT);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(protocols(engine));
    parameters.setCipherSuites(suites(engine));
    parameters.setUseCipherSuitesOrder(role == Role.CLIENT);
    parameters.setNeedClientAuth(role == Role.SERVER && verifies());
    options
        .find(TlsOptions.ALPN)
        .ifPresent(list -> parameters.setApplicationProtocols(list.split(",", -1)));
    options
        .find(TlsOptions.MAXFRAGLEN)
        .ifPresent(length -> parameters.setMaximumPacketSize(length + RECORD_OVERHEAD));
    if (role == Role.CLIENT && host != null && !options.isOn(TlsOptions.NO_SNI)) {
      serverName(host, parameters);
    }
    return parameters;
  }

  private void serverName(String host, SSLParameters parameters) {
    String given = options.find(TlsOptions.SNIHOST).orElse(null);
    if (given != null && PeerCertificate.isAddress(given)) {
      log.warning("specified SNI host \"" + given + "\" is an IP address");
      parameters.setServerNames(List.of(new ServerName(given)));
      return;
    }
    String name = given != null ? given : options.get(TlsOptions.COMMONNAME, host);
    if (name.isEmpty() || PeerCertificate.isAddress(name.replaceAll("[\\[\\]]", ""))) {
      log.warning("refusing to set empty SNI host name");
      return;
    }
    parameters.setServerNames(List.of(new ServerName(name)));
  }

  /** A name that is sent as it is: one with an underscore is no host name for Java. */
  private static final class ServerName extends SNIServerName {
    ServerName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private String[] protocols(SSLEngine engine) {
    TlsVersion[] known = datagram ? DATAGRAM : STREAM;
    TlsVersion least = options.get(TlsOptions.MIN_PROTO_VERSION, known[0]);
    TlsVersion most = options.get(TlsOptions.MAX_PROTO_VERSION, known[known.length - 1]);
    List<String> supported = Arrays.asList(engine.getEnabledProtocols());
    List<String> chosen =
        Arrays.stream(known)
            .filter(version -> version.compareTo(least) >= 0 && version.compareTo(most) <= 0)
            .map(TlsVersion::protocol)
            .filter(supported::contains)
            .toList();
    if (chosen.isEmpty()) {
      throw OpenFailure.lasting(
          "no protocol version from "
              + least.protocol()
              + " to "
              + most.protocol()
              + " is enabled in this JVM, which has "
              + String.join(", ", supported));
    }
    return chosen.toArray(String[]::new);
  }

  private String[] suites(SSLEngine engine) {
    CipherList list = options.get(TlsOptions.CIPHERLIST, CipherList.DEFAULT);
    List<String> supported = List.of(engine.getSupportedCipherSuites());
    List<String> chosen = new ArrayList<>();
    Stream.of(engine.getEnabledCipherSuites()).filter(CipherList::isTls13).forEach(chosen::add);
    chosen.addAll(list.choose(supported));
    return chosen.toArray(String[]::new);
  }
}
