package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that people run through relays: a small sum of each, on a host of its own. */
class RealProgramTest {
  @TempDir private Path folder;

  private static final String LISTEN = "$S TCP-LISTEN:7000,fork,reuseaddr ";

  /** Runs a command of bash on the host; its output, without the last line break. */
  private static String output(PrivateHost host, String line) {
    Outcome outcome = host.shell(line).run();
    assertEquals(0, outcome.status(), outcome.toString());
    return outcome.stdout().strip();
  }

  /** Asks until that is the answer: a server takes its time to start. */
  private static void awaitOutput(PrivateHost host, String line, String answer) {
    Await.until(() -> host.shell(line).run().stdout().strip().equals(answer), () -> line);
  }

  /** Through two relays with TLS between them. */
  @Test
  void postgresAnswersThroughTls() {
    Programs.assumeInstalled("psql", "openssl");
    String start =
        "shopt -s nullglob; bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1); install -d -o postgres /run/pg; cd /run/pg;"
            + " setpriv --reuid=postgres --regid=postgres --clear-groups $bin/initdb -D data -A trust -N >/dev/null"
            + " && exec setpriv --reuid=postgres --regid=postgres --clear-groups"
            + " $bin/postgres -D data -k /run/pg -c fsync=off";
    String key =
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout key -out crt"
            + " && cat key crt >both.pem";
    try (PrivateHost host = new PrivateHost(folder)) {
      host.succeed(key);
      try (Run server = host.serve(5432, start);
          Run near =
              host.serve(
                  7001, "$S OPENSSL-LISTEN:7001,fork,cert=both.pem,verify=0 TCP:127.0.0.1:5432");
          Run far = host.serve(7000, LISTEN + "OPENSSL:127.0.0.1:7001,verify=0")) {
        String psql = "psql -h 127.0.0.1 -p 7000 -U postgres -qAt -c ";
        awaitOutput(host, psql + "'select 1'", "1");
        output(host, psql + "'create table t as select generate_series(1, 50000) as n'");
        assertEquals("1250025000", output(host, psql + "'select sum(n) from t'"));
        assertEquals(
            "50000",
            output(
                host, "psql -h 127.0.0.1 -p 7000 -U postgres -qAt -c 'copy t to stdout' | wc -l"));
        assertTrue(server.isAlive() && near.isAlive() && far.isAlive());
      }
    }
  }

  @Test
  void redisTakesPipelines() {
    Programs.assumeInstalled("redis-server", "redis-benchmark");
    try (PrivateHost host = new PrivateHost(folder);
        Run server = host.serve(6379, "redis-server --save '' --bind 127.0.0.1");
        Run relay = host.serve(7000, LISTEN + "TCP:127.0.0.1:6379")) {
      output(host, "redis-benchmark -p 7000 -q -t set,get -n 5000 -c 10 -P 16");
      assertEquals("OK", output(host, "redis-cli -p 7000 set name value"));
      assertEquals("value", output(host, "redis-cli -p 7000 get name"));
      assertTrue(server.isAlive() && relay.isAlive());
    }
  }

  @Test
  void rsyncCopiesThroughSshOverTheRelay() {
    Programs.assumeInstalled("rsync");
    try (PrivateHost host = new PrivateHost(folder);
        Run server = SshServer.start(host)) {
      host.succeed(
          "mkdir tree; for i in $(seq 50); do head -c $((i * 3000)) /dev/urandom >tree/$i; done");
      String shell = "ssh -o ProxyCommand=\"$S - TCP:127.0.0.1:22\"";
      host.succeed("rsync -a -e '" + shell.replace("$S", "'\"$S\"'") + "' tree server:");
      host.succeed("diff -r tree /home/walter/tree");
      assertTrue(server.isAlive());
    }
  }

  @Test
  void aWebServerIsAskedByManyAtOnce() {
    Programs.assumeInstalled("nginx", "ab");
    String settings =
        "printf 'user root; daemon off; pid p; error_log stderr; events {} http { access_log off; client_body_temp_path a;"
            + " proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e; server { listen 127.0.0.1:80; root .; } }'"
            + " >nginx.conf; head -c 100000 /dev/urandom >page; chmod 755 .";
    try (PrivateHost host = new PrivateHost(folder)) {
      host.succeed(settings);
      try (Run server = host.serve(80, "nginx -p . -c nginx.conf");
          Run relay = host.serve(7000, LISTEN + "TCP:127.0.0.1:80")) {
        for (String keepAlive : new String[] {"-k", ""}) {
          String report =
              output(host, "ab -q " + keepAlive + " -n 300 -c 10 http://127.0.0.1:7000/page");
          assertTrue(
              report.matches("(?s).*Complete requests: +300\\n.*Failed requests: +0\\n.*"), report);
        }
        assertTrue(server.isAlive() && relay.isAlive());
      }
    }
  }

  @Test
  void aNameServerIsAskedByManyAtOnce() {
    Programs.assumeInstalled("dnsmasq", "dig");
    try (PrivateHost host = new PrivateHost(folder);
        Run server =
            host.shell(
                    "dnsmasq -d -C /dev/null -R -h -u root -a 127.0.0.1 -z -A /#/10.1.2.3 -x /run/pid")
                .start();
        Run relay =
            host.shell("$S -T 5 UDP-LISTEN:7000,fork,bind=127.0.0.1 UDP:127.0.0.1:53").start()) {
      String dig = "dig +short +tries=10 +time=2 -p 7000 @127.0.0.1 ";
      awaitOutput(host, dig + "first.example", "10.1.2.3");
      String all = "for i in $(seq 40); do " + dig + "n$i.example & done | sort | uniq -c; wait";
      assertEquals("40 10.1.2.3", output(host, all));
      assertTrue(server.isAlive() && relay.isAlive());
    }
  }

  @Test
  void syslogArrives() {
    Programs.assumeInstalled("rsyslogd", "logger");
    String settings =
        "printf 'module(load=\"imudp\") module(load=\"imtcp\") input(type=\"imudp\" port=\"514\")"
            + " input(type=\"imtcp\" port=\"514\")\\n*.* %s/messages\\n' \"$PWD\" >rsyslog.conf";
    try (PrivateHost host = new PrivateHost(folder)) {
      host.succeed(settings);
      try (Run server = host.serve(514, "rsyslogd -n -iNONE -f rsyslog.conf");
          Run stream = host.serve(7000, LISTEN + "TCP:127.0.0.1:514");
          Run datagrams =
              host.shell("$S -d -d UDP-LISTEN:7000,fork,bind=127.0.0.1 UDP:127.0.0.1:514")
                  .start()) {
        datagrams.awaitLog("listening on UDP");
        host.succeed("for i in $(seq 20); do echo tcp-$i; done | logger -T -n 127.0.0.1 -P 7000");
        host.succeed("for i in $(seq 20); do echo udp-$i; done | logger -d -n 127.0.0.1 -P 7000");
        awaitOutput(host, "grep -c 'tcp-[0-9]*$' messages", "20");
        awaitOutput(host, "grep -c 'udp-[0-9]*$' messages", "20");
        assertTrue(server.isAlive() && stream.isAlive());
      }
    }
  }
}
