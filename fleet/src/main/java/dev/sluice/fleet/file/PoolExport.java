package dev.sluice.fleet.file;

import com.typesafe.config.ConfigUtil;
import dev.sluice.fleet.model.Durations;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.PoolDefinition.Check;
import dev.sluice.fleet.model.PoolDefinition.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a pool as the keys that a file has for it. */
final class PoolExport {
  private PoolExport() {}

  static String keys(PoolDefinition pool) {
    List<String> keys = new ArrayList<>();
    keys.add(
        pool.members().stream()
            .map(PoolExport::member)
            .collect(Collectors.joining(", ", "members = [", "]")));
    keys.add("balance = " + pool.balance().text());
    pool.sticky().ifPresent(time -> keys.add("sticky = " + Durations.text(time)));
    keys.add("slow-start = " + Durations.text(pool.slowStart()));
    keys.add("connect-timeout = " + Durations.text(pool.connectTimeout()));
    pool.check().ifPresent(check -> keys.add("check { " + check(check) + " }"));
    keys.add(
        "passive { fails = "
            + pool.passive().fails()
            + ", retry-after = "
            + Durations.text(pool.passive().retryAfter())
            + " }");
    return String.join(", ", keys);
  }

  private static String member(Member member) {
    List<String> keys = new ArrayList<>();
    keys.add("address = " + ConfigUtil.quoteString(member.address()));
    if (FleetReader.NAME.matcher(member.name()).matches()) {
      keys.add("name = " + ConfigUtil.quoteString(member.name()));
    }
    if (member.weight() != 1) {
      keys.add("weight = " + member.weight());
    }
    if (member.backup()) {
      keys.add("backup = on");
    }
    if (member.each()) {
      keys.add("each-address = on");
    }
    return "{ " + String.join(", ", keys) + " }";
  }

  private static String check(Check check) {
    List<String> keys = new ArrayList<>();
    keys.add("every = " + Durations.text(check.every()));
    keys.add("timeout = " + Durations.text(check.timeout()));
    keys.add("fall = " + check.fall());
    keys.add("rise = " + check.rise());
    check.address().ifPresent(text -> keys.add("address = " + ConfigUtil.quoteString(text)));
    if (check.tls()) {
      keys.add("tls = on");
    }
    check.send().ifPresent(text -> keys.add("send = " + ConfigUtil.quoteString(text)));
    check.expect().ifPresent(text -> keys.add("expect = " + ConfigUtil.quoteString(text)));
    return String.join(", ", keys);
  }
}
