import { mount } from 'svelte';

import App from './App.svelte';
import './look/tokens.css';
import './look/base.css';
import './look/table.css';
import './look/split.css';
import './look/print.css';
import { speak_for_fields } from './words/field_messages';
import { language } from './words/language.svelte';

language.apply();
speak_for_fields();
const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
target.replaceChildren();
mount(App, { target });
