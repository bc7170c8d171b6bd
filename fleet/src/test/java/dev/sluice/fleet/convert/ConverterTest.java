package dev.sluice.fleet.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.RelayOptions;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.relay.RelaySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of other programs: what they become reads as a fleet, and what is left out is said. */
class ConverterTest {
  @TempDir Path folder;

  private final RelayReader relays =
      RelayReader.of(
          Catalog.load(),
          (words, problem) -> new RelayOptions.Said(RelaySettings.DEFAULT, true),
          new Pools((pool, text) -> {}));

  private Fleet fleet(Converter.Result result) throws IOException {
    Path file = Files.writeString(folder.resolve("fleet.conf"), result.text());
    FleetReader.Result read = new FleetReader(relays, Map.of()).read(file);
    return read.fleet().orElseThrow(() -> new AssertionError(read.problems() + result.text()));
  }

  private static Converter.Result convert(String name, String text) {
    List<String> lines = text.lines().toList();
    return Converter.convert(Converter.guess(name, lines), lines);
  }

  private static String left(Fleet fleet, String name) {
    return Objects.requireNonNull(fleet.relays().get(name), name).left();
  }

  private static String right(Fleet fleet, String name) {
    return Objects.requireNonNull(fleet.relays().get(name), name).right();
  }

  private static PoolDefinition pool(Fleet fleet, String name) {
    return Objects.requireNonNull(fleet.pools().get(name), name);
  }

  @Test
  void rulesOfRinetd() throws IOException {
    Converter.Result result =
        convert(
            "rinetd.conf",
            """
            # web
            0.0.0.0 80 192.168.1.2 8080
            127.0.0.1 53/udp 10.0.0.1 53/udp  [timeout=60]
            2001:db8::1 443 2001:db8::2 443
            allow 10.*
            """);
    Fleet fleet = fleet(result);
    assertEquals("TCP4-LISTEN:80,reuseaddr,fork", left(fleet, "0.0.0.0-80"));
    assertEquals("TCP:192.168.1.2:8080", right(fleet, "0.0.0.0-80"));
    assertEquals("UDP-LISTEN:53,bind=127.0.0.1,reuseaddr,fork", left(fleet, "127.0.0.1-53"));
    assertEquals("TCP:[2001:db8::2]:443", right(fleet, "2001-db8--1-443"));
    assertEquals(List.of("line 3: [timeout=60]", "line 5: allow 10.*"), result.leftOut());
  }

  @Test
  void proxiesOfFrp() throws IOException {
    Converter.Result result =
        convert(
            "frpc.toml",
            """
            serverAddr = "x.example" # where frps is
            [[proxies]]
            name = "ssh"
            type = "tcp"
            localIP = "127.0.0.1"
            localPort = 22
            remotePort = 6000
            transport.useEncryption = true
            [[proxies]]
            name = "a"
            type = "tcp"
            localPort = 1
            remotePort = 80
            loadBalancer.group = "web"
            healthCheck.type = "tcp"
            healthCheck.intervalSeconds = 5
            [[proxies]]
            name = "b"
            type = "tcp"
            localPort = 2
            remotePort = 80
            loadBalancer.group = "web"
            [[proxies]]
            name = "sock"
            type = "tcp"
            remotePort = 81
            [proxies.plugin]
            type = "unix_domain_socket"
            unixPath = "/run/x.sock"
            [[proxies]]
            name = "site"
            type = "http"
            localPort = 80
            """);
    Fleet fleet = fleet(result);
    assertEquals("TCP:127.0.0.1:22", right(fleet, "ssh"));
    assertEquals("TCP-LISTEN:6000,reuseaddr,fork", left(fleet, "ssh"));
    assertEquals("POOL:web", right(fleet, "web"));
    assertEquals(2, pool(fleet, "web").members().size());
    assertEquals(5, pool(fleet, "web").check().orElseThrow().every().toSeconds());
    assertEquals("UNIX-CONNECT:/run/x.sock", right(fleet, "sock"));
    assertEquals(
        List.of(
            "serverAddr",
            "line 2: proxy ssh: transport.useEncryption",
            "line 30: proxy site of type http"),
        result.leftOut());
  }

