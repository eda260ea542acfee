// Light or dark: the system's choice until somebody makes another. Runs before the page is drawn, so that it never
// flashes in the wrong one.
(() => {
  const themes = ['light', 'dark'];
  const root = document.documentElement;
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

  // Storage may be forbidden; then the choice lasts as long as the page.
  const kept = {
    read() {
      try {
        return localStorage.getItem('theme');
      } catch {
        return null;
      }
    },
    write(theme) {
      try {
        localStorage.setItem('theme', theme);
      } catch {
        // nothing is lost but the memory of it
      }
    },
  };

  const current = () => root.dataset.theme ?? (systemIsDark.matches ? 'dark' : 'light');

  if (themes.includes(kept.read())) root.dataset.theme = kept.read();

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    const describe = () => button.setAttribute('aria-label', `Use the ${current() === 'dark' ? 'light' : 'dark'} theme`);
    button.addEventListener('click', () => {
      root.dataset.theme = current() === 'dark' ? 'light' : 'dark';
      kept.write(root.dataset.theme);
      describe();
    });
    systemIsDark.addEventListener('change', describe);
    describe();
  });
})();
