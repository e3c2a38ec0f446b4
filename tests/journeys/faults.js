// Runs in the page; returns a sentence for each thing that makes it hard to use for somebody who does not see it.
() => {
  const wrong = [];
  const name = (element) => (element.getAttribute('aria-label') || labelled(element) || written(element) || '').trim();
  const labelled = (element) => [
    ...(element.labels || []),
    ...(element.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean)
      .map((id) => document.getElementById(id)),
  ].map((label) => (label && label.textContent) || '').join(' ');
  const written = (element) => element.textContent.trim() || element.title || element.value || '';
  const where = (element) => element.outerHTML.slice(0, 120);
  const shown = (element) => element.checkVisibility({checkVisibilityCSS: true});

  const headings = [...document.querySelectorAll('h1')].filter(shown);
  if (headings.length !== 1) wrong.push(`${headings.length} h1`);
  if (document.documentElement.lang !== 'en') wrong.push('no language');
  if (!/\S.* · Fivegates$/.test(document.title)) wrong.push(`title ${document.title}`);
  if (document.querySelectorAll('main').length !== 1) wrong.push('not one main');
  const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(shown).map((h) => Number(h.tagName[1]));
  levels.forEach((level, at) => {
    if (at && level > levels[at - 1] + 1) wrong.push(`h${level} after h${levels[at - 1]}`);
  });

  for (const control of document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href], summary')) {
    if (!name(control) && !(control.matches('input') && control.type === 'submit')) wrong.push(`no name: ${where(control)}`);
    if (control.matches('input, select, textarea') && !control.labels.length && !control.getAttribute('aria-label')
        && !control.getAttribute('aria-labelledby')) wrong.push(`no label: ${where(control)}`);
  }
  for (const image of document.querySelectorAll('img, svg')) {
    const part = image.parentElement.closest('svg, [role=img]');
    const said = image.alt !== undefined || image.getAttribute('aria-hidden') === 'true' || image.hasAttribute('aria-label')
      || image.hasAttribute('aria-labelledby');
    if (!part && !said) wrong.push(`no words for: ${where(image)}`);
  }
  for (const reference of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for']) {
    for (const element of document.querySelectorAll(`[${reference}]`)) {
      for (const id of element.getAttribute(reference).split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) wrong.push(`${reference} leads nowhere: ${where(element)}`);
      }
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) wrong.push(`ids twice: ${[...new Set(twice)].join(', ')}`);
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption || !table.querySelector('th')) wrong.push(`table without caption or heading: ${where(table)}`);
  }
  for (const inline of document.querySelectorAll('script:not([src]), style, [style]')) wrong.push(`inline: ${where(inline)}`);
  return wrong;
}
