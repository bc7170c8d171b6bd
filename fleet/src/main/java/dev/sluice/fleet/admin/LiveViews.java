package dev.sluice.fleet.admin;

import dev.sluice.fault.Fault;
import dev.sluice.fleet.run.FleetStatus;
import dev.sluice.fleet.run.FleetStatus.RelayStatus;
import dev.sluice.fleet.run.RelayState;
import dev.sluice.fleet.watch.History;
import dev.sluice.fleet.watch.RelayList;
import dev.sluice.fleet.watch.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a screen that is looked at is told each second, as trees for the JSON writer. */
final class LiveViews {
  private LiveViews() {}

  static Map<String, @Nullable Object> totals(Sample sample) {
    FleetStatus fleet = sample.status();
    long failing = 0;
    long running = 0;
    long draining = 0;
    long stopped = 0;
    long sessions = 0;
    long started = 0;
    long failed = 0;
    long right = 0;
    long left = 0;
    for (RelayStatus relay : fleet.relays()) {
      failing += relay.isFailing() ? 1 : 0;
      running += relay.state() == RelayState.RUNNING && !relay.isFailing() ? 1 : 0;
      draining += relay.state() == RelayState.DRAINING ? 1 : 0;
      stopped += relay.state() == RelayState.STOPPED || relay.state() == RelayState.ENDED ? 1 : 0;
      sessions += relay.sums().active();
      started += relay.sums().started();
      failed += relay.sums().failed();
      right += relay.sums().leftToRight();
      left += relay.sums().rightToLeft();
    }
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("relays", fleet.relays().size());
    view.put("running", running);
    view.put("failing", failing);
    view.put("draining", draining);
    view.put("stopped", stopped);
    view.put("sessions", sessions);
    view.put("sessions_total", started);
    view.put("sessions_failed", failed);
    view.put("bytes_right", right);
    view.put("bytes_left", left);
    rate(view, sample.total());
    return view;
  }

  static Map<String, @Nullable Object> list(Sample sample, RelayList list) {
    RelayList.Page page = list.page(sample);
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("found", page.found());
    view.put("matching", page.matching());
    view.put("offset", list.offset());
    view.put("rows", page.rows().stream().map(LiveViews::row).toList());
    return view;
  }

  private static Map<String, @Nullable Object> row(RelayList.Row row) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    if (row instanceof RelayList.GroupRow group) {
      view.put("group_row", group.name());
      view.put("open", group.isOpen());
      view.put("relays", group.relays());
      view.put("failing", group.failing());
      view.put("sessions", group.sessions());
      view.put("sessions_failed", group.failed());
      rate(view, group.rate());
      return view;
    }
    RelayList.RelayRow one = (RelayList.RelayRow) row;
    RelayStatus relay = one.relay();
    view.put("name", relay.definition().name());
    view.put("group", relay.definition().group().orElse(null));
    view.put("state", relay.state().text());
    view.put("failing", relay.isFailing());
    view.put("left", relay.definition().left());
    view.put("right", relay.definition().right());
    view.put("upstream", relay.upstream());
    view.put("why", relay.isFailing() ? relay.why() : null);
    view.put("faults", Fault.texts(relay.faults()));
    view.put("since", relay.since().toString());
    view.put("sessions", relay.sums().active());
    view.put("sessions_failed", relay.sums().failed());
    rate(view, one.rate());
    return view;
  }

  private static void rate(Map<String, @Nullable Object> view, Sample.Rate rate) {
    view.put("rate_right", Math.round(rate.right()));
    view.put("rate_left", Math.round(rate.left()));
  }

  /** One relay as the API tells of it, and what moves in it. */
  static Map<String, @Nullable Object> relay(Sample sample, RelayStatus relay) {
    Map<String, @Nullable Object> view = Views.relay(relay);
    rate(view, sample.rate(relay.definition().name()));
    view.put("pool", relay.pool() == null ? null : PoolViews.of(relay.pool()));
    return view;
  }

  static Map<String, @Nullable Object> history(History.Series series) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("end", series.end().toString());
    view.put("step_s", series.step().toSeconds());
    view.put("right", rounded(series.right()));
    view.put("left", rounded(series.left()));
    view.put("sessions", rounded(series.sessions()));
    return view;
  }

  private static List<Long> rounded(List<Float> values) {
    return values.stream().map(value -> Math.round(value.doubleValue())).toList();
  }
}
