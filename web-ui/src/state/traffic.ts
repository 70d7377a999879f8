// Traffic of an interface: received and sent, two series with times of their own, on one axis in bits per second. Pure.
import type { SeriesData } from '../api/shapes';

export interface TrafficColumns {
  /** Seconds since epoch, as uPlot wants them. */
  at: number[];
  rx: (number | null)[];
  tx: (number | null)[];
}

function in_bits(data: SeriesData | null): Map<number, number | null> {
  const factor = data !== null && /^(By|B|byte)/.test(data.unit) ? 8 : 1;
  const value = (index: number) => data?.avg[index] ?? data?.v[index] ?? null;
  return new Map((data?.t ?? []).map((time, index) => [time, value(index) === null ? null : (value(index) ?? 0) * factor]));
}

/** Where nothing was measured for three usual steps the lines are broken, not drawn across. */
export function traffic_columns(rx: SeriesData | null, tx: SeriesData | null): TrafficColumns {
  const received = in_bits(rx);
  const sent = in_bits(tx);
  const times = [...new Set([...received.keys(), ...sent.keys()])].sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time)).sort((a, b) => a - b);
  const usual = gaps.length < 2 ? Infinity : (gaps[Math.floor(gaps.length / 2)] ?? Infinity);
  const columns: TrafficColumns = { at: [], rx: [], tx: [] };
  let before: number | null = null;
  for (const time of times) {
    if (before !== null && time - before > 3 * usual) {
      columns.at.push((before + usual) / 1000);
      columns.rx.push(null);
      columns.tx.push(null);
    }
    columns.at.push(time / 1000);
    columns.rx.push(received.get(time) ?? null);
    columns.tx.push(sent.get(time) ?? null);
    before = time;
  }
  return columns;
}
