package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers over TLS that want a certificate and a password, and know whom they refuse. */
class SecureBrokerTest {
  @TempDir static Path folder;

  @BeforeAll
  static void makeKeys() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("ca", "rsa:2048");
    keys.signed("broker", "localhost", "ca", TlsKeys.NAMES.replace("=", " = "));
    keys.signed("client", "someone", "ca", "");
    for (String name : new String[] {"broker", "client"}) {
      Files.writeString(
          folder.resolve(name + ".pem"),
          TlsKeys.read(folder.resolve(name + ".key"))
              + TlsKeys.read(folder.resolve(name + ".crt")));
    }
    Files.writeString(folder.resolve("password"), "secret\n");
    Files.writeString(folder.resolve("wrong"), "guess\n");
  }

  /** Options of a client that the broker knows. */
  private static String known() {
    return ",cafile=ca.crt,certificate=client.pem,user=someone,password-file=password";
  }

  private static Outcome run(String input, String left, String right) {
    return Tool.OURS.command("-u", left, right).in(folder).input(input).run();
  }

  private static void assertWritten(String address) {
    Outcome outcome = run("one\ntwo\n", "-", address);
    assertEquals(0, outcome.status(), outcome.stderr());
  }

  private static void assertRead(String address) {
    Outcome outcome = run("", address, "-");
    assertEquals("one\ntwo\n", outcome.stdout(), outcome.stderr());
    assertEquals(0, outcome.status(), outcome.stderr());
  }

  private static void assertRefused(String address, String message) {
    Outcome outcome = run("x\n", "-", address);
    assertEquals(1, outcome.status(), outcome.stderr());
    assertTrue(outcome.stderr().contains(message), outcome.stderr());
  }

  @Test
  void mosquitto() throws Exception {
    Programs.assumeInstalled("mosquitto", "mosquitto_passwd");
    Path users = Files.writeString(folder.resolve("users"), "");
    Process add =
        new ProcessBuilder("mosquitto_passwd", "-b", users.toString(), "someone", "secret").start();
    assertEquals(0, add.waitFor());
    assertEquals(0, new ProcessBuilder("chmod", "-R", "a+rX", folder + "").start().waitFor());
    try (MosquittoBroker broker =
        MosquittoBroker.start(
            folder,
            """
            allow_anonymous false
            password_file %s
            cafile ca.crt
            certfile broker.crt
            keyfile broker.key
            require_certificate true
            """
                .formatted(users))) {
      String topic = "MQTTS:localhost:" + broker.port() + "/t";
      for (String version : new String[] {"3", "5"}) {
        String options = ",version=" + version + ",framing=lines";
        assertWritten(topic + options + ",retain" + known());
        Outcome last = run("", topic + options + ",readbytes=4" + known(), "-");
        assertEquals("two\n", last.stdout(), last.stderr());
      }
      assertRefused(topic + known().replace("=password", "=wrong"), "NOT_AUTHORIZED");
      assertRefused(topic + known().replace("certificate=client.pem,", ""), "MQTTS:localhost");
      assertRefused(topic + known().replace("cafile=ca.crt,", ""), "PKIX path building failed");
    }
  }

  @Test
  void rabbitmq() throws IOException {
    int port = Server.freePort();
    try (RabbitBroker broker =
        RabbitBroker.start(
            Files.createDirectory(folder.resolve("rabbit")),
            "listeners.ssl.1 = 127.0.0.1:" + port,
            "ssl_options.cacertfile = " + folder.resolve("ca.crt"),
            "ssl_options.certfile = " + folder.resolve("broker.crt"),
            "ssl_options.keyfile = " + folder.resolve("broker.key"),
            "ssl_options.verify = verify_peer",
            "ssl_options.fail_if_no_peer_cert = true",
            "default_user = someone",
            "default_pass = secret")) {
      String queue = "AMQPS:localhost:" + port + "/q,framing=lines";
      assertWritten(queue + ",declare" + known());
      assertRead(queue + ",eof" + known());
      assertRefused(queue + known().replace("=password", "=wrong"), "ACCESS_REFUSED");
      assertRefused(queue + known().replace("certificate=client.pem,", ""), "AMQPS:localhost");
      assertRefused(queue + known().replace("cafile=ca.crt,", ""), "PKIX path building failed");
      assertTrue(broker.port() != port);
    }
  }

  @Test
  void kafka() throws IOException {
    try (KafkaBroker broker =
        KafkaBroker.start(
            folder.resolve("kafka"),
            "SASL_SSL",
            """
            security.inter.broker.protocol=SASL_SSL
            ssl.keystore.type=PEM
            ssl.keystore.location=%1$s
            ssl.truststore.type=PEM
            ssl.truststore.location=%2$s
            listener.name.sasl_ssl.ssl.client.auth=required
            sasl.enabled.mechanisms=PLAIN
            sasl.mechanism.inter.broker.protocol=PLAIN
            listener.name.sasl_ssl.plain.sasl.jaas.config=\
              org.apache.kafka.common.security.plain.PlainLoginModule required \
              username="someone" password="secret" user_someone="secret";
            """
                .formatted(folder.resolve("broker.pem"), folder.resolve("ca.crt")))) {
      String topic = "KAFKA:localhost:" + broker.port() + "/t,framing=lines,sasl=PLAIN";
      String short_ = ",delivery-timeout=20";
      assertWritten(topic + ",create" + known());
      assertRead(topic + ",eof" + known());
      assertRefused(topic + short_ + known().replace("=password", "=wrong"), "uthentication");
      assertRefused(topic + short_ + known().replace("certificate=client.pem,", ""), "KAFKA:");
      assertRefused(topic + short_ + known().replace("cafile=ca.crt,", ""), "KAFKA:");
    }
  }
}
