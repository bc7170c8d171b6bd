package dev.sluice.fleet.admin;

import dev.sluice.fleet.file.Json;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.pool.PoolStatus;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the API says of pools, as trees for {@link Json}. */
final class PoolViews {
  private PoolViews() {}

  static Map<String, @Nullable Object> of(PoolStatus pool) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("name", pool.definition().name());
    view.put("balance", pool.definition().balance().text());
    view.put("ready", pool.isReady());
    view.put("serving", pool.isServing());
    view.put("origin", pool.definition().origin().toString());
    view.put("sessions_retried", pool.retried());
    view.put("sessions_refused", pool.refused());
    view.put("members", pool.members().stream().map(PoolViews::member).toList());
    return view;
  }

  private static Map<String, @Nullable Object> member(PoolStatus.MemberStatus member) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("name", member.name());
    view.put("address", member.address());
    view.put("state", state(member));
    view.put("serving", member.isServing());
    view.put("reason", member.reason().isEmpty() ? null : member.reason());
    view.put("since", member.since().toString());
    view.put("weight", member.weight());
    view.put("backup", member.backup());
    view.put("by_hand", member.edit().equals(MemberEdit.NONE) ? null : member.edit().toString());
    view.put("sessions", member.active());
    view.put("sessions_total", member.started());
    view.put("connect_failures", member.failures());
    view.put("last_error", member.lastError());
    view.put("check_ms", member.checkTook().map(time -> time.toNanos() / 1e6).orElse(null));
    return view;
  }

  /** What was done by hand goes before what checks say. */
  static String state(PoolStatus.MemberStatus member) {
    return member.edit().mode() == MemberEdit.Mode.READY
        ? member.state().name().toLowerCase(Locale.ROOT)
        : member.edit().mode().text();
  }
}
