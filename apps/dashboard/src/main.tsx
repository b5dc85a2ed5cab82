import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { App } from './shell/app.js';

// After an upgrade the service has no parts of the older page any more: the page begins again as the new one.
addEventListener('vite:preloadError', () => location.reload());

const place = document.getElementById('page');
if (place !== null) render(<App />, place);
