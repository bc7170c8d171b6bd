// The dashboard: one stream of events from the fleet, and a view that shows it.
import { age, bytes, clock, count, element, foreign, rate } from "./format.js";
import { RateGraph, sparkline } from "./graph.js";

const $ = (id) => document.getElementById(id);
const LIMIT = 30;
const LEVELS = ["none", "read", "operate", "admin"];

/** What the user has chosen. */
const chosen = { text: "", state: "", order: "worst", fold: false, open: new Set(), offset: 0 };

/** What the last event said of the fleet and of the caller. */
let last = null;
let lastAt = performance.now();
let view = null;

const may = (level) => last !== null && LEVELS.indexOf(last.access) >= LEVELS.indexOf(level);

// --- the stream

let source = null;
let again = null;

/** A button that is pressed must not be replaced before it is released: that would be no click. */
let pressed = false;
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { pressed = false; }, true);

/** Follows the stream that the query asks for; whatever was followed before ends. */
function follow(query) {
  clearTimeout(again);
  source?.close();
  source = new EventSource(`/v1/live?${new URLSearchParams(query)}`);
  source.onmessage = (event) => {
    last = JSON.parse(event.data);
    lastAt = performance.now();
    document.body.dataset.heard = last.time;
    showFleet();
    if (!pressed) view?.update(last);
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) {
      again = setTimeout(() => follow(query), 2000);
      fetch("/v1/history").then((answer) => answer.status === 401 && location.assign("/login")).catch(() => {});
    }
  };
}

function showFleet() {
  $("fleet").replaceChildren(foreign(last.file), `, version ${last.version}`);
  document.title = last.totals.failing > 0 ? `(${last.totals.failing}) Sluice` : "Sluice";
}

setInterval(() => {
  const silent = Math.round((performance.now() - lastAt) / 1000);
  $("stale").hidden = silent < 4;
  if (silent >= 4) $("stale").textContent = `No word from the fleet for ${silent} s: what is shown is old.`;
}, 1000);

// --- what changes something

/** Asks the user; resolves to whether the answer is yes. */
function confirmed(question) {
  $("question").textContent = question;
  $("ask").returnValue = "no";
  $("ask").showModal();
  return new Promise((resolve) => {
    $("ask").addEventListener("close", () => resolve($("ask").returnValue === "yes"), { once: true });
  });
}

/** Sends a request that changes something; resolves to null, or to why it was refused. */
async function change(method, path) {
  try {
    const answer = await fetch(path, { method });
    if (answer.ok) return null;
    return (await answer.json()).error ?? `refused with status ${answer.status}`;
  } catch (failure) {
    return `the fleet does not answer: ${failure.message}`;
  }
}

// --- the list

function stateOf(row) {
  const word = row.failing && row.state === "running" ? "failing" : row.state;
  return element("span", { class: `state ${row.failing ? "failing" : row.state}` }, word);
}

class RelaysView {
  constructor() {
    this.totals = new Map();
    this.history = { right: [], left: [], sessions: [] };
    this.failures = [];
    this.loadHistory();
    this.follow();
  }

  follow() {
    const query = { text: chosen.text, state: chosen.state, order: chosen.order, offset: chosen.offset, limit: LIMIT };
    if (chosen.fold) {
      query.fold = "1";
      query.open = [...chosen.open].join(",");
      if (chosen.open.size === 0) delete query.open;
    }
    follow(query);
  }

  async loadHistory() {
    try {
      this.history = await (await fetch("/v1/history?span=15m")).json();
    } catch {
      return; // the sparklines begin with what comes
    }
  }

  update(event) {
    const totals = event.totals;
    this.push("right", totals.rate_right);
    this.push("left", totals.rate_left);
    this.push("sessions", totals.sessions);
    this.failures.push(totals.sessions_failed);
    if (this.failures.length > 90) this.failures.shift();
    this.total("Relays", count(totals.relays), [], null);
    this.total("Failing", count(totals.failing), [], totals.failing > 0 ? "--bad" : null);
    this.total("Sessions", count(totals.sessions), this.history.sessions, "--ok");
    this.total("To the right", rate(totals.rate_right), this.history.right, "--right");
    this.total("To the left", rate(totals.rate_left), this.history.left, "--left");
    const first = this.failures[0];
    this.total("Sessions failed", count(totals.sessions_failed), this.failures.map((failed) => failed - first), "--bad");
    this.nodes(event);
    this.rows(event.list);
  }

