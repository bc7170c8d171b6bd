package dev.sluice.cli;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import dev.sluice.catalog.Catalog;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What a run that is made for the class archive does beside its relay, so that the archive has the
 * classes: the texts of help and version, other addresses, TLS, and what a start needs now and
 * then.
 */
final class Training {
  private static final int STARTS = 20;

  private Training() {}

  /** Blocks until all has been done once. */
  static void run(ActorSystem<Void> system) {
    String texts = VersionText.render() + HelpText.render(Catalog.load(), "", 3);
    System.err.print(texts.substring(0, 0));
    startOften();
    relayOthers(system);
    try {
      relayTls(system);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      System.err.println("training: " + e); // an archive with less in it
    }
  }

  /** Which thread of Akka comes first decides about some classes. */
  private static void startOften() {
    Packaged packaged = Packaged.find();
    for (int i = 0; packaged != null && i < STARTS; i++) {
      ActorSystem<Void> system = RelaySystem.create("training-" + i, packaged.configuration());
      system.systemActorOf(Behaviors.empty(), "idle", Props.empty());
      system.terminate();
    }
  }

  /** Beginnings and failures of the addresses that are used most. */
  private static void relayOthers(ActorSystem<Void> system) {
    List<String> addresses =
        List.of(
            "EXEC:true",
            "SYSTEM:true",
            "PIPE",
            "OPEN:/dev/null",
            "TCP:127.0.0.1:1",
            "TCP6:[::1]:1",
            "UDP:127.0.0.1:1",
            "UNIX-CONNECT:/dev/null",
            "UNIX-LISTEN:/dev/null",
            "TCP-LISTEN:0,bind=127.0.0.1,accept-timeout=0.01");
    for (String address : addresses) {
      Relay.between(address, "OPEN:/dev/null").start(system).ended().toCompletableFuture().join();
    }
  }

  private static void relayTls(ActorSystem<Void> system)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    NativeCrypto.install();
    Path file = Files.createTempFile("sluice", ".pem");
    try {
      Files.writeString(file, selfSigned());
      RelayHandle server =
          Relay.between(
                  "OPENSSL-LISTEN:0,bind=127.0.0.1,fork,verify=0,cert=" + file, "OPEN:/dev/null")
              .start(system);
      SocketAddress address = server.boundAddress().toCompletableFuture().join();
      int port = ((InetSocketAddress) address).getPort();
      Relay.between("OPEN:/dev/null", "OPENSSL:127.0.0.1:" + port + ",verify=0")
          .start(system)
          .ended()
          .toCompletableFuture()
          .join();
    } finally {
      Files.delete(file);
    }
  }

  /** A key and a certificate for it, as PEM. */
  private static String selfSigned()
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    X500Name name = new X500Name("CN=localhost");
    Instant now = Instant.now();
    Writer text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(keys.getPrivate());
      pem.writeObject(
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(now),
                  Date.from(now.plus(1, ChronoUnit.DAYS)),
                  name,
                  keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    }
    return text.toString();
  }
}