  @Test
  void servicesOfGost() throws IOException {
    Converter.Result result =
        convert(
            "gost.yml",
            """
            services:
            - name: web
              addr: ":8080"
              handler: { type: tcp }
              listener: { type: tcp }
              forwarder:
                selector: { strategy: hash, maxFails: 2, failTimeout: 20s }
                nodes:
                - { name: a, addr: "10.0.0.1:80" }
                - { name: b, addr: "10.0.0.2:80" }
            - name: dns
              addr: "127.0.0.1:53"
              handler: { type: udp }
              listener: { type: udp }
              forwarder: { nodes: [ { addr: "1.1.1.1:53" } ] }
            - name: socks
              addr: ":1080"
              handler: { type: socks5 }
              listener: { type: tcp }
            api: { addr: ":18080" }
            """);
    Fleet fleet = fleet(result);
    assertEquals("POOL:web", right(fleet, "web"));
    assertEquals(PoolDefinition.Balance.HASH, pool(fleet, "web").balance());
    assertEquals(2, pool(fleet, "web").passive().fails());
    assertEquals("UDP:1.1.1.1:53", right(fleet, "dns"));
    assertTrue(result.leftOut().contains("api"), result.leftOut()::toString);
    assertTrue(
        result.leftOut().stream().anyMatch(line -> line.startsWith("service socks")),
        result.leftOut()::toString);
    Converter.Result evil = convert("x.yml", "!!javax.script.ScriptEngineManager [ ]");
    assertEquals(0, evil.relays());
  }

  @Test
  void listenSectionsOfHaproxy() throws IOException {
    Converter.Result result =
        convert(
            "haproxy.cfg",
            """
            global
              daemon
            listen web
              bind 127.0.0.1:8080,*:8081
              bind :9000-9002 ssl crt x.pem
              mode tcp
              balance leastconn
              maxconn 100
              option tcplog
              server a 10.0.0.1:80 check inter 3s fall 2 weight 3
              server b 10.0.0.2:80 check backup
            frontend f
              bind :1
            """);
    Fleet fleet = fleet(result);
    assertEquals(5, fleet.relays().size());
    assertEquals("TCP-LISTEN:8080,bind=127.0.0.1,reuseaddr,fork", left(fleet, "web"));
    assertEquals("TCP-LISTEN:8081,reuseaddr,fork", left(fleet, "web-2"));
    assertEquals(100, Objects.requireNonNull(fleet.relays().get("web-3-9001")).maxSessions());
    PoolDefinition pool = pool(fleet, "web");
    assertEquals(PoolDefinition.Balance.LEAST_SESSIONS, pool.balance());
    assertEquals(3, pool.members().get(0).weight());
    assertTrue(pool.members().get(1).backup());
    assertEquals(2, pool.check().orElseThrow().fall());
    assertTrue(
        result
            .leftOut()
            .containsAll(
                List.of(
                    "line 1: section global",
                    "line 5: ssl",
                    "line 9: option tcplog",
                    "line 12: section frontend f")),
        result.leftOut()::toString);
  }

  @Test
  void forwardingsOfSsh() throws IOException {
    Converter.Result result =
        convert(
            "tunnels.sh",
            """
            #!/bin/sh
            autossh -M 0 -f -N -i /k/id -L 5432:db:5432 -L 0.0.0.0:8080:[::1]:80 me@host
            ssh -N -R 22:localhost:22 other
            """);
    Fleet fleet = fleet(result);
    assertEquals("TCP-LISTEN:5432,bind=127.0.0.1,reuseaddr,fork", left(fleet, "ssh-5432"));
    assertEquals(
        "EXEC:\"ssh -o BatchMode=yes -o ServerAliveInterval=15 -i /k/id -W db:5432 me@host\"",
        right(fleet, "ssh-5432"));
    assertEquals("TCP4-LISTEN:8080,reuseaddr,fork", left(fleet, "ssh-8080"));
    assertTrue(
        result.leftOut().contains("line 3: has no forwarding -L, or no host"),
        result.leftOut()::toString);
  }

  @Test
  void whatIsNoFileAtAllIsLeftOutAndHarmsNothing() {
    String junk = "\u0000[[[[\n= =\n\"\nlisten\nbind\nserver\nssh -L\n- [a\n";
    for (Converter.Format format : Converter.Format.values()) {
      assertEquals(0, Converter.convert(format, junk.lines().toList()).relays(), format.text());
    }
  }
}
