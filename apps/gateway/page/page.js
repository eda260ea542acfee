// Puts the parts of the page together.
import {Gateway} from './api.js';
import {startChecking} from './check_text.js';
import {byId} from './elements.js';
import {startKeyPanel} from './key_panel.js';
import {Playground} from './playground.js';
import {Readiness} from './readiness.js';
import {startTabs} from './tabs.js';
import {Traffic} from './traffic.js';

const gateway = new Gateway();
const readiness = new Readiness(gateway, byId('pill'), byId('view-readiness'));
const traffic = new Traffic(gateway, byId('view-traffic'));

const askForKey = startKeyPanel({onKey: key => gateway.setKey(key), onChange: () => readiness.refresh()});

const listeners = {
  onVersion: version => readiness.showVersion(version),
  onRefusal: ({status}) => status === 401 && askForKey(),
};
new Playground(gateway, byId('view-playground'), listeners);
startChecking(gateway, byId('view-check'), listeners);
startTabs(byId('tabs'), name => traffic.setShown(name === 'traffic'));
readiness.refresh();
