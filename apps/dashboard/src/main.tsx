import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { App } from './shell/app.js';

// After an upgrade the service no longer has the parts of the older page, so the new page is loaded.
addEventListener('vite:preloadError', () => location.reload());

const place = document.getElementById('page');
if (place !== null) render(<App />, place);
