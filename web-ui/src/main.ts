import { mount } from 'svelte';

import App from './App.svelte';
import './look/tokens.css';
import './look/base.css';
import './look/table.css';
import './look/split.css';
import './look/print.css';
import { language } from './words/language.svelte';

language.apply();
const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
target.replaceChildren();
mount(App, { target });
