// One view at a time. Arrow keys, Home and End move between the tabs.

/** `onShow` hears the name of the view whenever it changes. */
export function startTabs(list, onShow) {
  const tabs = [...list.querySelectorAll('[role=tab]')];
  const nameOf = tab => tab.id.slice('tab-'.length);

  function show(tab) {
    for (const each of tabs) {
      const chosen = each === tab;
      each.setAttribute('aria-selected', chosen);
      each.tabIndex = chosen ? 0 : -1;
      document.getElementById(each.getAttribute('aria-controls')).hidden = !chosen;
    }
    history.replaceState(null, '', `#${nameOf(tab)}`);
    onShow(nameOf(tab));
  }

  const steps = {
    ArrowRight: at => (at + 1) % tabs.length,
    ArrowLeft: at => (at + tabs.length - 1) % tabs.length,
    Home: () => 0,
    End: () => tabs.length - 1,
  };
  list.addEventListener('keydown', event => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[step(tabs.indexOf(document.activeElement))];
    next.focus();
    show(next);
  });
  for (const tab of tabs) tab.addEventListener('click', () => show(tab));
  const named = () => tabs.find(tab => `#${nameOf(tab)}` === location.hash);
  addEventListener('hashchange', () => named() && show(named()));
  show(named() ?? tabs[0]);
}