  /** The nodes of a cluster, where the fleet is in one. */
  nodes(event) {
    $("nodes").hidden = !event.nodes;
    if (!event.nodes) return;
    const heads = [["Node", ""], ["Status", ""], ["Owns", "number"], ["Weight", "number"], ["Version", "number"]];
    const rows = event.nodes.map((node) =>
      element(
        "tr",
        {},
        element("td", {}, foreign(node.node), node.self ? " (this one)" : ""),
        element("td", {}, element("span", { class: `state ${node.draining ? "draining" : node.status === "up" ? "running" : "failing"}` },
          node.draining ? "draining" : node.status)),
        element("td", { class: "number" }, count(node.owns ?? 0)),
        element("td", { class: "number" }, count(node.weight ?? 1)),
        element("td", { class: "number" }, count(node.version ?? 0)),
      ));
    $("nodes").replaceChildren(
      element("h2", {}, "Cluster ", foreign(event.cluster)),
      element("table", {},
        element("thead", {}, element("tr", {}, ...heads.map(([text, kind]) => element("th", { class: kind, scope: "col" }, text)))),
        element("tbody", {}, ...rows)));
  }

  push(name, value) {
    this.history[name].push(value);
    if (this.history[name].length > 90) this.history[name].shift();
  }

  total(label, value, line, colour) {
    let made = this.totals.get(label);
    if (!made) {
      made = { value: element("span", { class: "value" }), canvas: element("canvas", { "aria-hidden": "true" }) };
      const hasLine = label !== "Relays" && label !== "Failing";
      $("totals").append(element("li", {}, element("span", { class: "label" }, label), made.value, hasLine ? made.canvas : null));
      this.totals.set(label, made);
    }
    made.value.textContent = value;
    made.value.classList.toggle("problem", label === "Failing" && colour === "--bad");
    if (line.length > 0) sparkline(made.canvas, line, colour);
  }

  rows(list) {
    const focus = document.activeElement?.dataset?.key;
    const now = Date.now();
    $("rows").replaceChildren(
      ...list.rows.map((row) => (row.group_row === undefined ? this.row(row, now) : this.group(row))),
    );
    if (focus) $("rows").querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
    $("none").hidden = list.found > 0;
    $("list").hidden = list.found === 0;
    const to = Math.min(list.found, list.offset + list.rows.length);
    $("page").textContent = list.found === 0 ? "" : `${count(list.offset + 1)}–${count(to)} of ${count(list.found)}`;
    $("previous").disabled = list.offset === 0;
    $("next").disabled = to >= list.found;
    if (list.offset > 0 && list.rows.length === 0) {
      chosen.offset = 0;
      this.follow();
    }
  }

  row(row, now) {
    const link = element("a", { href: `#/relay/${encodeURIComponent(row.name)}` }, foreign(row.name));
    link.dataset.key = `relay ${row.name}`;
    return element(
      "tr",
      { class: chosen.fold ? "member" : "" },
      element("td", {}, link),
      element("td", {}, stateOf(row), element("span", { class: "age" }, ` ${age(row.since, now)}`), row.why ? element("span", { class: "why" }, foreign(row.why)) : null,
        row.faults.length > 0 ? element("span", { class: "why fault" }, "fault ", foreign(row.faults.join(", "))) : null),
      element("td", { class: "address wide" }, foreign(row.left), " → ", foreign(row.right)),
      element("td", { class: "number" }, count(row.sessions)),
      element("td", { class: "number" }, rate(row.rate_right)),
      element("td", { class: "number" }, rate(row.rate_left)),
      element("td", { class: "number wide" }, count(row.sessions_failed)),
    );
  }

  group(row) {
    const fold = element("button", { type: "button", "aria-expanded": String(row.open) }, row.open ? "▾ " : "▸ ",
      row.group_row === "" ? "no group" : foreign(row.group_row));
    fold.dataset.key = `group ${row.group_row}`;
    fold.onclick = () => {
      if (!chosen.open.delete(row.group_row)) chosen.open.add(row.group_row);
      this.follow();
    };
    return element(
      "tr",
      { class: "group" },
      element("td", {}, fold),
      element("td", {}, row.failing > 0 ? element("span", { class: "state failing" }, `${count(row.failing)} failing`) : null),
      element("td", { class: "wide" }, `${count(row.relays)} ${row.relays === 1 ? "relay" : "relays"}`),
      element("td", { class: "number" }, count(row.sessions)),
      element("td", { class: "number" }, rate(row.rate_right)),
      element("td", { class: "number" }, rate(row.rate_left)),
      element("td", { class: "number wide" }, count(row.sessions_failed)),
    );
  }

