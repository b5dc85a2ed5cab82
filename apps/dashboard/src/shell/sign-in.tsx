import { useSignal } from '@preact/signals';
import { openSession, sessionState, sessionTrouble, signIn } from '../service/session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Mark } from './shell.js';
import './sign-in.css';

/** Asks for a key. The key is kept in this tab's session storage, and is sent only to this service. */
export function SignIn() {
  const key = useSignal('');
  const isBusy = useSignal(false);
  const isAway = sessionState.value === 'unreachable';
  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    await (isAway && key.value === '' ? openSession() : signIn(key.value.trim()));
    isBusy.value = false;
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <Mark />
        <h1>{isAway ? 'Linkhaul does not answer' : 'Sign in to Linkhaul'}</h1>
        {isAway ? (
          <p class="quiet">The service or its Redis cannot be reached now.</p>
        ) : (
          <Field
            label="API key"
            hint="Kept in this tab until it is closed."
            error={sessionTrouble.value}
            input={(props) => (
              <input
                {...props}
                type="password"
                autocomplete="current-password"
                required
                value={key.value}
                onInput={(event) => {
                  key.value = event.currentTarget.value;
                }}
              />
            )}
          />
        )}
        <Button type="submit" kind="primary" isBusy={isBusy.value}>
          {isAway ? 'Try again' : 'Sign in'}
        </Button>
      </form>
    </main>
  );
}
