// Whether a target is reached, when coverage is only known as an interval. Pure.

export type TargetState = 'reached' | 'missed' | 'unsure' | 'none';

export function target_state(low: number | null, high: number | null, target: number | null): TargetState {
  if (target === null) return 'none';
  if (low !== null && low >= target) return 'reached';
  if (high !== null && high < target) return 'missed';
  return 'unsure';
}
