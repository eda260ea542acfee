// The field for the API key: opens when the gateway asks for one, and closes like any menu.
import {byId} from './elements.js';

/** `onKey` hears each change while somebody types, `onChange` that they have done so. Gives what opens the panel. */
export function startKeyPanel({onKey, onChange}) {
  const panel = byId('key-panel');
  const field = byId('key');
  const close = () => {
    panel.open = false;
    panel.querySelector('summary').focus();
  };
  field.addEventListener('input', () => onKey(field.value));
  field.addEventListener('change', onChange);
  panel.addEventListener('keydown', event => {
    if (!panel.open || (event.key !== 'Escape' && !(event.key === 'Enter' && event.target === field))) return;
    event.preventDefault();
    close();
  });
  document.addEventListener('pointerdown', ({target}) => {
    if (!panel.contains(target)) panel.open = false;
  });
  return () => {
    panel.open = true;
    field.focus();
  };
}
