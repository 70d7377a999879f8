// The time axis that every chart shares. Pure.
import { format_clock, format_date, start_of_day } from '../words/format';

/** Days where a day begins or the chart is long, else the clock. `seconds` as uPlot gives them. */
export function time_tick(seconds: number, from: number, to: number): string {
  const at = seconds * 1000;
  return start_of_day(at) === at || to - from > 3 * 86_400_000 ? format_date(at).slice(0, 5) : format_clock(at);
}
