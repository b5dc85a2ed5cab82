import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { App } from './shell/app.js';

const place = document.getElementById('page');
if (place !== null) render(<App />, place);
