// Runs in the page; says what sticks out sideways, or nothing.
() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return '';
  const edge = document.documentElement.clientWidth;
  const guilty = [...document.querySelectorAll('main *, header *')]
    .filter((element) => element.getBoundingClientRect().right > edge + 1)
    .slice(0, 3).map((element) => element.outerHTML.slice(0, 100));
  return `${wide} px too wide: ${guilty.join(' | ')}`;
}
