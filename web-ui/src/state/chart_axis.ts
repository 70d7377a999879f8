// The axes that every chart shares. Pure.
import { format_clock, format_date, start_of_day } from '../words/format';

/** The words under a chart, for moments as uPlot gives them: days where a day begins or the chart is long, else the
 *  clock, with seconds where the moments are closer than a minute. */
export function time_ticks(seconds: number[], from: number, to: number): string[] {
  const [first = 0, second = Infinity] = seconds;
  const close = second - first < 60;
  return seconds.map((one) => {
    const at = one * 1000;
    return start_of_day(at) === at || to - from > 3 * 86_400_000 ? format_date(at).slice(0, 5) : format_clock(at, close);
  });
}

/** The top of an axis from 0: a round number (1, 2, 5, 10, …) above the highest value, `least` where all are small. */
export function axis_top(most: number | null | undefined, least: number): number {
  const wanted = (most ?? 0) * 1.05;
  if (wanted <= least) return least;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 1.5, 2, 3, 4, 5, 8, 10].find((step) => step * power >= wanted) ?? 10) * power;
}
