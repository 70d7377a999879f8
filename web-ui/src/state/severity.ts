import type { Severity } from '../api/shapes';

export const severities: Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** 1 for information to 5 for critical. */
export function severity_rank(severity: Severity): number {
  return severities.length - severities.indexOf(severity);
}