  close() {
    $("totals").replaceChildren();
    $("rows").replaceChildren();
  }
}

// --- one relay

class RelayView {
  constructor(name) {
    this.name = name;
    this.span = "15m";
    this.graph = null;
    this.build();
    follow({ relay: name });
    this.timer = setInterval(() => this.drawGraph(), 10000);
  }

  build() {
    const button = (label, verb, question) => {
      const made = element("button", { type: "button", class: verb === "start" ? "" : "danger" }, label);
      made.onclick = () => this.operate(verb, question);
      return made;
    };
    this.buttons = {
      start: button("Start", "start", null),
      drain: button("Drain", "drain", "take no more sessions, and end when the last one has ended"),
      stop: button("Stop", "stop", "stop, and end all its sessions at once"),
    };
    this.parts = {};
    for (const part of ["facts", "sessions", "pool", "events", "log", "faults", "without", "said"]) this.parts[part] = element("div", {});
    this.spans = ["15m", "24h"].map((span) => {
      const made = element("button", { type: "button", class: "small" }, span === "15m" ? "15 minutes" : "24 hours");
      made.onclick = () => {
        this.span = span;
        this.drawGraph();
      };
      return made;
    });
    this.holder = element("div", { class: "graph", role: "img", "aria-label": "Bytes in a second over time" });
    this.poolCard = element("div", { class: "card" }, this.parts.pool);
    $("relay").replaceChildren(
      element("p", {}, element("a", { href: "#/" }, "← all relays")),
      element("h2", {}, foreign(this.name)),
      element("div", { class: "actions" }, ...Object.values(this.buttons)),
      this.parts.said,
      element(
        "div",
        { class: "cards" },
        element("div", { class: "card" }, this.parts.facts),
        element(
          "div",
          { class: "card" },
          element("div", { class: "head" }, element("h3", {}, "What moves"),
            element("span", { class: "legend" }, element("span", { class: "right" }, "→"), " to the right  ",
              element("span", { class: "left" }, "←"), " to the left")),
          this.holder,
          element("div", { class: "actions" }, ...this.spans),
        ),
        element("div", { class: "card whole" }, this.parts.sessions),
        this.poolCard,
        element("div", { class: "card" }, element("h3", {}, "Faults on purpose"), this.parts.faults, this.parts.without, this.faultForm()),
        element("div", { class: "card" }, element("h3", {}, "What happened"), this.parts.events),
        element("div", { class: "card" }, element("h3", {}, "Log"), this.parts.log),
      ),
    );
    this.graph = new RateGraph(this.holder);
    this.drawGraph();
  }

  async drawGraph() {
    this.spans.forEach((button, i) => button.setAttribute("aria-pressed", String((i === 0) === (this.span === "15m"))));
    this.spans.forEach((button) => { button.disabled = button.getAttribute("aria-pressed") === "true"; });
    try {
      const query = new URLSearchParams({ relay: this.name, span: this.span });
      const series = await (await fetch(`/v1/history?${query}`)).json();
      if (view === this) this.graph.set(series);
    } catch {
      return; // the line above tells that the fleet does not answer
    }
  }

  async operate(verb, question) {
    if (question !== null && !(await confirmed(`Have ${this.name} ${question}?`))) return;
    this.said(await change("POST", `/v1/relays:${verb}?${new URLSearchParams({ name: this.name })}`));
  }

  /** Where a fault is switched on. */
  faultForm() {
    this.fault = element("input", { type: "text", list: "faults", placeholder: "latency:50ms", "aria-label": "Fault", required: true, spellcheck: false });
    this.faultOn = element("form", { class: "actions" }, this.fault, element("button", { class: "danger" }, "Switch on"));
    this.faultOn.onsubmit = async (event) => {
      event.preventDefault();
      const text = this.fault.value.trim();
      if (await this.changeFaults({ add: text }, `Have all sessions of ${this.name} suffer ${text}?`)) this.fault.value = "";
    };
    return this.faultOn;
  }

