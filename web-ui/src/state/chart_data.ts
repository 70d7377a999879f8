// Puts latency and loss, two series with their own times, onto one time axis for the chart. Pure.
import type { Series, SeriesData } from '../api/shapes';

export interface ChartColumns {
  /** Seconds since epoch, as uPlot wants them. */
  at: number[];
  low: (number | null)[];
  mean: (number | null)[];
  high: (number | null)[];
  loss: (number | null)[];
}

type Reading = { low: number | null; mean: number | null; high: number | null };

function readings(data: SeriesData): Map<number, Reading> {
  const result = new Map<number, Reading>();
  data.t.forEach((time, index) => {
    const mean = data.avg[index] ?? data.v[index] ?? null;
    result.set(time, { low: data.min[index] ?? mean, mean, high: data.max[index] ?? mean });
  });
  return result;
}

/** The usual distance between two points, or null when there are too few to tell. */
function usual_step(times: number[]): number | null {
  if (times.length < 3) return null;
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? null;
}

/** Where nothing was measured for three usual steps the line is broken, not drawn across. */
export function chart_columns(latency: SeriesData, loss: SeriesData | null): ChartColumns {
  const by_latency = readings(latency);
  const by_loss = loss ? readings(loss) : new Map<number, Reading>();
  const times = [...new Set([...by_latency.keys(), ...by_loss.keys()])].sort((a, b) => a - b);
  const step = usual_step(times);
  const columns: ChartColumns = { at: [], low: [], mean: [], high: [], loss: [] };
  const add = (time: number, reading: Reading | undefined, lost: number | null) => {
    columns.at.push(time / 1000);
    columns.low.push(reading?.low ?? null);
    columns.mean.push(reading?.mean ?? null);
    columns.high.push(reading?.high ?? null);
    columns.loss.push(lost);
  };
  let before: number | null = null;
  for (const time of times) {
    if (step !== null && before !== null && time - before > 3 * step) add(before + step, undefined, null);
    add(time, by_latency.get(time), by_loss.get(time)?.mean ?? null);
    before = time;
  }
  return columns;
}

export interface Path {
  key: string;
  latency: Series;
  loss: Series | null;
}

/** Latency series with the loss series of the same agent and target. */
export function paths(series: Series[]): Path[] {
  return series
    .filter((row) => row.metric === 'icmp.rtt_median')
    .map((latency) => ({
      key: String(latency.id),
      latency,
      loss: series.find((row) => row.metric === 'icmp.loss' && row.agent === latency.agent && row.target === latency.target) ?? null,
    }))
    .sort((a, b) => (b.latency.last ?? 0) - (a.latency.last ?? 0) || a.key.localeCompare(b.key));
}

/** Whom the collector hears stands before whom it does not: the chart opens on a path that is still measured. */
export function heard_first(all: Path[], is_heard: (agent: string) => boolean): Path[] {
  return [...all].sort((a, b) => Number(is_heard(b.latency.agent)) - Number(is_heard(a.latency.agent)));
}

export function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export function highest(values: (number | null)[]): number | null {
  return values.reduce<number | null>((most, value) => (value !== null && (most === null || value > most) ? value : most), null);
}
