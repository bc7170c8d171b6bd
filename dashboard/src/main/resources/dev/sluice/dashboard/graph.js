// Graphs of what moves: uPlot for a relay, a small line for each total.
import { clock, rate } from "./format.js";

/** Steps of an axis of bytes: powers of two. */
const STEPS = Array.from({ length: 50 }, (_, i) => 2 ** i);

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A graph of both directions in an element; set() gives it a series of the API. */
export class RateGraph {
  constructor(holder) {
    this.holder = holder;
    this.plot = null;
    this.resized = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.resized.observe(holder);
  }

  size() {
    return { width: Math.max(120, this.holder.clientWidth), height: 200 };
  }

  set(series) {
    if (this.step !== series.step_s) this.clear();
    this.step = series.step_s;
    const end = (series.right.length > 0 ? Date.parse(series.end) : Date.now()) / 1000;
    const times = series.right.map((_, i) => end - (series.right.length - 1 - i) * series.step_s);
    const data = [times, series.right, series.left];
    this.span = [end - 60, end];
    if (this.plot) {
      this.plot.setData(data);
      return;
    }
    const line = (colour) => ({ stroke: css(colour), width: 1.5, points: { show: false } });
    const axis = { stroke: css("--quiet"), grid: { stroke: css("--line"), width: 1 }, ticks: { show: false } };
    this.plot = new uPlot(
      {
        ...this.size(),
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { range: (_, first, last) => (first < last ? [first, last] : this.span) }, y: { range: (_, low, high) => [0, Math.max(1024, high)] } },
        axes: [{ ...axis, space: 70, values: (_, ticks) => ticks.map((tick) => clock(tick * 1000).slice(0, series.step_s < 60 ? 8 : 5)) },
          { ...axis, size: 84, incrs: STEPS, values: (_, ticks) => ticks.map((tick) => (tick === 0 ? "0" : rate(tick))) }],
        series: [{}, line("--right"), line("--left")],
      },
      data,
      this.holder,
    );
  }

  clear() {
    this.plot?.destroy();
    this.plot = null;
  }

  remove() {
    this.resized.disconnect();
    this.clear();
  }
}

/** A line without axes in a canvas. */
export function sparkline(canvas, values, colour) {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth * scale;
  const height = canvas.clientHeight * scale;
  if (width === 0) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  if (values.length < 2) return;
  const high = Math.max(1, ...values);
  pen.beginPath();
  values.forEach((value, i) => {
    const x = (i / (values.length - 1)) * (width - 2) + 1;
    const y = height - 2 - (value / high) * (height - 4);
    if (i === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  pen.strokeStyle = css(colour);
  pen.lineWidth = 1.5 * scale;
  pen.stroke();
}