  /** Resolves to whether it was done. */
  async changeFaults(edit, question) {
    if (!(await confirmed(question))) return false;
    const problem = await change("POST", `/v1/relays:faults?${new URLSearchParams({ name: this.name, ...edit })}`);
    this.said(problem);
    return problem === null;
  }

  faults(relay) {
    this.faultOn.hidden = !may("operate");
    const shown = JSON.stringify([relay.faults, relay.faults_by_hand, may("operate")]);
    if (this.shownFaults === shown) return;
    this.shownFaults = shown;
    const button = (label, edit, question) => {
      const made = element("button", { type: "button", class: "small" }, label);
      made.onclick = () => this.changeFaults(edit, question);
      return may("operate") ? made : null;
    };
    const items = relay.faults.map((fault) => element("li", {}, element("code", {}, foreign(fault)), " ",
      button("Switch off", { rm: fault }, `Have no session of ${this.name} suffer ${fault} any more?`)));
    this.parts.faults.replaceChildren(
      items.length > 0 ? element("ul", { class: "faults" }, ...items) : element("p", { class: "quiet" }, "None."),
      relay.faults_by_hand ? element("p", {}, "Set by hand. ",
        button("As the file says", { reset: "1" }, `Have ${this.name} suffer what its file says?`)) : "");
  }

  /** Sessions that began before there was a fault do not have it. */
  without(relay, sessions) {
    const some = sessions.filter((session) => session.plan !== null && session.plan !== "stream").length;
    const isShown = some > 0 && relay.faults.length > 0;
    if (this.isWithoutShown === isShown) return;
    this.isWithoutShown = isShown;
    const end = element("button", { type: "button", class: "small" }, "End them");
    end.onclick = () => this.changeFaults({ end: "1" }, `End the sessions of ${this.name} that began without a fault?`);
    this.parts.without.replaceChildren(
      ...(isShown ? [element("p", {}, "Sessions that began without a fault do not have it. ", may("operate") ? end : "")] : []));
  }

  said(problem) {
    this.parts.said.replaceChildren(...(problem ? [element("p", { class: "problem", role: "alert" }, foreign(problem))] : []));
  }

  update(event) {
    const relay = event.relay;
    if (!relay) {
      this.parts.facts.replaceChildren(element("p", { class: "problem" }, "This relay is not in the fleet any more."));
      for (const button of Object.values(this.buttons)) button.hidden = true;
      return;
    }
    for (const button of Object.values(this.buttons)) button.hidden = !may("operate");
    const isDown = relay.state === "stopped" || relay.state === "ended";
    this.buttons.start.disabled = !isDown;
    this.buttons.stop.disabled = isDown;
    this.buttons.drain.disabled = isDown || relay.state === "draining";
    this.facts(relay);
    this.sessions(event.sessions ?? [], relay);
    this.pool(relay.pool);
    this.faults(relay);
    this.without(relay, event.sessions ?? []);
    this.events(this.parts.events, event.events);
    this.events(this.parts.log, event.log);
  }

