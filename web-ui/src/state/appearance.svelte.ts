// Light, dark, or as the PC is set. Remembered on this machine.
import { remember, remembered } from './memory';

export type Appearance = 'auto' | 'light' | 'dark';
const order: Appearance[] = ['auto', 'light', 'dark'];

class AppearanceChoice {
  current = $state<Appearance>(order.find((name) => name === remembered('appearance')) ?? 'auto');
  /** Counts changes of what is really shown, so that a drawn chart can follow. */
  version = $state(0);

  start(): () => void {
    this.apply();
    const system = matchMedia('(prefers-color-scheme: dark)');
    const changed = () => (this.version += 1);
    system.addEventListener('change', changed);
    return () => system.removeEventListener('change', changed);
  }

  next(): void {
    this.current = order[(order.indexOf(this.current) + 1) % order.length] ?? 'auto';
    remember('appearance', this.current);
    this.apply();
  }

  private apply(): void {
    const root = document.documentElement;
    if (this.current === 'auto') delete root.dataset['appearance'];
    else root.dataset['appearance'] = this.current;
    this.version += 1;
  }
}

export const appearance = new AppearanceChoice();
