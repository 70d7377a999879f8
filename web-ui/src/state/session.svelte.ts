// Who is signed in. `unknown` until the collector has answered once.
import { call, CallError, use_csrf, when_signed_out } from '../api/client';
import { anything, nullable } from '../api/shape';
import { session as session_shape } from '../api/shapes';
import type { Session } from '../api/shapes';

export type SessionState = 'unknown' | 'signed_out' | 'signed_in';

class SignedIn {
  state = $state<SessionState>('unknown');
  who = $state<Session | null>(null);
  /** Why the first question failed; the page goes on asking. */
  trouble = $state<CallError | null>(null);
  /** True when a session ended under the person's hands, so that the login page can say so. */
  ended = $state(false);

  constructor() {
    when_signed_out(() => {
      this.ended = this.state === 'signed_in';
      this.forget();
    });
  }

  async ask(): Promise<void> {
    try {
      this.accept(await call('/session', session_shape));
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.trouble = error.kind === 'signed_out' ? null : error;
      if (error.kind === 'signed_out') this.forget();
    }
  }

  async sign_in(user: string, password: string): Promise<void> {
    this.accept(await call('/session', session_shape, { method: 'POST', body: { user, password } }));
    this.ended = false;
  }

  async sign_out(): Promise<void> {
    await call('/session', nullable(anything), { method: 'DELETE' });
    this.ended = false;
    this.forget();
  }

  get may_operate(): boolean {
    return this.who?.role === 'administrator' || this.who?.role === 'operator' || this.who?.role === 'officer';
  }

  /** Deciding about devices, merging them, recording a stocktake. */
  get may_triage(): boolean {
    return this.who?.role === 'administrator' || this.who?.role === 'operator';
  }

  get is_administrator(): boolean {
    return this.who?.role === 'administrator';
  }

  private accept(who: Session): void {
    this.who = who;
    this.trouble = null;
    use_csrf(who.csrf);
    this.state = 'signed_in';
  }

  private forget(): void {
    this.who = null;
    use_csrf('');
    this.state = 'signed_out';
  }
}

export const session = new SignedIn();