  facts(relay) {
    const rows = [
      ["State", [stateOf(relay), ` for ${age(relay.since, Date.now())}${relay.stopped_by_hand ? ", stopped by hand" : ""}`]],
      ["Why", relay.why ? [element("span", { class: "problem" }, foreign(relay.why))] : null],
      ["Next try", relay.retry_in_ms !== null ? [`${Math.round(relay.retry_in_ms / 100) / 10} s after the failure`] : null],
      ["Left", [element("span", { class: "address" }, foreign(relay.left))]],
      ["Right", [element("span", { class: "address" }, foreign(relay.right))]],
      ["Options", relay.options.length > 0 ? [element("span", { class: "address" }, foreign(relay.options.join(" ")))] : null],
      ["Listens on", relay.listening ? [foreign(relay.listening)] : null],
      ["Upstream", [relay.upstream]],
      ["Group", relay.group ? [foreign(relay.group)] : null],
      ["Labels", Object.keys(relay.labels).length > 0 ? [foreign(Object.entries(relay.labels).map(([key, value]) => `${key}=${value}`).join(", "))] : null],
      ["Sessions", [`${count(relay.sessions)} now, ${count(relay.sessions_total)} in all, ${count(relay.sessions_failed)} failed`]],
      ["Moved", [`→ ${bytes(relay.bytes_right)}, ← ${bytes(relay.bytes_left)}`]],
      ["Now", [`→ ${rate(relay.rate_right)}, ← ${rate(relay.rate_left)}`]],
      ["Last error", relay.last_error && !relay.why ? [foreign(relay.last_error), relay.last_error_at ? ` (${age(relay.last_error_at, Date.now())} ago)` : ""] : null],
      ["Defined in", [element("span", { class: "address" }, foreign(relay.origin))]],
    ];
    this.parts.facts.replaceChildren(
      element("dl", {}, ...rows.filter((row) => row[1] !== null).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, ...value)])),
    );
  }

  sessions(sessions, relay) {
    const focus = document.activeElement?.dataset?.key;
    const head = element("h3", {}, relay.sessions > sessions.length ? `Sessions (${sessions.length} of ${count(relay.sessions)})` : "Sessions");
    if (sessions.length === 0) {
      this.parts.sessions.replaceChildren(head, element("p", { class: "quiet" }, "None."));
      return;
    }
    const now = Date.now();
    const rows = sessions.map((session) => {
      const end = element("button", { type: "button", class: "small" }, "End", element("span", { class: "hidden" }, ` session ${session.session}`));
      end.dataset.key = `end ${session.session}`;
      end.onclick = async () => {
        if (!(await confirmed(`End session ${session.session}${session.peer ? ` of ${session.peer}` : ""}?`))) return;
        this.said(await change("DELETE", `/v1/sessions/${encodeURIComponent(this.name)}/${session.session}`));
      };
      return element(
        "tr",
        {},
        element("td", { class: "number small-off" }, String(session.session)),
        element("td", { class: "name" }, session.peer ? foreign(session.peer) : "–", session.member ? element("span", { class: "why" }, "→ ", foreign(session.member)) : null),
        element("td", { class: "number small-off" }, age(session.since, now)),
        element("td", { class: "number" }, bytes(session.bytes_right)),
        element("td", { class: "number" }, bytes(session.bytes_left)),
        element("td", {}, may("operate") ? end : ""),
      );
    });
    const heads = [["Number", "number small-off"], ["Peer", ""], ["Age", "number small-off"], ["→", "number"], ["←", "number"], ["", ""]];
    const table = element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map(([text, kind]) => element(text === "" ? "td" : "th", { class: kind, ...(text === "" ? {} : { scope: "col" }) }, text)))),
      element("tbody", {}, ...rows));
    this.parts.sessions.replaceChildren(head, table);
    if (focus) this.parts.sessions.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  pool(pool) {
    this.poolCard.hidden = !pool;
    if (!pool) return;
    const rows = pool.members.map((member) =>
      element(
        "tr",
        {},
        element("td", { class: "name" }, foreign(member.name), member.name === member.address ? null : element("span", { class: "why" }, foreign(member.address))),
        element("td", {}, element("span", { class: `state ${member.serving ? "running" : member.state === "drain" ? "draining" : member.state === "disabled" ? "stopped" : "failing"}` }, member.state),
          member.reason ? element("span", { class: "why" }, foreign(member.reason)) : null),
        element("td", { class: "number small-off" }, count(member.weight)),
        element("td", { class: "number" }, count(member.sessions)),
        element("td", { class: "number small-off" }, member.check_ms === null ? "–" : `${member.check_ms.toFixed(1)} ms`),
      ));
    const heads = [["Member", ""], ["State", ""], ["Weight", "number small-off"], ["Sessions", "number"], ["Check", "number small-off"]];
    this.parts.pool.replaceChildren(
      element("h3", {}, "Pool ", foreign(pool.name), ` (${pool.balance})`),
      element("table", {},
        element("thead", {}, element("tr", {}, ...heads.map(([text, kind]) => element("th", { class: kind, scope: "col" }, text)))),
        element("tbody", {}, ...rows)));
  }

  events(where, events) {
    const items = events.toReversed().map((event) =>
      element("li", {}, element("time", { dateTime: event.time }, clock(event.time)), foreign(event.text)));
    where.replaceChildren(
      items.length > 0 ? element("ul", { class: "log" }, ...items) : element("p", { class: "quiet" }, "Nothing yet."));
  }

  close() {
    clearInterval(this.timer);
    this.graph.remove();
    $("relay").replaceChildren();
  }
}

