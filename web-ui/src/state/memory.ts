// What this browser remembers between visits (language, appearance). Where storage is forbidden, nothing is remembered.

const prefix = 'vonggac.';

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // Private window or storage switched off: the choice lasts for this visit only.
  }
}