// --- the file

class FileView {
  constructor() {
    this.planned = null;
    $("plan").onclick = () => this.plan();
    $("apply").onclick = () => this.apply();
    $("revert").onclick = () => this.load();
    $("source").oninput = () => this.changed();
    follow({ limit: 1 });
    this.load();
  }

  changed() {
    this.planned = null;
    $("apply").disabled = true;
  }

  async load() {
    this.changed();
    $("outcome").replaceChildren();
    const answer = await fetch("/v1/file").catch(() => null);
    if (answer?.ok) {
      $("source").value = await answer.text();
    } else {
      this.problem(answer ? (await answer.json()).error : "the fleet does not answer");
    }
    $("plan").disabled = !answer?.ok;
  }

  problem(text) {
    $("outcome").replaceChildren(element("p", { class: "problem", role: "alert" }, foreign(text)));
  }

  async send(query) {
    const answer = await fetch(`/v1/file?${new URLSearchParams(query)}`, { method: "PUT", body: $("source").value }).catch(() => null);
    if (answer === null) {
      this.problem("the fleet does not answer");
      return null;
    }
    const body = await answer.json();
    if (body.error) {
      this.problem(body.error);
      return null;
    }
    return body;
  }

  async plan() {
    const change = await this.send({ plan: "1" });
    if (change === null) return;
    this.show(change, "would change");
    if (change.problems.length === 0) {
      this.planned = change;
      $("apply").disabled = false;
    }
  }

  async apply() {
    const cuts = this.planned.changes.filter((one) => one.effect.match(/sessions? (end|are ended|drain)|cut|removed/));
    if (cuts.length > 0 && !(await confirmed(`Apply? ${this.planned.summary}. Sessions may end.`))) return;
    const change = await this.send({ against: String(this.planned.version) });
    if (change === null) return;
    this.changed();
    if (change.summary === null && change.problems.length === 0) {
      this.problem("The fleet has changed since the plan: plan once more.");
    } else {
      this.show(change, "changed");
    }
  }

  show(change, what) {
    if (change.problems.length > 0) {
      $("outcome").replaceChildren(
        element("h3", { class: "problem" }, "Nothing is changed: the text has problems"),
        element("pre", { class: "log" }, ...change.problems.flatMap((problem) => [foreign(problem), "\n"])));
      return;
    }
    const lines = [...change.pools.map((one) => ({ ...one, name: `pool ${one.name}` })), ...change.changes];
    $("outcome").replaceChildren(
      element("h3", {}, `What ${what}: ${change.summary}`),
      element("ul", { class: "log" }, ...lines.map((one) => element("li", {}, `${one.sign} `, foreign(one.name),
        one.keys.length > 0 ? ` (${one.keys.join(", ")})` : "", one.effect ? `: ${one.effect}` : ""))));
  }

  update(event) {
    $("path").textContent = event.file;
    $("source").readOnly = !may("admin");
  }

  close() {
    $("outcome").replaceChildren();
  }
}

// --- which view

function show() {
  const path = location.hash.replace(/^#/, "") || "/";
  view?.close();
  view = null;
  const relay = path.match(/^\/relay\/(.+)$/);
  const name = relay ? "relay" : path === "/file" ? "file" : "relays";
  for (const section of ["relays", "relay", "file"]) $(section).hidden = section !== name;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  view = relay ? new RelayView(decodeURIComponent(relay[1])) : name === "file" ? new FileView() : new RelaysView();
}

function choose() {
  Object.assign(chosen, { text: $("text").value, state: $("state").value, order: $("order").value, fold: $("fold").checked, offset: 0 });
  view.follow();
}

let typing = null;
$("text").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(choose, 200);
});
for (const id of ["state", "order", "fold"]) $(id).addEventListener("change", choose);
for (const [id, step] of [["previous", -LIMIT], ["next", LIMIT]]) {
  $(id).addEventListener("click", () => {
    chosen.offset = Math.max(0, chosen.offset + step);
    view.follow();
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input, textarea, select") && !$("relays").hidden) {
    event.preventDefault();
    $("text").focus();
  }
});
addEventListener("hashchange", show);
show();
